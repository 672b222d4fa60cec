// approve, deny, freeze, unfreeze, quarantine lift
#include "commands.hpp"
#include "exit_code.hpp"
#include "text.hpp"

namespace deployctl {

namespace {

using Decide = deploy_status (*)(deploy_deployer *, const char *, const char *, const char *, deploy_error **);

int decide(Session &session, Decide function, const std::string &verb) {
  const Arguments &args = session.args;
  if (!args.sign.empty())
    throw Failure{kError, "unsupported", "cli", "this version cannot sign decisions: --sign was given, nothing was recorded",
                  {{"next", "leave --sign away where the environment does not demand signatures"}}};
  session.call([&](deploy_error **error) {
    return function(session.deployer(), args.release.c_str(), args.environment.c_str(), or_null(args.comment), error);
  });
  const std::string actor = args.as.empty() ? user_name() : args.as;
  session.result.add("release", args.release).add("environment", args.environment).add("actor", actor).add("decision", verb);
  return kDone;
}

int done(Session &session, const std::string &sentence) {
  if (!session.args.environment.empty()) session.result.add("environment", session.args.environment);
  if (session.args.all) session.result.add("all", true);
  session.screen.tell(sentence);
  return kDone;
}

}  // namespace

int command_approve(Session &session) {
  const int exit = decide(session, deploy_deployer_approve, "approved");
  session.screen.tell("next: " + session.command_line("promote " + shell_word(session.args.release) + " --to " + shell_word(session.args.environment)));
  return exit;
}

int command_deny(Session &session) { return decide(session, deploy_deployer_deny, "denied"); }

int command_freeze(Session &session) {
  const Arguments &args = session.args;
  session.call([&](deploy_error **error) { return deploy_deployer_freeze(session.deployer(), or_null(args.environment), args.reason.c_str(), error); });
  session.result.add("reason", args.reason);
  return done(session, args.all ? "the line is stopped, every environment: " + args.reason : args.environment + " is frozen: " + args.reason);
}

int command_unfreeze(Session &session) {
  session.call([&](deploy_error **error) { return deploy_deployer_unfreeze(session.deployer(), or_null(session.args.environment), error); });
  return done(session, session.args.all ? "the line runs again" : session.args.environment + " is open again");
}

int command_quarantine_lift(Session &session) {
  const Arguments &args = session.args;
  session.call([&](deploy_error **error) {
    return deploy_deployer_lift_quarantine(session.deployer(), args.digest.c_str(), args.reason.c_str(), error);
  });
  session.result.add("digest", args.digest).add("reason", args.reason);
  return done(session, args.digest + " may be deployed again: " + args.reason);
}

}  // namespace deployctl
