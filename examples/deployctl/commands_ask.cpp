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

bool is_held(const deploy_environment_info &info) { return info.lease_condition && std::string_view(info.lease_condition) == "held"; }

/// What a person should look at first, in a few words.
std::string attention(const State &state, const deploy_environment_info &info) {
  deploy_pending pending = DEPLOY_PENDING_INIT;
  if (is_held(info)) return "in progress";
  if (info.interrupted_deployment) return "interrupted";
  if (info.stranded) return "STRANDED";
  if (info.lease_actor) return std::string("lease ") + info.lease_condition;
  if (info.stopped_by) return "line stopped";
  if (info.frozen_by) return "frozen";
  if (info.closed_until != DEPLOY_NONE) return "closed until " + when(info.closed_until);
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

/// Who acts there, or was the last to; `machine` is the host's name with ids behind it that only programs need.
void show_lease(Session &session, const deploy_environment_info &info) {
  if (!info.lease_actor) return;
  const std::string_view machine = info.lease_machine;
  const std::string who = std::string(info.lease_actor) + ", process " + std::to_string(info.lease_process) + " on " + std::string(machine.substr(0, machine.find('/'))) +
                          ", since " + when(info.lease_since);
  if (is_held(info)) return session.screen.say("  in progress   by " + who + ", renewed until " + when(info.lease_expires));
  const bool expired = std::string_view(info.lease_condition) == "expired";
  session.screen.say("  lease         " + std::string(expired ? "expired " + when(info.lease_expires) : "is left over, its process is gone") + ": it was " + who, Tone::warning);
  if (!info.interrupted_deployment) session.screen.say("    next: nothing is left to be finished; the next run takes it over");
  else if (expired) session.screen.say("    that process no longer renews it: end it if it hangs (it is refused whatever it tries), then");
}

void show_trouble(Session &session, const deploy_environment_info &info) {
  Screen &screen = session.screen;
  if (info.stranded) screen.say("  STRANDED      the last deployment left it for a person; see: " + session.command_line("history " + shell_word(info.environment)), Tone::bad);
  show_lease(session, info);
  if (info.interrupted_deployment && !is_held(info)) {
    screen.say("  interrupted   " + std::string(info.interrupted_version) + " at \"" + info.interrupted_step + "\", begun " + when(info.interrupted_started), Tone::bad);
    screen.say("    next: " + session.command_line("resume " + shell_word(info.environment)));
  }
  if (info.frozen_by) screen.say("  frozen        by " + std::string(info.frozen_by) + ": " + info.frozen_reason, Tone::warning);
  if (info.stopped_by) screen.say("  line stopped  by " + std::string(info.stopped_by) + ", every environment: " + info.stopped_reason, Tone::warning);
  if (info.closed_until != DEPLOY_NONE) screen.say("  closed        by a freeze window until " + when(info.closed_until), Tone::warning);
}

std::string way_back(const deploy_environment_info &info) {
  if (info.rollback_target) return info.rollback_target;
  if (info.rollback_barrier) return "nothing by itself: " + std::string(info.rollback_barrier) + " is marked `rollback: never`; --force insists";
  return "nothing is verified to go back to";
}

/// What comes next, and what keeps it from coming.
void show_candidate(Session &session, const State &state, const deploy_environment_info &info) {
  if (!info.candidate) return;
  deploy_gate gate = DEPLOY_GATE_INIT;
  std::size_t count = 0;
  session.screen.say("  candidate     " + std::string(info.candidate) + "  " + short_digest(info.candidate_digest));
  for (; deploy_environment_state_get_gate(state.get(), count, &gate) == DEPLOY_OK; ++count) show_gate(session, gate);
  if (count == 0) session.screen.say("    next: " + session.command_line("promote " + shell_word(info.candidate) + " --to " + shell_word(info.environment)));
}

void show_quarantined(Session &session, const State &state) {
  deploy_quarantined quarantined = DEPLOY_QUARANTINED_INIT;
  for (std::size_t i = 0; deploy_environment_state_get_quarantined(state.get(), i, &quarantined) == DEPLOY_OK; ++i)
    session.screen.say("  quarantined   " + std::string(quarantined.version) + "  " + short_digest(quarantined.digest) + "  " + when(quarantined.since) + "  by " + quarantined.by +
                       ": " + quarantined.reason);
}

void show_state(Session &session, const State &state) {
  const auto info = facts(state);
  Screen &screen = session.screen;
  screen.say(info.environment);
  screen.say("  live          " + (info.live_version ? std::string(info.live_version) + "  " + short_digest(info.live_digest) + "  since " + when(info.live_since) +
                                                          (*info.live_deployment ? "  (deployment " + std::string(info.live_deployment) + ")" : "  (adopted)") : "nothing"));
  screen.say("  back to       " + way_back(info));
  screen.say("  last outcome  " + or_dash(info.last_outcome));
  show_trouble(session, info);
  show_pending(session, state, info);
  show_candidate(session, state, info);
  show_verified(session, state);
  show_quarantined(session, state);
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
