// The ordered steps of a promotion, as data.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "deploy/gate.hpp"
#include "deploy/release.hpp"

namespace deploy {

/// Acts on one host, in the order in which `recreate` takes them. Each can be repeated, and each has an undo. Since: 0.9
enum class StepKind {
  preflight,  ///< engine answers, ports and names are free. Undo: none needed
  pull,       ///< by digest, when it is not there yet and the disk has room for it. Undo: none needed (the image stays)
  create,     ///< the candidate, stopped, as <name>.candidate.<id>. Undo: kept as <name>.failed.<id>, or removed when never started
  retain,     ///< live container: renamed to <name>.v<version>.<id>, restart policy `no`. Undo: its name and policy back
  adopt_name, ///< the candidate gets the live name. Undo: back to the candidate's
  stop,       ///< the old container. The gap begins. Undo: start it
  start,      ///< the candidate. Undo: stop it
  probe,      ///< to a verdict, and the identity check. Undo: none needed
};
[[nodiscard]] std::string_view to_string(StepKind kind);

struct Step {
  int index = 0;            ///< position in the plan; names the step in the ledger
  StepKind kind = StepKind::preflight;
  std::string host;         ///< Host::url()
  int batch = 0;
  std::string description;  ///< "pull docker.io/x/y@sha256:12ab… on ssh://…"
  std::string undo;         ///< what undoing it means, "" when nothing is needed
  bool operator==(const Step&) const = default;
};

enum class PlanKind { promotion, rollback };
[[nodiscard]] std::string_view to_string(PlanKind kind);

/// Since: 0.9
struct Plan {
  PlanKind kind = PlanKind::promotion;
  std::string environment;
  Release release;               ///< what is to be live
  std::string live_version;      ///< what is live now, "" when the environment is empty
  std::string live_digest;
  std::string policy_hash;       ///< of the environment's configuration as far as a promotion depends on it
  std::string container_hash;    ///< of what would run: container spec and hosts. Same digest and same hash: nothing to do
  bool quarantine_live = false;  ///< a rollback by a person: what is left is not offered again until the quarantine is lifted
  std::vector<Step> steps;       ///< empty: nothing to do
  std::string hash;              ///< sha256 hex over the canonical form
  bool operator==(const Plan&) const = default;
};

/// A plan together with the gates' answers: what `plan` shows. Since: 0.9
struct PlanReport {
  Plan plan;
  std::vector<GateAnswer> gates;
  [[nodiscard]] bool blocked() const { return !all_allowed(gates); }
  [[nodiscard]] bool nothing_to_do() const { return plan.steps.empty(); }
};

[[nodiscard]] std::string to_json(const PlanReport& report);

}  // namespace deploy
