#include "capi/guard.hpp"
#include "capi/handles.hpp"
#include "capi/records.hpp"

using namespace deploy;
using namespace deploy::capi;

namespace {

const HostEvidence *evidence_at(const deploy_deployment *deployment, size_t index) {
  return deployment ? element(deployment->value.evidence, index) : nullptr;
}

const char *line_at(const std::vector<std::string> &lines, size_t index) {
  const std::string *line = element(lines, index);
  return line ? line->c_str() : nullptr;
}

}  // namespace

deploy_deployment *deploy_deployment_free(deploy_deployment *deployment) {
  delete deployment;
  return nullptr;
}

deploy_status deploy_deployment_get_info(const deploy_deployment *deployment, deploy_deployment_info *out_info) {
  if (!deployment) return DEPLOY_INVALID_ARGUMENT;
  const Deployment &value = deployment->value;
  deploy_deployment_info info = DEPLOY_DEPLOYMENT_INFO_INIT;
  info.id = value.id.c_str();
  info.environment = value.environment.c_str();
  info.kind = value.kind.c_str();
  info.version = value.version.c_str();
  info.digest = value.digest.c_str();
  info.outcome = status_of(value.outcome);
  info.outcome_name = literal(to_string(value.outcome));
  info.live_version = value.live ? value.live->version.c_str() : nullptr;
  info.live_digest = value.live ? value.live->digest.c_str() : nullptr;
  info.gap = ms_or_none(value.gap);
  info.duration = ms(value.duration);
  info.actor = value.actor.c_str();
  info.started = ms(value.started);
  info.finished = ms(value.finished);
  return fill(out_info, info);
}

const char *deploy_deployment_get_reason(const deploy_deployment *deployment, size_t index) {
  return deployment ? line_at(deployment->value.reasons, index) : nullptr;
}

const char *deploy_deployment_get_warning(const deploy_deployment *deployment, size_t index) {
  return deployment ? line_at(deployment->value.warnings, index) : nullptr;
}

const char *deploy_deployment_get_unfinished(const deploy_deployment *deployment, size_t index) {
  return deployment ? line_at(deployment->value.unfinished, index) : nullptr;
}

deploy_status deploy_deployment_get_gate(const deploy_deployment *deployment, size_t index, deploy_gate *out_gate) {
  return deployment ? fill_gate(deployment->value.gates, deployment->signers, index, out_gate) : DEPLOY_INVALID_ARGUMENT;
}

deploy_status deploy_deployment_get_evidence(const deploy_deployment *deployment, size_t index, deploy_evidence *out_evidence) {
  if (!deployment) return DEPLOY_INVALID_ARGUMENT;
  const HostEvidence *value = evidence_at(deployment, index);
  if (!value) return DEPLOY_NOT_FOUND;
  deploy_evidence evidence = DEPLOY_EVIDENCE_INIT;
  evidence.host = value->host.c_str();
  evidence.container = value->container.c_str();
  evidence.container_status = value->status.c_str();
  evidence.error = value->error.c_str();
  evidence.logs = value->logs.c_str();
  evidence.restart_count = value->restart_count;
  evidence.exit_code = value->exit_code;
  evidence.oom_killed = value->oom_killed ? 1 : 0;
  evidence.verdict = number_of(value->probe.verdict);
  evidence.verdict_name = literal(to_string(value->probe.verdict));
  evidence.verdict_reason = value->probe.reason.c_str();
  evidence.probed = ms(value->probe.waited);
  return fill(out_evidence, evidence);
}

deploy_status deploy_deployment_get_probe_try(const deploy_deployment *deployment, size_t evidence, size_t index, deploy_probe_try *out_try) {
  if (!deployment) return DEPLOY_INVALID_ARGUMENT;
  const HostEvidence *host = evidence_at(deployment, evidence);
  const ProbeTry *value = host ? element(host->probe.tries, index) : nullptr;
  if (!value) return DEPLOY_NOT_FOUND;
  return fill(out_try, record_of(*value));
}

deploy_status deploy_deployment_get_stop(const deploy_deployment *deployment, size_t index, const char **out_host, int64_t *out_duration) {
  if (!deployment || !out_host || !out_duration) return DEPLOY_INVALID_ARGUMENT;
  const auto it = entry(deployment->value.stop_ms, index);
  if (it == deployment->value.stop_ms.end()) return DEPLOY_NOT_FOUND;
  *out_host = it->first.c_str();
  *out_duration = it->second;
  return DEPLOY_OK;
}

const char *deploy_deployment_to_json(const deploy_deployment *deployment) {
  return deployment ? deployment->json.get([&] { return to_json(deployment->value); }) : nullptr;
}

deploy_deployment_list *deploy_deployment_list_free(deploy_deployment_list *list) {
  delete list;
  return nullptr;
}

const deploy_deployment *deploy_deployment_list_get(const deploy_deployment_list *list, size_t index) {
  return list ? element(list->items, index) : nullptr;
}
