#include "show.hpp"

#include <string_view>

#include "text.hpp"

namespace deployctl {

namespace {

Tone tone_of(deploy_status outcome) {
  switch (outcome) {
    case DEPLOY_OK: return Tone::good;
    case DEPLOY_BLOCKED:
    case DEPLOY_CANCELLED:
    case DEPLOY_ROLLED_BACK: return Tone::warning;
    default: return Tone::bad;
  }
}

std::string live(const deploy_deployment_info &info) {
  return info.live_version ? std::string(info.live_version) + " is live" : "nothing is live, as before";
}

std::string headline(const deploy_deployment_info &info) {
  const std::string what = std::string(info.environment) + ": " + info.version;
  switch (info.outcome) {
    case DEPLOY_OK: return what + " is live and verified";
    case DEPLOY_ROLLED_BACK:
      return what + " failed and was rolled back; " + (info.live_version ? std::string(info.live_version) + " is back and healthy" : "the environment is empty again, as before");
    case DEPLOY_HELD: return what + " failed and was left as it is: a person decides";
    case DEPLOY_STRANDED: return what + " failed, and so did the way back: a person is needed";
    case DEPLOY_BLOCKED: return what + " is blocked; nothing was changed, " + live(info);
    case DEPLOY_CANCELLED: return what + " was cancelled; " + live(info);
    default: return what + " ended: " + info.outcome_name;
  }
}

std::string numbers(const deploy_deployment_info &info) {
  if (info.outcome == DEPLOY_BLOCKED) return "";
  return " (" + duration(info.duration) + (info.gap == DEPLOY_NONE ? "" : ", gap " + duration(info.gap)) + ", deployment " + info.id + ")";
}

void show_reasons(Session &session, const deploy_deployment *deployment) {
  for (std::size_t i = 0; const char *reason = deploy_deployment_get_reason(deployment, i); ++i) session.screen.say("  why: " + std::string(reason));
  for (std::size_t i = 0; const char *warning = deploy_deployment_get_warning(deployment, i); ++i)
    session.screen.say("  warning: " + std::string(warning), Tone::warning);
}

void show_next(Session &session, const deploy_deployment *deployment) {
  for (const auto &command : next_steps(session, deployment)) session.screen.say("  next: " + command);
}

/// Tries with the same answer are one line: "503" twenty times says no more than once.
void show_tries(Session &session, const deploy_deployment *deployment, std::size_t evidence) {
  deploy_probe_try first = DEPLOY_PROBE_TRY_INIT;
  deploy_probe_try next = DEPLOY_PROBE_TRY_INIT;
  for (std::size_t i = 0; deploy_deployment_get_probe_try(deployment, evidence, i, &first) == DEPLOY_OK;) {
    const std::size_t begin = i++;
    while (deploy_deployment_get_probe_try(deployment, evidence, i, &next) == DEPLOY_OK && std::string_view(next.detail) == first.detail) ++i;
    const std::string times = i - begin == 1 ? "" : "  (" + std::to_string(i - begin) + " times)";
    session.screen.say("      " + when(first.time) + "  " + first.answer_name + "  " + first.detail + times, Tone::faint);
  }
}

/// A name as it is, an id by its first 12 digits.
std::string container_name(const deploy_evidence &evidence) {
  const std::string name = or_dash(evidence.container);
  const bool id = name.size() == 64 && name.find_first_not_of("0123456789abcdef") == std::string::npos;
  return id ? name.substr(0, 12) : name;
}

void show_host(Session &session, const deploy_evidence &evidence) {
  std::string container = "    container: " + container_name(evidence) + " " + evidence.container_status + ", exit code " +
                          std::to_string(evidence.exit_code) + ", restarted " + std::to_string(evidence.restart_count) + " times";
  if (evidence.oom_killed) container += ", killed for want of memory";
  session.screen.say("  found on " + std::string(evidence.host));
  session.screen.say(container);
  if (*evidence.error) session.screen.say("    engine: " + std::string(evidence.error));
  session.screen.say("    probe: " + std::string(evidence.verdict_name) + " after " + duration(evidence.probed) + ": " + evidence.verdict_reason);
}

void show_logs(Session &session, const char *logs) {
  if (*logs) session.screen.say("    last lines:");
  for (const auto &line : lines_of(logs)) session.screen.say("      | " + line, Tone::faint);
}

}  // namespace

void show_gate(Session &session, const deploy_gate &gate) {
  std::string line = std::string("  ") + (gate.allowed ? "allow  " : "DENY   ") + gate.name;
  if (*gate.reason) line += ": " + std::string(gate.reason);
  if (gate.opens != DEPLOY_NONE) line += " (opens " + when(gate.opens) + ")";
  session.screen.say(line, gate.allowed ? Tone::plain : Tone::warning);
}

void show_evidence(Session &session, const deploy_deployment *deployment) {
  deploy_evidence evidence = DEPLOY_EVIDENCE_INIT;
  for (std::size_t i = 0; deploy_deployment_get_evidence(deployment, i, &evidence) == DEPLOY_OK; ++i) {
    show_host(session, evidence);
    show_tries(session, deployment, i);
    show_logs(session, evidence.logs);
  }
}

void show_outcome(Session &session, const deploy_deployment *deployment) {
  deploy_deployment_info info = DEPLOY_DEPLOYMENT_INFO_INIT;
  if (deploy_deployment_get_info(deployment, &info) != DEPLOY_OK) return;
  session.screen.say(headline(info) + numbers(info), tone_of(info.outcome));
  show_reasons(session, deployment);
  if (info.outcome != DEPLOY_OK) show_evidence(session, deployment);
  show_next(session, deployment);
}

void show_deployment(Session &session, const deploy_deployment *deployment) {
  deploy_deployment_info info = DEPLOY_DEPLOYMENT_INFO_INIT;
  if (deploy_deployment_get_info(deployment, &info) != DEPLOY_OK) return;
  session.screen.say("deployment " + std::string(info.id) + ": " + info.kind + " by " + info.actor);
  session.screen.say("  " + headline(info), tone_of(info.outcome));
  session.screen.say("  digest: " + or_dash(info.digest));
  session.screen.say("  from " + when(info.started) + " to " + when(info.finished) + ", " + duration(info.duration) + ", gap " + duration(info.gap));
  const char *host = nullptr;
  std::int64_t stopped = 0;
  for (std::size_t i = 0; deploy_deployment_get_stop(deployment, i, &host, &stopped) == DEPLOY_OK; ++i)
    session.screen.say("  the old container on " + std::string(host) + " took " + duration(stopped) + " to stop");
  deploy_gate gate = DEPLOY_GATE_INIT;
  for (std::size_t i = 0; deploy_deployment_get_gate(deployment, i, &gate) == DEPLOY_OK; ++i) show_gate(session, gate);
  show_reasons(session, deployment);
  show_evidence(session, deployment);
}

}  // namespace deployctl
