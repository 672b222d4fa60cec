// What the ledger's entries add up to. State is only ever made by fold(), or read from a checkpoint that fold() made (state_json.hpp).
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "deploy/deployment.hpp"
#include "deploy/plan.hpp"
#include "deploy/ports/ledger_store.hpp"
#include "deploy/release.hpp"

namespace deploy {

struct Verification {
  std::string digest, version;
  TimePoint first{}, last{};
  std::int64_t first_seq = 0;   ///< orders versions by when they were first verified here
  bool operator==(const Verification&) const = default;
};

struct ApprovalDecision {
  bool granted = false;
  std::string digest, policy_hash, actor, comment;
  TimePoint time{};
  std::optional<TimePoint> expires{};          ///< none for a denial
  std::string text{}, signature{}, key{};      ///< "" unless it was signed
  bool replayed = false;                       ///< its text had been used before
  bool operator==(const ApprovalDecision&) const = default;
};

struct Quarantine {
  std::string version, reason, by;
  TimePoint since{};
  bool operator==(const Quarantine&) const = default;
};

/// How far one step got, as recorded.
enum class StepProgress { intended, done, failed, undoing, undone };

struct StepState {
  StepProgress progress = StepProgress::intended;
  std::map<std::string, std::string> result;   ///< what step_done recorded: container ids, names ...
  bool operator==(const StepState&) const = default;
};

/// A deployment that was started and not finished: either running now or interrupted.
struct OpenDeployment {
  std::string id, actor;
  Plan plan;
  std::vector<GateAnswer> gates;
  TimePoint started{};
  std::map<int, StepState> steps;
  bool failing = false;          ///< a step failed, or something was undone: the way is back
  bool verified = false;         ///< digest_verified stands in the ledger: the way is forward
  std::string parent;            ///< the deployment whose failure this rollback mends
  std::optional<LiveVersion> mended;  ///< what a rollback of its own brought up in its stead
  bool operator==(const OpenDeployment&) const = default;
};

struct EnvironmentState {
  std::optional<LiveVersion> live;
  std::optional<TimePoint> live_since;
  std::string live_deployment;
  std::string live_container_hash;
  std::vector<Verification> verified;          ///< in order of first verification
  std::vector<ApprovalDecision> decisions;     ///< in order of time
  bool frozen = false;
  std::string frozen_by, frozen_reason;
  std::map<std::string, OpenDeployment> open;  ///< by id
  std::vector<std::string> open_order;         ///< oldest first
  std::optional<Outcome> last_outcome;
  std::vector<std::string> unfinished;         ///< of the deployment that made the live version
  std::string last_digest;                     ///< what the newest deployment was to bring live
  std::map<std::string, std::vector<std::string>> retained;  ///< names of the containers kept to go back to, by host

  [[nodiscard]] const Verification* find_verified(std::string_view digest) const;
  bool operator==(const EnvironmentState&) const = default;
};

/// The name under which a freeze of every environment at once is kept.
inline constexpr std::string_view kEveryEnvironment = "";

struct State {
  LedgerHead head;
  std::vector<Release> releases;               ///< in order of registration
  std::map<std::string, EnvironmentState> environments;
  std::map<std::string, Quarantine> quarantined;  ///< by digest
  std::set<std::string> nonces;                ///< of every signed decision: each is good for once

  [[nodiscard]] const EnvironmentState& environment(const std::string& name) const;
  [[nodiscard]] const Release* find_digest(std::string_view digest) const;
  [[nodiscard]] std::int64_t next_build() const;
  bool operator==(const State&) const = default;
};

/// Adds one entry. Entries of unknown kinds (of a newer libdeploy) are passed over. Throws Error{corrupt} when known data makes no sense.
void fold(State& state, const LedgerEntry& entry);
/// The kinds that fold() knows, sorted.
[[nodiscard]] std::vector<std::string_view> folded_kinds();

}  // namespace deploy
