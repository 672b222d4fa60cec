// ledger verify, ledger head, ledger export
#include <string_view>

#include "commands.hpp"
#include "exit_code.hpp"

namespace deployctl {

namespace {

std::string head_of(Session &session) {
  const char *head = nullptr;
  session.call([&](deploy_error **error) { return deploy_deployer_ledger_head(session.deployer(), &head, error); });
  return head;
}

void print_entry(const char *line, std::size_t length, void *user_data) {
  Screen &screen = *static_cast<Screen *>(user_data);
  const std::string_view entry(line, length);
  if (screen.json()) screen.json_line(JsonObject().add("type", "entry").splice(entry).str());
  else screen.raw(std::string(entry) + "\n");
}

}  // namespace

int command_ledger_verify(Session &session) {
  const std::string &file = session.args.file;
  const char *head = or_null(session.args.head);
  std::int64_t entries = 0;
  session.call([&](deploy_error **error) {
    return file.empty() ? deploy_deployer_verify_ledger_against(session.deployer(), head, &entries, error)
                        : deploy_ledger_verify_export(file.c_str(), head, &entries, error);
  });
  session.screen.say((file.empty() ? "the chain of " : file + ": the chain of ") + std::to_string(entries) + " entries is whole" +
                     (head ? ", and holds the head that was noted" : ""), Tone::good);
  session.result.add("entries", entries);
  if (file.empty()) session.result.add("head", head_of(session));
  else session.result.add("file", file);
  return kDone;
}

int command_ledger_head(Session &session) {
  const std::string head = head_of(session);
  session.screen.say(head);
  session.result.add("head", head);
  return kDone;
}

int command_ledger_export(Session &session) {
  session.call([&](deploy_error **error) { return deploy_deployer_export_ledger(session.deployer(), print_entry, &session.screen, error); });
  return kDone;
}

}  // namespace deployctl
