// What stands behind the opaque names of deploy.h. Each owns its value and the texts that it lends.
#pragma once

#include <deque>
#include <exception>
#include <mutex>
#include <string>
#include <vector>

#include "deploy.h"
#include "deploy/config.hpp"
#include "deploy/deployer.hpp"
#include "deploy/error.hpp"

namespace deploy::capi {

/// A text that is made when it is first asked for. Readers in several threads are fine.
class LazyText {
 public:
  /// nullptr when making it fails (without memory); asked again, it is tried again.
  template <class Make>
  [[nodiscard]] const char *get(Make &&make) const noexcept {
    try {
      std::call_once(once_, [&] { text_ = make(); });
      return text_.c_str();
    } catch (...) {
      return nullptr;
    }
  }

 private:
  mutable std::once_flag once_;
  mutable std::string text_;
};

}  // namespace deploy::capi

struct deploy_error {
  explicit deploy_error(deploy_status s, deploy::Error e) : status(s), value(std::move(e)) {}
  deploy_status status;
  deploy::Error value;
  deploy::capi::LazyText json;
};

struct deploy_image {
  explicit deploy_image(deploy::ImageReference v) : value(std::move(v)), text(value.str()), familiar(value.familiar()) {}
  deploy::ImageReference value;
  std::string text, familiar;
};

struct deploy_tag {
  deploy::Tag value;
};

struct deploy_environment {
  const deploy::Environment *value;
};

struct deploy_config {
  explicit deploy_config(deploy::Config v) : value(std::move(v)) {
    for (const auto &environment : value.environments) environments.push_back({&environment});
  }
  deploy::Config value;
  std::vector<deploy_environment> environments;
};

struct deploy_event {
  const deploy::Event &value;
  deploy::capi::LazyText json{};
};

struct deploy_release {
  explicit deploy_release(deploy::Release v) : value(std::move(v)), version(value.version.str()), image(value.image.str()) {}
  deploy::Release value;
  std::string version, image;
  deploy::capi::LazyText json;
};

struct deploy_release_list {
  std::deque<deploy_release> items;
};

struct deploy_plan {
  explicit deploy_plan(deploy::PlanReport v) : value(std::move(v)), version(value.plan.release.version.str()) {}
  deploy::PlanReport value;
  std::string version;
  deploy::capi::LazyText json;
};

struct deploy_deployment {
  explicit deploy_deployment(deploy::Deployment v) : value(std::move(v)) {}
  deploy::Deployment value;
  deploy::capi::LazyText json;
};

struct deploy_deployment_list {
  explicit deploy_deployment_list(std::vector<deploy::Deployment> values) {
    for (auto &value : values) items.emplace_back(std::move(value));
  }
  std::deque<deploy_deployment> items;
};

struct deploy_decision {
  explicit deploy_decision(deploy::Decision v) : value(std::move(v)) {}
  deploy::Decision value;
  deploy::capi::LazyText json;
};

struct deploy_environment_state {
  explicit deploy_environment_state(deploy::EnvironmentStatus v);
  struct Names {
    std::vector<const char *> granted, denied, not_counted;  // each ended by NULL
  };
  deploy::EnvironmentStatus value;
  std::vector<Names> names;  // beside value.pending
  deploy::capi::LazyText json;
};

struct deploy_drift {
  explicit deploy_drift(deploy::DriftReport v) : value(std::move(v)) {}
  deploy::DriftReport value;
  deploy::capi::LazyText json;
};

struct deploy_checks {
  explicit deploy_checks(std::vector<deploy::DoctorCheck> v) : value(std::move(v)) {}
  std::vector<deploy::DoctorCheck> value;
  deploy::capi::LazyText json;
};

struct deploy_deployer {
  deploy::Deployer value;
  std::string ledger_head{};
};
