// Answers to questions about an environment.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "deploy/deployment.hpp"
#include "deploy/ports/ledger_store.hpp"

namespace deploy {

/// Since: 0.9
struct VerifiedVersion {
  std::string version, digest;
  TimePoint verified{};
  bool quarantined = false;
};

/// A release that waits for approval, with who has decided so far. Since: 0.9
struct PendingApproval {
  std::string version, digest;
  std::vector<std::string> granted_by, denied_by;
  int required = 0;
  bool signatures_required = false;
  std::map<std::string, std::string> signed_by;  ///< of granted_by and denied_by: the fingerprint of each one's key
  std::vector<std::string> not_counted;          ///< recorded decisions that count for nothing, and why; a sentence each
};

/// A digest that failed, and is offered to no environment until a person lifts it. Since: 0.9
struct QuarantinedDigest {
  std::string version, digest, reason, by;
  TimePoint since{};
};

/// An interrupted deployment that `resume` will finish or undo. Since: 0.9
struct Interrupted {
  std::string deployment, version;
  std::string last_step;   ///< the step whose outcome is not known, or the last one done
  TimePoint started{};
};

/// What has become of a lease that somebody took. Since: 0.9
enum class LeaseCondition {
  held,     ///< its holder acts
  expired,  ///< not renewed in time: the next run, or `resume`, takes it over
  gone,     ///< its holder's process ended without releasing it: taken over at once, on this machine
};
[[nodiscard]] std::string_view to_string(LeaseCondition condition);

/// What the ledger says of an environment. Since: 0.9
struct EnvironmentStatus {
  std::string environment;
  std::optional<LiveVersion> live;
  std::optional<TimePoint> live_since;
  std::string live_deployment;
  std::vector<VerifiedVersion> verified;     ///< newest first; what can be gone back to
  std::string rollback_target;               ///< version, "" when there is none
  std::vector<PendingApproval> pending;
  bool frozen = false;
  std::string frozen_by, frozen_reason;
  std::optional<Interrupted> interrupted;
  std::optional<Lease> lease;                ///< who acts on it now, or was the last to
  LeaseCondition lease_condition = LeaseCondition::held;
  std::optional<Outcome> last_outcome;
  bool stranded = false;                     ///< the last deployment left it for a person
  std::string stopped_by, stopped_reason;    ///< every environment is frozen (freeze_all); "": not so
  std::optional<TimePoint> closed_until;     ///< inside a freeze window
  std::string rollback_barrier;              ///< version marked `rollback: never` that stands before everything one could go back to; ""
  std::string candidate, candidate_digest;   ///< the newest release that could come here next; "" when there is none
  std::vector<GateAnswer> waiting_for;       ///< the gates that deny it now
  std::vector<QuarantinedDigest> quarantined;  ///< of the whole application, in order of digest
};
[[nodiscard]] std::string to_json(const EnvironmentStatus& status);

/// One difference between host and ledger. Since: 0.9
struct Drift {
  std::string host;
  std::string what;       ///< "digest", "missing", "stopped", "ports", "env", "restarts", "configuration", "retained", "extra", "unreachable"
  std::string expected, found;
};
struct DriftReport {
  std::string environment;
  std::vector<Drift> drift;   ///< empty: as recorded
};
[[nodiscard]] std::string to_json(const DriftReport& report);

/// One check of `doctor`. Since: 0.9
struct DoctorCheck {
  std::string name;       ///< "engine", "host", "ssh", "registry", "git", "ledger", "probe" ...
  std::string subject;    ///< which one: a host, a repository
  enum class Level { ok, warning, failure } level = Level::ok;
  std::string message;    ///< what was found
  std::string advice;     ///< what to do, "" when ok
};
[[nodiscard]] std::string_view to_string(DoctorCheck::Level level);
[[nodiscard]] std::string to_json(const DoctorCheck& check);

}  // namespace deploy
