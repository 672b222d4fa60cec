// Owners of what libdeploy gives.
#pragma once

#include <utility>

#include "deploy.h"

namespace deployctl {

template <class T, T *(*Free)(T *)>
class Handle {
 public:
  Handle() = default;
  Handle(Handle &&other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  Handle &operator=(Handle &&other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  ~Handle() { Free(object_); }

  [[nodiscard]] T *get() const noexcept { return object_; }
  [[nodiscard]] explicit operator bool() const noexcept { return object_ != nullptr; }
  /// For an `out_...` argument; what was held is released.
  [[nodiscard]] T **out() noexcept {
    object_ = Free(object_);
    return &object_;
  }

 private:
  T *object_ = nullptr;
};

using Error = Handle<deploy_error, deploy_error_free>;
using Config = Handle<deploy_config, deploy_config_free>;
using Deployer = Handle<deploy_deployer, deploy_deployer_free>;
using Release = Handle<deploy_release, deploy_release_free>;
using ReleaseList = Handle<deploy_release_list, deploy_release_list_free>;
using Plan = Handle<deploy_plan, deploy_plan_free>;
using Deployment = Handle<deploy_deployment, deploy_deployment_free>;
using DeploymentList = Handle<deploy_deployment_list, deploy_deployment_list_free>;
using Decision = Handle<deploy_decision, deploy_decision_free>;
using State = Handle<deploy_environment_state, deploy_environment_state_free>;
using Drift = Handle<deploy_drift, deploy_drift_free>;
using Checks = Handle<deploy_checks, deploy_checks_free>;

}  // namespace deployctl
