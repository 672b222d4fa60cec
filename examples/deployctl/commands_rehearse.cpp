// Trying a configuration out before anything is real.
#include "commands.hpp"
#include "exit_code.hpp"

namespace deployctl {

namespace {

void on_line(const char *text, std::size_t length, void *user_data) {
  auto &screen = *static_cast<Screen *>(user_data);
  const std::string_view line(text, length);
  screen.tell(line);
  screen.json_line(JsonObject().add("type", "line").add("text", line).str());
}

[[noreturn]] void fail_broken(const deploy_rehearsal_info &info) {
  throw Failure{kError, "internal", "simulation",
                "a promise was broken in the rehearsal: " + std::string(info.promise) + ". Seen: " + info.sentence + ". Nothing real was touched; please report the seed and the script",
                {{"invariant", std::to_string(info.invariant)}, {"seed", std::to_string(info.seed)}, {"script", info.script}}};
}

}  // namespace

int command_rehearse(Session &session) {
  deploy_rehearse_options options = DEPLOY_REHEARSE_OPTIONS_INIT;
  options.seed = session.args.seed;
  options.runs = session.args.runs;
  options.faults = session.args.faults ? 1 : 0;
  Rehearsal rehearsal;
  session.call([&](deploy_error **error) { return deploy_config_rehearse(session.config(), &options, &on_line, &session.screen, rehearsal.out(), error); });
  session.result.splice(deploy_rehearsal_to_json(rehearsal.get()));
  deploy_rehearsal_info info = DEPLOY_REHEARSAL_INFO_INIT;
  deploy_rehearsal_get_info(rehearsal.get(), &info);
  if (info.broken) fail_broken(info);
  session.screen.say("every promise was kept", Tone::good);
  return kDone;
}

}  // namespace deployctl
