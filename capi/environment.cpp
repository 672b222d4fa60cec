// Environments, lent by a configuration or made by setters.
#include "capi/guard.hpp"
#include "capi/handles.hpp"

using namespace deploy;
using namespace deploy::capi;

deploy_environment *deploy_environment_new(const char *name) {
  return made([&]() -> deploy_environment * { return name ? new deploy_environment(std::string(name)) : nullptr; });
}

deploy_environment *deploy_environment_copy(const deploy_environment *environment) {
  return made([&]() -> deploy_environment * { return environment ? new deploy_environment(*environment) : nullptr; });
}

deploy_environment *deploy_environment_free(deploy_environment *environment) {
  delete environment;
  return nullptr;
}

const char *deploy_environment_get_name(const deploy_environment *environment) { return environment ? environment->name.c_str() : nullptr; }

const char *deploy_environment_get_after(const deploy_environment *environment) {
  if (!environment) return nullptr;
  return environment->rules && environment->rules->record.after ? environment->rules->record.after : "";
}

const char *deploy_environment_get_allowed_signers(const deploy_environment *environment) {
  const char *path = environment && environment->approval ? environment->approval->record.allowed_signers : nullptr;
  return path && *path ? path : nullptr;
}

const char *deploy_environment_get_host(const deploy_environment *environment, size_t index) {
  const std::string *host = environment ? element(environment->hosts, index) : nullptr;
  return host ? host->c_str() : nullptr;
}

deploy_status deploy_environment_add_host(deploy_environment *environment, const char *url) {
  return change(environment, [&] { environment->hosts.emplace_back(text(url, "url")); });
}

deploy_status deploy_environment_set_rules(deploy_environment *environment, const deploy_rules *rules) {
  return change(environment, [&] { environment->rules = kept<deploy_rules>(rules, "rules", DEPLOY_RULES_INIT); });
}

deploy_status deploy_environment_get_rules(const deploy_environment *environment, deploy_rules *out_rules) {
  if (!environment) return DEPLOY_INVALID_ARGUMENT;
  deploy_rules rules = DEPLOY_RULES_INIT;
  if (environment->rules) rules = environment->rules->record;
  if (!rules.after) rules.after = "";
  return fill(out_rules, rules);
}

deploy_status deploy_environment_set_container(deploy_environment *environment, const deploy_container *container) {
  return change(environment, [&] { environment->container = kept<deploy_container>(container, "container", DEPLOY_CONTAINER_INIT); });
}

deploy_status deploy_environment_get_container(const deploy_environment *environment, deploy_container *out_container) {
  if (!environment) return DEPLOY_INVALID_ARGUMENT;
  return environment->container ? fill(out_container, environment->container->record) : DEPLOY_NOT_FOUND;
}

deploy_status deploy_environment_set_variable(deploy_environment *environment, const deploy_variable *variable) {
  return change(environment, [&] {
    auto copy = kept<deploy_variable>(variable, "variable", DEPLOY_VARIABLE_INIT);
    environment->variables[copy->record.name] = copy;
  });
}

deploy_status deploy_environment_get_variable(const deploy_environment *environment, size_t index, deploy_variable *out_variable) {
  if (!environment) return DEPLOY_INVALID_ARGUMENT;
  const auto found = entry(environment->variables, index);
  return found == environment->variables.end() ? DEPLOY_NOT_FOUND : fill(out_variable, found->second->record);
}

deploy_status deploy_environment_set_probe(deploy_environment *environment, const deploy_health_probe *probe) {
  return change(environment, [&] { environment->probe = std::make_shared<const deploy_health_probe>(required(probe, "probe")); });
}

const deploy_health_probe *deploy_environment_get_probe(const deploy_environment *environment) { return environment ? environment->probe.get() : nullptr; }

deploy_status deploy_environment_set_rollback(deploy_environment *environment, const deploy_rollback_policy *policy) {
  return change(environment, [&] { environment->rollback = std::make_shared<const deploy_rollback_policy>(required(policy, "policy")); });
}

const deploy_rollback_policy *deploy_environment_get_rollback(const deploy_environment *environment) {
  return environment ? environment->rollback.get() : nullptr;
}

deploy_status deploy_environment_set_approval(deploy_environment *environment, const deploy_approval *approval) {
  return change(environment, [&] { environment->approval = approval ? kept<deploy_approval>(approval, "approval", DEPLOY_APPROVAL_INIT) : nullptr; });
}

deploy_status deploy_environment_get_approval(const deploy_environment *environment, deploy_approval *out_approval) {
  if (!environment) return DEPLOY_INVALID_ARGUMENT;
  return environment->approval ? fill(out_approval, environment->approval->record) : DEPLOY_NOT_FOUND;
}

deploy_status deploy_environment_add_freeze_window(deploy_environment *environment, const deploy_freeze_window *window) {
  return change(environment, [&] { environment->freeze.push_back(kept<deploy_freeze_window>(window, "window", DEPLOY_FREEZE_WINDOW_INIT)); });
}

deploy_status deploy_environment_get_freeze_window(const deploy_environment *environment, size_t index, deploy_freeze_window *out_window) {
  if (!environment) return DEPLOY_INVALID_ARGUMENT;
  const auto *window = element(environment->freeze, index);
  return window ? fill(out_window, (*window)->record) : DEPLOY_NOT_FOUND;
}
