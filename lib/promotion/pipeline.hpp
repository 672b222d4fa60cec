// What the Deployer's calls do, in terms of ports: takes the lease, asks the gates, makes the plan, has it carried out.
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "deploy/deployer.hpp"
#include "ledger/lease.hpp"
#include "ledger/state.hpp"
#include "promotion/execute.hpp"
#include "promotion/surroundings.hpp"

namespace deploy {

/// How leases are taken by this process.
struct LeaseTerms {
  LedgerStore& store;
  LeaseHolder holder;
  std::function<bool(const Lease&)> may_take_over;
  LeaseRenewal renewal = LeaseRenewal::background;
  LeaseTiming timing{};
  Clock* pace = nullptr;  ///< how its keeper waits; null: as everybody else does
};

class Pipeline {
 public:
  /// `state` is kept up to date by the journal's observer. `stop` belongs to the running call.
  Pipeline(Surroundings& around, State& state, LeaseTerms lease, std::stop_source& stop) : around_(around), state_(state), lease_(std::move(lease)), stop_(stop) {}

  // promote.cpp, and evidence.cpp for what is too old
  [[nodiscard]] PlanReport plan(const Release& release, const Environment& environment, bool allow_downgrade);
  [[nodiscard]] std::vector<GateAnswer> gates(const Release& release, const Environment& environment, bool allow_downgrade);
  Deployment promote(const Release& release, const Environment& environment, bool allow_downgrade);
  // rollback.cpp
  Deployment rollback(const Environment& environment, const RollbackOptions& options);
  std::vector<Deployment> resume(const Environment& environment, bool undo);
  // build.cpp
  Release build(ImageBuilder& builder, const BuildOptions& options);
  Release add_release(const ImageReference& image, const Version& version, const AddReleaseOptions& options);
  [[nodiscard]] Release find_release(std::string_view selector);
  // decisions.cpp
  [[nodiscard]] Decision draft_decision(const Release& release, const Environment& environment, const DecisionOptions& options);
  Decision decide(const Release& release, const Environment& environment, const DecisionOptions& options);
  void freeze(const std::string& environment, const std::string& reason);  ///< kEveryEnvironment: all at once
  void unfreeze(const std::string& environment);
  void lift_quarantine(const Digest& digest, const std::string& reason);
  // inquire.cpp
  [[nodiscard]] EnvironmentStatus status(const Environment& environment);
  [[nodiscard]] std::vector<Deployment> history(std::string_view environment);
  [[nodiscard]] Deployment show(std::string_view deployment);
  // witness.cpp
  [[nodiscard]] DriftReport verify(const Environment& environment);
  std::vector<std::string> adopt(const Environment& environment);
  void logs(const Environment& environment, const LogOptions& options);

 private:
  [[nodiscard]] std::unique_ptr<HeldLease> take_lease(const std::string& name);
  [[nodiscard]] std::vector<GateAnswer> ask(const Release& release, const Environment& environment, bool allow_downgrade, std::optional<bool> available,
                                            const std::string& renewal_trouble);
  [[nodiscard]] std::vector<GateAnswer> answer_gates(const Release& release, const Environment& environment, bool allow_downgrade, std::optional<bool> available,
                                                     const std::string& renewal_trouble = "");
  [[nodiscard]] std::string renew_evidence(const Release& release, const Environment& environment, bool allow_downgrade, bool available);
  [[nodiscard]] std::string probe_upstream(const Release& release, const Environment& upstream, const std::string& asked_by);
  [[nodiscard]] bool registry_has(const Release& release);
  [[nodiscard]] std::vector<std::string> moved_tags(const Release& release);
  [[nodiscard]] bool hosts_serve(const Environment& environment, const std::string& digest);
  void reach_hosts(const Environment& environment);
  Deployment blocked(const Release& release, const Environment& environment, PlanKind kind, std::vector<GateAnswer> gates, const LeaseClaim& claim);
  Deployment already_live(const Plan& plan, const Environment& environment, std::vector<GateAnswer> gates);
  [[nodiscard]] FallBack fall_back(const Environment& environment, HeldLease& lease, const std::string& leaving);
  [[nodiscard]] std::optional<Deployment> refuse_crossing(const Environment& environment, const RollbackOptions& options, const LeaseClaim& claim);
  [[nodiscard]] Release rollback_release(const Environment& environment, const RollbackOptions& options, std::string& leaving);
  [[nodiscard]] bool obtainable(const Environment& environment, const Release& release);
  [[nodiscard]] std::optional<Deployment> finish_leftovers(const Environment& environment, HeldLease& lease);
  [[nodiscard]] std::int64_t choose_build(const BuildOptions& options, const std::string& commit);
  void add_candidate(const Environment& environment, EnvironmentStatus& out);
  Release register_release(const Release& release, const std::optional<LeaseClaim>& claim);
  [[nodiscard]] CallLimits limits() const;
  [[nodiscard]] Decision drafted(const Release& release, const Environment& environment, const DecisionOptions& options);
  [[nodiscard]] Decision brought(const Decision& now, const Environment& environment, const DecisionOptions& options) const;
  void check_signed(const Environment& environment, Decision& decision);
  void consult(const Decision& decision);
  void record(const Environment& environment, const Decision& decision);

  Surroundings& around_;
  State& state_;
  LeaseTerms lease_;
  std::stop_source& stop_;
};

}  // namespace deploy
