// One host's part of a deployment: what each step does there, and how it is undone.
//
// Every act looks first at what is there and does only what is missing, so that it can be repeated after a crash or a
// dropped connection without knowing whether it took effect the first time.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "deploy/deployment.hpp"
#include "deploy/environment.hpp"
#include "deploy/error.hpp"
#include "deploy/plan.hpp"
#include "promotion/surroundings.hpp"

namespace deploy {

class HostRun {
 public:
  using Result = std::map<std::string, std::string>;  ///< what step_done records

  /// `check` throws when this process may not change anything any more; it is asked before every call that does.
  HostRun(Surroundings& around, const Environment& environment, const Plan& plan, std::string deployment, Host host, std::function<void()> check);

  [[nodiscard]] const Host& host() const noexcept { return host_; }
  /// Id of the container that is to be live, "" before `create`.
  [[nodiscard]] const std::string& candidate() const noexcept { return candidate_; }
  /// Id of the container that was live, "" when there was none.
  [[nodiscard]] const std::string& old() const noexcept { return old_; }
  /// What its labels say it is; both "" when there was none.
  [[nodiscard]] LiveVersion old_version() const { return {old_version_, old_digest_}; }
  [[nodiscard]] std::optional<std::chrono::milliseconds> stop_took() const noexcept { return stop_took_; }
  /// Longest time this host had nobody serving; none when nothing was switched.
  [[nodiscard]] std::optional<std::chrono::milliseconds> gap() const noexcept { return gap_; }
  /// Whoever was proven healthy last is down from now on; serving again. Times are Clock::elapsed().
  void note_down(std::chrono::milliseconds now);
  void note_up(std::chrono::milliseconds now);

  /// Does the step (all but `probe`, see prove.hpp). Throws deploy::Error.
  Result act(StepKind kind, const std::stop_token& stop);
  /// Takes over what an earlier process recorded for a finished step.
  void recall(StepKind kind, const Result& result);
  /// Undoes the step, done or half done. `graceful`: the candidate gets its stop timeout (it was not found unhealthy).
  void undo(StepKind kind, bool graceful);

  /// Finds out what is live, where the deployment failed before this host's preflight did.
  void look_for_old();
  /// What is not as it was, "" when all is: name and restart policy of the old container, or that nothing runs.
  [[nodiscard]] std::string not_restored();

  /// State, exit code, logs of the candidate. Never throws: what could not be had is said in `error`.
  [[nodiscard]] HostEvidence evidence();

  /// Why the container cannot become healthy any more (exited, restarted since `restarts_before`, killed for memory, wrong image),
  /// "" when nothing is wrong. One that was stopped from outside is started again.
  [[nodiscard]] std::string trouble(const std::string& container, const std::string& digest, std::int64_t restarts_before, const std::stop_token& stop);
  /// How often that was done.
  [[nodiscard]] int revivals() const noexcept { return revivals_; }
  [[nodiscard]] std::optional<ContainerInfo> inspect(const std::string& container, const std::stop_token& stop = {});

 private:
  /// The engine, for a call that changes something.
  [[nodiscard]] Engine& acting();

  Result preflight(const std::stop_token& stop);
  Result pull(const std::stop_token& stop);
  Result create(const std::stop_token& stop);
  Result retain(const std::stop_token& stop);
  Result adopt_name(const std::stop_token& stop);
  Result stop_old(const std::stop_token& stop);
  Result start(const std::stop_token& stop);

  void undo_create();
  void undo_retain();
  void undo_adopt_name();
  void undo_start(bool graceful);

  [[nodiscard]] std::optional<ContainerInfo> find_live(const CallLimits& limits);
  [[nodiscard]] bool is_own(const ContainerInfo& info) const;
  void free_name(const CallLimits& limits);
  void clear_name(const CallLimits& limits);
  void set_restart_policy(const std::string& container, const std::string& policy, const CallLimits& limits);
  [[nodiscard]] bool is_adopted(const ContainerInfo& info, const std::stop_token& stop);
  void note_old(const std::optional<ContainerInfo>& live, const std::stop_token& stop);
  void check_ports(const CallLimits& limits);
  void check_disk(const std::stop_token& stop);
  [[nodiscard]] std::int64_t needed_disk(std::int64_t free, const std::stop_token& stop);
  [[nodiscard]] Error never_started(const ContainerInfo& info) const;
  std::string revive(const ContainerInfo& info, const std::stop_token& stop);
  [[nodiscard]] std::string wrong_image(const ContainerInfo& info, const std::string& digest, const std::stop_token& stop);
  [[nodiscard]] std::string find_candidate(const CallLimits& limits);
  [[nodiscard]] std::optional<ContainerInfo> find_retained(const CallLimits& limits);
  [[nodiscard]] ContainerRequest request();
  [[nodiscard]] std::string retained() const;
  [[nodiscard]] Where where(StepKind kind) const;

  Surroundings& around_;
  const Environment& env_;
  const Plan& plan_;
  std::string deployment_;
  Host host_;
  std::function<void()> check_;
  Engine& engine_;

  std::string old_, old_name_, old_version_, old_digest_, old_deployment_, old_policy_;
  bool started_here_ = false;  // this deployment started something here: what it did not stop it may start again
  int revivals_ = 0;
  int last_exit_code_ = 0;  // of the candidate, as it was seen while it was probed
  std::string identified_;  // container whose image was found to be the intended one
  std::string candidate_, prior_name_;  // prior_name_: a retained container that is taken back into service
  std::optional<std::chrono::milliseconds> stop_took_, down_since_, gap_;
};

/// Labels that every container carries (design, section 4).
inline constexpr std::string_view kLabelApplication = "io.libdeploy.application";
inline constexpr std::string_view kLabelEnvironment = "io.libdeploy.environment";
inline constexpr std::string_view kLabelRelease = "io.libdeploy.release";
inline constexpr std::string_view kLabelVersion = "io.libdeploy.version";
inline constexpr std::string_view kLabelDigest = "io.libdeploy.digest";
inline constexpr std::string_view kLabelDeployment = "io.libdeploy.deployment";
inline constexpr std::string_view kLabelContainerHash = "io.libdeploy.container-hash";
/// What adopt() needs besides; each only where it says something.
inline constexpr std::string_view kLabelBuild = "io.libdeploy.build";
inline constexpr std::string_view kLabelRollback = "io.libdeploy.rollback";

}  // namespace deploy
