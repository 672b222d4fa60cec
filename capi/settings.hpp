// The parts of a configuration as records: of what a caller gave, of C++ values, and as JSON.
#pragma once

#include <exception>
#include <map>
#include <string>
#include <vector>

#include "capi/keep.hpp"
#include "deploy/config.hpp"

/// Setters keep what they are told as it is; the reader of configurations judges it.
struct deploy_health_probe {
  deploy_health_probe() = default;
  explicit deploy_health_probe(const deploy::HealthProbe &value);

  deploy_health_probe_info info = {sizeof(deploy_health_probe_info), DEPLOY_PROBE_ENGINE, DEPLOY_FROM_HOST, "engine", 1000, 5000, 0, 60000, 2, 3, nullptr, 0, 0};
  deploy::capi::KeptPtr<deploy_http_check> http;
  std::shared_ptr<const deploy::capi::Keep> command;  // what info.command points at
  std::exception_ptr broken;                          // the first setter that failed
};

struct deploy_rollback_policy {
  deploy_rollback_policy() = default;
  explicit deploy_rollback_policy(const deploy::RollbackPolicy &value);

  deploy_rollback_policy_info info = {sizeof(deploy_rollback_policy_info), 1, DEPLOY_ON_UNKNOWN_HOLD, 30000, 5, 0};
  std::exception_ptr broken;
};

struct deploy_environment {
  explicit deploy_environment(std::string n) : name(std::move(n)) {}
  explicit deploy_environment(const deploy::Environment &value);

  std::string name;
  std::vector<std::string> hosts;
  deploy::capi::KeptPtr<deploy_rules> rules;
  deploy::capi::KeptPtr<deploy_container> container;
  std::map<std::string, deploy::capi::KeptPtr<deploy_variable>> variables;
  std::shared_ptr<const deploy_health_probe> probe;
  std::shared_ptr<const deploy_rollback_policy> rollback = std::make_shared<const deploy_rollback_policy>();
  deploy::capi::KeptPtr<deploy_approval> approval;
  std::vector<deploy::capi::KeptPtr<deploy_freeze_window>> freeze;
  std::exception_ptr broken;
};

namespace deploy::capi {

/// All of a configuration, as setters make it and getters read it.
struct ConfigParts {
  ConfigParts() = default;
  explicit ConfigParts(const Config &value);

  std::string application, directory, state, engine;  // state, engine: "" is the default
  KeptPtr<deploy_image_settings> image;               // this and the next: null is the default, or none
  KeptPtr<deploy_registry_settings> registry;
  KeptPtr<deploy_git_settings> git;
  KeptPtr<deploy_ssh_settings> ssh;
  KeptPtr<deploy_tls_settings> tls;
  std::vector<deploy_environment> environments;
};

/// In the form of deploy.json. Throws what a setter threw, and Error{invalid_config} for a value that is no JSON.
[[nodiscard]] std::string to_json(const ConfigParts &parts);

/// Makes the pointers of a record its own.
void settle(Keep &keep, deploy_image_settings &record);
void settle(Keep &keep, deploy_registry_settings &record);
void settle(Keep &keep, deploy_git_settings &record);
void settle(Keep &keep, deploy_ssh_settings &record);
void settle(Keep &keep, deploy_tls_settings &record);
void settle(Keep &keep, deploy_http_check &record);
void settle(Keep &keep, deploy_rules &record);
void settle(Keep &keep, deploy_container &record);
void settle(Keep &keep, deploy_variable &record);
void settle(Keep &keep, deploy_approval &record);
void settle(Keep &keep, deploy_freeze_window &record);

/// The container as a record; its pointers are kept by `keep`.
[[nodiscard]] deploy_container record_of(const ContainerSpec &value, Keep &keep);

/// A copy of what a caller gave. Throws Error{invalid_argument} for NULL and for a wrong size.
template <class Record>
[[nodiscard]] KeptPtr<Record> kept(const Record *given, const char *name, const Record &defaults) {
  auto copy = std::make_shared<Kept<Record>>(Kept<Record>{options(&required(given, name), defaults), {}});
  settle(copy->keep, copy->record);
  return copy;
}

/// Runs a setter's body. What it throws stays with the object.
template <class Object, class Body>
[[nodiscard]] deploy_status change(Object *object, Body &&body) noexcept {
  if (!object) return DEPLOY_INVALID_ARGUMENT;
  try {
    body();
    return DEPLOY_OK;
  } catch (...) {
    if (!object->broken) object->broken = std::current_exception();
    return report_exception(nullptr);
  }
}

template <class Object>
void throw_if_broken(const Object &object) {
  if (object.broken) std::rethrow_exception(object.broken);
}

/// For `_new`: NULL without memory.
template <class Make>
[[nodiscard]] auto made(Make &&make) noexcept -> decltype(make()) {
  try {
    return make();
  } catch (...) {
    return nullptr;
  }
}

}  // namespace deploy::capi
