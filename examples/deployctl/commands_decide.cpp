// freeze, unfreeze, quarantine lift
#include "commands.hpp"
#include "exit_code.hpp"

namespace deployctl {

namespace {

int done(Session &session, const std::string &sentence) {
  if (!session.args.environment.empty()) session.result.add("environment", session.args.environment);
  session.screen.tell(sentence);
  return kDone;
}

}  // namespace

int command_freeze(Session &session) {
  const Arguments &args = session.args;
  session.call([&](deploy_error **error) { return deploy_deployer_freeze(session.deployer(), args.environment.c_str(), args.reason.c_str(), error); });
  session.result.add("reason", args.reason);
  return done(session, args.environment + " is frozen: " + args.reason);
}

int command_unfreeze(Session &session) {
  session.call([&](deploy_error **error) { return deploy_deployer_unfreeze(session.deployer(), session.args.environment.c_str(), error); });
  return done(session, session.args.environment + " is open again");
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
