// Probes and rollback policies by setters.
#include "capi/guard.hpp"
#include "capi/handles.hpp"

using namespace deploy;
using namespace deploy::capi;

namespace {

void become(deploy_health_probe &probe, deploy_probe_kind kind, const char *name) {
  probe.http.reset();
  probe.command.reset();
  probe.info.command = nullptr;
  probe.info.port = 0;
  probe.info.kind = kind;
  probe.info.kind_name = name;
}

}  // namespace

deploy_health_probe *deploy_health_probe_new(void) {
  return made([] { return new deploy_health_probe; });
}

deploy_health_probe *deploy_health_probe_free(deploy_health_probe *probe) {
  delete probe;
  return nullptr;
}

deploy_status deploy_health_probe_set_http(deploy_health_probe *probe, const deploy_http_check *check) {
  return change(probe, [&] {
    auto copy = kept<deploy_http_check>(check, "check", DEPLOY_HTTP_CHECK_INIT);
    become(*probe, DEPLOY_PROBE_HTTP, "http");
    probe->info.port = copy->record.port;
    probe->http = std::move(copy);
  });
}

deploy_status deploy_health_probe_set_tcp(deploy_health_probe *probe, int32_t port) {
  return change(probe, [&] {
    become(*probe, DEPLOY_PROBE_TCP, "tcp");
    probe->info.port = port;
  });
}

deploy_status deploy_health_probe_set_exec(deploy_health_probe *probe, const char *const *command) {
  return change(probe, [&] {
    auto keep = std::make_shared<Keep>();
    const char *const *copy = &required(command, "command");
    keep->list(copy);
    become(*probe, DEPLOY_PROBE_EXEC, "exec");
    probe->info.command = copy;
    probe->command = std::move(keep);
  });
}

deploy_status deploy_health_probe_set_engine(deploy_health_probe *probe) {
  return change(probe, [&] { become(*probe, DEPLOY_PROBE_ENGINE, "engine"); });
}

deploy_status deploy_health_probe_set_from(deploy_health_probe *probe, deploy_probe_from from) {
  return change(probe, [&] { probe->info.from = from; });
}

deploy_status deploy_health_probe_set_interval(deploy_health_probe *probe, int64_t interval) {
  return change(probe, [&] { probe->info.interval = interval; });
}

deploy_status deploy_health_probe_set_timeout(deploy_health_probe *probe, int64_t timeout) {
  return change(probe, [&] { probe->info.timeout = timeout; });
}

deploy_status deploy_health_probe_set_start_period(deploy_health_probe *probe, int64_t start_period) {
  return change(probe, [&] { probe->info.start_period = start_period; });
}

deploy_status deploy_health_probe_set_deadline(deploy_health_probe *probe, int64_t deadline) {
  return change(probe, [&] { probe->info.deadline = deadline; });
}

deploy_status deploy_health_probe_set_success_threshold(deploy_health_probe *probe, int32_t successes) {
  return change(probe, [&] { probe->info.success_threshold = successes; });
}

deploy_status deploy_health_probe_set_failure_threshold(deploy_health_probe *probe, int32_t failures) {
  return change(probe, [&] { probe->info.failure_threshold = failures; });
}

deploy_status deploy_health_probe_get_info(const deploy_health_probe *probe, deploy_health_probe_info *out_info) {
  return probe ? fill(out_info, probe->info) : DEPLOY_INVALID_ARGUMENT;
}

deploy_status deploy_health_probe_get_http(const deploy_health_probe *probe, deploy_http_check *out_check) {
  if (!probe) return DEPLOY_INVALID_ARGUMENT;
  if (!probe->http) return DEPLOY_NOT_FOUND;
  deploy_http_check check = probe->http->record;
  if (!check.path) check.path = "/";
  return fill(out_check, check);
}

deploy_rollback_policy *deploy_rollback_policy_new(void) {
  return made([] { return new deploy_rollback_policy; });
}

deploy_rollback_policy *deploy_rollback_policy_free(deploy_rollback_policy *policy) {
  delete policy;
  return nullptr;
}

deploy_status deploy_rollback_policy_set_automatic(deploy_rollback_policy *policy, int32_t automatic) {
  return change(policy, [&] { policy->info.automatic = automatic != 0 ? 1 : 0; });
}

deploy_status deploy_rollback_policy_set_on_unknown(deploy_rollback_policy *policy, deploy_on_unknown on_unknown) {
  return change(policy, [&] { policy->info.on_unknown = on_unknown; });
}

deploy_status deploy_rollback_policy_set_bake(deploy_rollback_policy *policy, int64_t bake) {
  return change(policy, [&] { policy->info.bake = bake; });
}

deploy_status deploy_rollback_policy_set_keep(deploy_rollback_policy *policy, int32_t keep) {
  return change(policy, [&] { policy->info.keep = keep; });
}

deploy_status deploy_rollback_policy_get_info(const deploy_rollback_policy *policy, deploy_rollback_policy_info *out_info) {
  return policy ? fill(out_info, policy->info) : DEPLOY_INVALID_ARGUMENT;
}
