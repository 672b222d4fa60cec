// logs, verify, adopt
#include "commands.hpp"
#include "exit_code.hpp"
#include "reader_watch.hpp"
#include "text.hpp"

namespace deployctl {

namespace {

struct Sink {
  Session &session;
  std::vector<std::string> lines;
};

void print_log(const char *host, const char *text, std::size_t length, void *user_data) {
  Session &session = static_cast<Sink *>(user_data)->session;
  const std::string_view piece(text, length);
  if (session.screen.json()) session.screen.json_line(JsonObject().add("type", "log").add("host", host).add("text", piece).str());
  else session.screen.raw(piece);
}

void collect(const char *line, std::size_t length, void *user_data) {
  auto &sink = *static_cast<Sink *>(user_data);
  sink.lines.emplace_back(line, length);
  sink.session.screen.say("adopted " + sink.lines.back());
}

}  // namespace

int command_logs(Session &session) {
  deploy_log_options options = DEPLOY_LOG_OPTIONS_INIT;
  options.lines = session.args.lines;
  options.follow = session.args.follow ? 1 : 0;
  Sink sink{session, {}};
  const ReaderWatch watch(session.deployer());
  try {
    session.call([&](deploy_error **error) {
      return deploy_deployer_logs(session.deployer(), session.args.environment.c_str(), &options, print_log, &sink, error);
    });
  } catch (const Failure &failure) {
    if (failure.exit != kCancelled || !watch.reader_left()) throw;
  }
  return kDone;
}

int command_verify(Session &session) {
  Drift drift;
  session.call([&](deploy_error **error) {
    return deploy_deployer_verify(session.deployer(), session.args.environment.c_str(), drift.out(), error);
  });
  deploy_difference difference = DEPLOY_DIFFERENCE_INIT;
  std::size_t found = 0;
  for (; deploy_drift_get_difference(drift.get(), found, &difference) == DEPLOY_OK; ++found)
    session.screen.say(std::string(difference.host) + ": " + difference.what + ": expected " + or_dash(difference.expected) + ", found " + or_dash(difference.found), Tone::bad);
  if (found == 0) session.screen.say(session.args.environment + ": the hosts are as recorded", Tone::good);
  session.result.splice(deploy_drift_to_json(drift.get()));
  return found == 0 ? kDone : kPersonNeeded;
}

int command_adopt(Session &session) {
  Sink sink{session, {}};
  session.call([&](deploy_error **error) {
    return deploy_deployer_adopt(session.deployer(), session.args.environment.c_str(), collect, &sink, error);
  });
  if (sink.lines.empty()) session.screen.say(session.args.environment + ": nothing to adopt; the ledger knows it all, or the hosts carry nothing of ours");
  session.result.add("environment", session.args.environment).add("adopted", sink.lines);
  return kDone;
}

}  // namespace deployctl
