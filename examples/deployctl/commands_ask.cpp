// status, history, show, doctor
#include <functional>

#include "commands.hpp"
#include "exit_code.hpp"
#include "show.hpp"
#include "text.hpp"

namespace deployctl {

namespace {

State state_of(Session &session, const std::string &environment) {
  State state;
  session.call([&](deploy_error **error) { return deploy_deployer_state(session.deployer(), environment.c_str(), state.out(), error); });
  return state;
}

deploy_environment_info facts(const State &state) {
  deploy_environment_info info = DEPLOY_ENVIRONMENT_INFO_INIT;
  deploy_environment_state_get_info(state.get(), &info);
  return info;
}

/// What a person should look at first, in a few words.
std::string attention(const State &state, const deploy_environment_info &info) {
  deploy_pending pending = DEPLOY_PENDING_INIT;
  if (info.interrupted_deployment) return "interrupted";
  if (info.stranded) return "STRANDED";
  if (info.lease_actor) return "in progress";
  if (info.frozen_by) return "frozen";
  if (deploy_environment_state_get_pending(state.get(), 0, &pending) == DEPLOY_OK) return std::string(pending.version) + " waits for approval";
  return info.last_outcome ? info.last_outcome : "-";
}

std::size_t count(const char *const *names) {
  std::size_t n = 0;
  while (names[n]) ++n;
  return n;
}

void show_pending(Session &session, const State &state, const deploy_environment_info &info) {
  deploy_pending pending = DEPLOY_PENDING_INIT;
  for (std::size_t i = 0; deploy_environment_state_get_pending(state.get(), i, &pending) == DEPLOY_OK; ++i) {
    session.screen.say("  waiting       " + std::string(pending.version) + " for approval, " + std::to_string(count(pending.granted_by)) + " of " +
                       std::to_string(pending.required) + (count(pending.denied_by) > 0 ? ", denied by " + std::string(pending.denied_by[0]) : ""), Tone::warning);
    for (std::size_t n = 0; pending.not_counted[n]; ++n) session.screen.say("    " + std::string(pending.not_counted[n]), Tone::faint);
    session.screen.say("    next: " + session.command_line("approve " + std::string(pending.version) + " --to " + shell_word(info.environment) + " --as APPROVER" +
                                                           (pending.signatures_required ? " --sign KEY" : "")));
  }
}

void show_verified(Session &session, const State &state) {
  deploy_verified verified = DEPLOY_VERIFIED_INIT;
  for (std::size_t i = 0; deploy_environment_state_get_verified(state.get(), i, &verified) == DEPLOY_OK; ++i)
    session.screen.say("  verified      " + std::string(verified.version) + "  " + short_digest(verified.digest) + "  " + when(verified.time) +
                       (verified.quarantined ? "  quarantined" : ""));
}

void show_trouble(Session &session, const deploy_environment_info &info) {
  Screen &screen = session.screen;
  if (info.stranded) screen.say("  STRANDED      the last deployment left it for a person; see: " + session.command_line("history " + shell_word(info.environment)), Tone::bad);
  if (info.interrupted_deployment) {
    screen.say("  interrupted   " + std::string(info.interrupted_version) + " at \"" + info.interrupted_step + "\", begun " + when(info.interrupted_started), Tone::bad);
    screen.say("    next: " + session.command_line("resume " + shell_word(info.environment)));
  }
  if (info.frozen_by) screen.say("  frozen        by " + std::string(info.frozen_by) + ": " + info.frozen_reason, Tone::warning);
  if (info.lease_actor)
    screen.say("  in progress   by " + std::string(info.lease_actor) + ", process " + std::to_string(info.lease_process) + " on " + info.lease_machine);
}

void show_state(Session &session, const State &state) {
  const auto info = facts(state);
  Screen &screen = session.screen;
  screen.say(info.environment);
  screen.say("  live          " + (info.live_version ? std::string(info.live_version) + "  " + short_digest(info.live_digest) + "  since " + when(info.live_since) +
                                                          "  (deployment " + info.live_deployment + ")" : "nothing"));
  screen.say("  back to       " + (info.rollback_target ? std::string(info.rollback_target) : "nothing is verified to go back to"));
  screen.say("  last outcome  " + or_dash(info.last_outcome));
  show_trouble(session, info);
  show_pending(session, state, info);
  show_verified(session, state);
}

void show_overview(Session &session, const std::vector<State> &states) {
  Table table({"ENVIRONMENT", "LIVE", "DIGEST", "SINCE", "BACK TO", "STATE"});
  for (const auto &state : states) {
    const auto info = facts(state);
    table.add({info.environment, or_dash(info.live_version), short_digest(info.live_digest), when(info.live_since), or_dash(info.rollback_target), attention(state, info)});
  }
  for (const auto &line : table.lines()) session.screen.say(line);
}

std::vector<State> states(Session &session) {
  std::vector<State> all;
  if (!session.args.environment.empty()) {
    all.push_back(state_of(session, session.args.environment));
    return all;
  }
  for (std::size_t i = 0; const char *name = deploy_environment_get_name(deploy_config_get_environment(session.config(), i)); ++i)
    all.push_back(state_of(session, name));
  return all;
}

Tone tone_of(deploy_check_level level) {
  switch (level) {
    case DEPLOY_CHECK_OK: return Tone::plain;
    case DEPLOY_CHECK_WARNING: return Tone::warning;
    default: return Tone::bad;
  }
}

void show_check(Session &session, const deploy_check &check) {
  session.screen.say(std::string(check.level_name) + "  " + check.name + (*check.subject ? " " + std::string(check.subject) : "") + ": " + check.message, tone_of(check.level));
  for (const auto &line : lines_of(check.advice)) session.screen.say("    " + line);
}

}  // namespace

int command_status(Session &session) {
  const auto all = states(session);
  std::vector<std::string> json;
  for (const auto &state : all) json.emplace_back(deploy_environment_state_to_json(state.get()));
  const bool one = !session.args.environment.empty();
  if (one) session.result.splice(json.front());
  session.result.add_raw("environments", json_array(json));
  if (one) show_state(session, all.front());
  else show_overview(session, all);
  return kDone;
}

int command_history(Session &session) {
  DeploymentList list;
  session.call([&](deploy_error **error) {
    return deploy_deployer_history(session.deployer(), or_null(session.args.environment), list.out(), error);
  });
  Table table({"ID", "STARTED", "ENVIRONMENT", "KIND", "VERSION", "OUTCOME", "LIVE AFTER", "TOOK", "BY"});
  std::vector<std::string> json;
  for (std::size_t i = 0; const deploy_deployment *deployment = deploy_deployment_list_get(list.get(), i); ++i) {
    deploy_deployment_info info = DEPLOY_DEPLOYMENT_INFO_INIT;
    deploy_deployment_get_info(deployment, &info);
    json.emplace_back(deploy_deployment_to_json(deployment));
    table.add({info.id, when(info.started), info.environment, info.kind, info.version, info.outcome_name, or_dash(info.live_version), duration(info.duration), info.actor});
  }
  session.result.add_raw("deployments", json_array(json));
  if (json.empty()) session.screen.say("nothing was deployed yet");
  else for (const auto &line : table.lines()) session.screen.say(line);
  return kDone;
}

int command_show(Session &session) {
  Deployment deployment;
  session.call([&](deploy_error **error) {
    return deploy_deployer_find_deployment(session.deployer(), session.args.deployment.c_str(), deployment.out(), error);
  });
  show_deployment(session, deployment.get());
  session.result.splice(deploy_deployment_to_json(deployment.get()));
  return kDone;
}

int command_doctor(Session &session) {
  Checks checks;
  session.call([&](deploy_error **error) { return deploy_deployer_doctor(session.deployer(), checks.out(), error); });
  int failures = 0;
  deploy_check check = DEPLOY_CHECK_INIT;
  for (std::size_t i = 0; deploy_checks_get(checks.get(), i, &check) == DEPLOY_OK; ++i) {
    show_check(session, check);
    if (check.level == DEPLOY_CHECK_FAILURE) ++failures;
  }
  session.result.add("failures", static_cast<std::int64_t>(failures)).add_raw("checks", deploy_checks_to_json(checks.get()));
  session.screen.say(failures == 0 ? "all is well" : std::to_string(failures) + " to mend", failures == 0 ? Tone::good : Tone::bad);
  return failures == 0 ? kDone : kError;
}

}  // namespace deployctl
