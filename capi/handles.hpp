// What stands behind the opaque names of deploy.h. Each owns its value and the texts that it lends.
#pragma once

#include <deque>
#include <exception>
#include <mutex>
#include <string>
#include <vector>

#include "capi/settings.hpp"
#include "deploy.h"
#include "deploy/config.hpp"
#include "deploy/deployer.hpp"
#include "deploy/error.hpp"
#include "deploy/simulation.hpp"

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

/// Of each gate, in their order, who signed: what deploy_gate.signed_by points at.
class Signers {
 public:
  explicit Signers(const std::vector<GateAnswer> &gates) {
    for (const auto &gate : gates) maps_.push_back(gate.signed_by.empty() ? nullptr : keep_.copy(gate.signed_by));
  }
  [[nodiscard]] const char *const *of(std::size_t gate) const { return maps_[gate]; }

 private:
  Keep keep_;
  std::vector<const char *const *> maps_;
};

}  // namespace deploy::capi

struct deploy_error {
  explicit deploy_error(deploy_status s, deploy::Error e) : status(s), value(std::move(e)) {}
  deploy_status status;
  deploy::Error value;
  deploy::capi::LazyText json;
};

struct deploy_image {
  explicit deploy_image(deploy::ImageReference v) : value(std::move(v)), text(value.str()), familiar(value.familiar()), name(value.name()) {}
  deploy::ImageReference value;
  std::string text, familiar, name;
};

struct deploy_tag {
  deploy::Tag value;
};

struct deploy_config {
  explicit deploy_config(deploy::Config v) : value(std::move(v)), parts(value) {}
  deploy::Config value;
  deploy::capi::ConfigParts parts;
  deploy::capi::LazyText json;
};

struct deploy_config_builder {
  explicit deploy_config_builder(deploy::capi::ConfigParts p) : parts(std::move(p)) {}
  deploy::capi::ConfigParts parts;
  std::exception_ptr broken;
};

struct deploy_gate_list {
  explicit deploy_gate_list(std::vector<deploy::GateAnswer> v) : value(std::move(v)), signers(value) {}
  std::vector<deploy::GateAnswer> value;
  deploy::capi::Signers signers;
  deploy::capi::LazyText json;
};

struct deploy_probe_report {
  explicit deploy_probe_report(deploy::ProbeReport v) : value(std::move(v)) {}
  deploy::ProbeReport value;
  deploy::capi::LazyText json;
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
  explicit deploy_plan(deploy::PlanReport v) : value(std::move(v)), version(value.plan.release.version.str()), signers(value.gates) {}
  deploy::PlanReport value;
  std::string version;
  deploy::capi::Signers signers;
  deploy::capi::LazyText json;
};

struct deploy_deployment {
  explicit deploy_deployment(deploy::Deployment v) : value(std::move(v)), signers(value.gates) {}
  deploy::Deployment value;
  deploy::capi::Signers signers;
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
    const char *const *signed_by;                            // NULL: nobody
  };
  deploy::EnvironmentStatus value;
  std::vector<Names> names;  // beside value.pending
  deploy::capi::Keep keep;
  deploy::capi::Signers signers;
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

struct deploy_rehearsal {
  explicit deploy_rehearsal(deploy::simulation::Rehearsal v) : value(std::move(v)), script(value.script.str()) {}
  deploy::simulation::Rehearsal value;
  std::string script;
  deploy::capi::LazyText json;
};

struct deploy_simulation {
  explicit deploy_simulation(const deploy::Config &config) : world(std::make_shared<deploy::simulation::World>(config)) {}
  std::shared_ptr<deploy::simulation::World> world;
  std::string image;
};

struct deploy_script {
  explicit deploy_script(deploy::simulation::Script v) : value(std::move(v)), text(value.str()) {}
  deploy::simulation::Script value;
  std::string text;
};

struct deploy_script_report {
  explicit deploy_script_report(deploy::simulation::SimulationReport v) : value(std::move(v)) {}
  deploy::simulation::SimulationReport value;
  deploy::capi::LazyText json;
};

struct deploy_deployer {
  std::shared_ptr<deploy::simulation::World> world;  // that it acts in, if it is simulated: outlives it
  deploy::Deployer value;
  std::string ledger_head{};
};
