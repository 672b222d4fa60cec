// The library's front door.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "deploy/config.hpp"
#include "deploy/decision.hpp"
#include "deploy/deployment.hpp"
#include "deploy/event.hpp"
#include "deploy/plan.hpp"
#include "deploy/ports/approval_check.hpp"
#include "deploy/ports/clock.hpp"
#include "deploy/ports/fleet.hpp"
#include "deploy/ports/image_builder.hpp"
#include "deploy/ports/ledger_store.hpp"
#include "deploy/ports/prober.hpp"
#include "deploy/ports/registry.hpp"
#include "deploy/ports/source.hpp"
#include "deploy/ports/workers.hpp"
#include "deploy/release.hpp"
#include "deploy/status.hpp"

namespace deploy {

/// Parts that replace the built-in adapters; an empty pointer means the built-in one. Since: 0.9
struct Ports {
  std::unique_ptr<LedgerStore> store;
  std::unique_ptr<Fleet> fleet;
  std::unique_ptr<ImageBuilder> builder;
  std::unique_ptr<Registry> registry;
  std::unique_ptr<Prober> prober;
  std::unique_ptr<Source> source;
  std::unique_ptr<Clock> clock;
  std::unique_ptr<Workers> workers;
  std::unique_ptr<ApprovalCheck> approval_check{};  ///< empty: nobody else is asked
};

/// Since: 0.9
struct DeployerOptions {
  std::string actor;      ///< who acts; recorded with everything. "" is refused
  EventSink on_event;     ///< may be empty
  Ports ports;
  std::function<Secret(const SecretSource&)> secrets = {};  ///< where all secrets come from that the configuration names; empty: from where it says
};

/// Since: 0.9
struct BuildOptions {
  std::int64_t build = 0;       ///< 0: the ledger's next number
  bool rollback_never = false;  ///< marks the release: see Release
};

struct AddReleaseOptions {
  bool rollback_never = false;  ///< marks the release: see Release
};

struct PromoteOptions {
  bool allow_downgrade = false;
};

struct RollbackOptions {
  std::string to;           ///< release selector; "": the last verified version before the live one
  bool quarantine = true;   ///< the version that is left is not offered again until a person lifts it
  bool force = false;       ///< also back from, or across, a release that is marked `rollback: never`
};

struct LogOptions {
  int lines = 100;
  bool follow = false;
  std::function<void(std::string_view host, std::string_view text)> sink;
};

/// Runs the pipeline of one configuration. Calls block; a deployer is used by one thread at a time, only cancel() may be
/// called from any. Threads that it starts end with it. What could not be carried out is thrown (deploy::Error); what ended
/// otherwise than hoped is in the returned Deployment. Since: 0.9
class Deployer {
 public:
  /// Opens the ledger (creating it), connects to nothing yet.
  Deployer(Config config, DeployerOptions options);
  ~Deployer();
  Deployer(Deployer&&) noexcept;
  Deployer& operator=(Deployer&&) noexcept;

  [[nodiscard]] const Config& config() const noexcept;

  /// Builds once, pushes once, adds every tag, registers the release.
  Release build(const BuildOptions& options = {});
  /// Registers an image that something else built; its tag is resolved to a digest.
  Release add_release(const ImageReference& image, const Version& version, const AddReleaseOptions& options = {});
  [[nodiscard]] std::vector<Release> releases();  ///< newest first
  /// By version, build number, digest (or a unique prefix of 7 or more hex digits); "" is the newest. Throws {not_found}.
  [[nodiscard]] Release find_release(std::string_view selector);

  [[nodiscard]] PlanReport plan(const Release& release, std::string_view environment, const PromoteOptions& options = {});
  /// What every gate says to this promotion, by the ledger, the configuration and the clock alone: no registry, no host.
  [[nodiscard]] std::vector<GateAnswer> gates(const Release& release, std::string_view environment, const PromoteOptions& options = {});
  Deployment promote(const Release& release, std::string_view environment, const PromoteOptions& options = {});
  /// build, then every environment in order until one does not end in `succeeded`.
  std::vector<Deployment> run(const BuildOptions& options = {});

  /// The decision as it stands to be recorded or signed now: what is live, what replaces it, until when it holds. Records nothing.
  [[nodiscard]] Decision draft_decision(const Release& release, std::string_view environment, const DecisionOptions& options = {});
  /// Records a decision for this release, environment and policy, and gives it as recorded. Throws {unauthorized} for who may not decide and for
  /// a signature that is missing or does not hold; detail `problem` says which: "unsigned", "altered", "replayed", "key_revoked" ...
  Decision decide(const Release& release, std::string_view environment, const DecisionOptions& options = {});
  /// The same without a signature.
  void approve(const Release& release, std::string_view environment, const std::string& comment = "");
  void deny(const Release& release, std::string_view environment, const std::string& comment = "");

  Deployment rollback(std::string_view environment, const RollbackOptions& options = {});
  /// Finishes (or undoes) what an interrupted run left in this environment; "" means every one. Nothing interrupted: empty.
  std::vector<Deployment> resume(std::string_view environment = "", bool undo = false);

  [[nodiscard]] EnvironmentStatus status(std::string_view environment);
  [[nodiscard]] std::vector<Deployment> history(std::string_view environment = "");  ///< newest first
  /// By id or unique prefix. Throws {not_found}.
  [[nodiscard]] Deployment show(std::string_view deployment);
  void logs(std::string_view environment, const LogOptions& options);
  [[nodiscard]] DriftReport verify(std::string_view environment);
  /// Takes into the ledger what it does not know of the hosts: from labels and names when the ledger was lost, from name and image for a
  /// container that something else started. What is live is probed first. Returns what was adopted. Throws {conflict} when the hosts differ or
  /// it is another environment's, {not_found} when version or digest cannot be known; nothing was adopted then.
  std::vector<std::string> adopt(std::string_view environment);
  [[nodiscard]] std::vector<DoctorCheck> doctor();

  /// Nothing is promoted there until unfreeze(); rollbacks stay possible. "" means every environment at once, under a switch of its own.
  void freeze(std::string_view environment, const std::string& reason);
  void unfreeze(std::string_view environment);
  void lift_quarantine(const Digest& digest, const std::string& reason);

  /// Checks the whole chain; returns the number of entries. Throws {corrupt} that names the first bad line. `expected`: a head
  /// that was noted earlier: an end that is missing since, or a history rewritten as a whole, is found out by it alone.
  std::int64_t ledger_verify(const std::optional<LedgerHead>& expected = std::nullopt);
  /// The newest entry: to be noted where the ledger cannot be reached from.
  [[nodiscard]] LedgerHead ledger_head();
  /// The entries after the `after`-th, oldest first.
  void ledger_entries(std::int64_t after, const std::function<void(const LedgerEntry&)>& sink);
  /// Every entry as one JSON line, oldest first.
  void ledger_export(const std::function<void(std::string_view line)>& sink);

  /// From any thread: the running call ends with Error{cancelled} or outcome `cancelled`, its changes undone.
  void cancel() noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Checks a ledger that was exported to a file; returns its head. Throws {corrupt} that names the first bad line (detail `line`, from
/// 1), {io} for a file that cannot be read. Since: 0.9
LedgerHead verify_exported_ledger(const std::string& path, const std::optional<LedgerHead>& expected = std::nullopt);

}  // namespace deploy
