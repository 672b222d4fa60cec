// freeze, unfreeze, quarantine lift
#include "commands.hpp"
#include "exit_code.hpp"

namespace deployctl {

namespace {

int done(Session &session, const std::string &sentence) {
  if (!session.args.environment.empty()) session.result.add("environment", session.args.environment);
  if (session.args.all) session.result.add("all", true);
  session.screen.tell(sentence);
  return kDone;
}

}  // namespace

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
