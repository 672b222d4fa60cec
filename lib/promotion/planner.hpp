// What are the steps, and where do we go back to? Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "deploy/environment.hpp"
#include "deploy/plan.hpp"
#include "ledger/state.hpp"

namespace deploy {

/// Steps of `recreate`: preflight, pull and create on every host first, so that a registry that is away leaves every host untouched;
/// then the switch, batch by batch. Empty when `release` is live already in this very form, unless `force`.
/// Throws Error{unsupported} for a strategy that this version does not have.
[[nodiscard]] Plan make_plan(const Environment& environment, const Release& release, const EnvironmentState& state, PlanKind kind, bool force = false);

/// What Plan::hash is: SHA-256 over everything else of it.
[[nodiscard]] std::string plan_hash(Plan plan);

/// Digests verified here that one can go back to, best first: verified before what is live now (or before `leaving`), not quarantined, and
/// with no release marked `rollback: never` in between, unless `across`.
[[nodiscard]] std::vector<Verification> rollback_targets(const State& state, const std::string& environment, const std::string& leaving, bool across = false);

/// The newest release marked `rollback: never` that was registered after `target`, `leaving` included: what came after holds its changes
/// too. nullptr when there is none, or when one of the two is no release.
[[nodiscard]] const Release* never_between(const State& state, std::string_view leaving, std::string_view target);

/// What going back would leave: the live digest, else that of the last deployment (held, with nothing running any more). "" when there was none.
[[nodiscard]] const std::string& left_digest(const EnvironmentState& environment);

/// Container names on a host (design, section 4).
[[nodiscard]] std::string candidate_name(const Environment& environment, const std::string& deployment);
[[nodiscard]] std::string failed_name(const Environment& environment, const std::string& deployment);
[[nodiscard]] std::string retained_name(const Environment& environment, const std::string& version, const std::string& deployment);
[[nodiscard]] std::string short_id(const std::string& deployment);

}  // namespace deploy
