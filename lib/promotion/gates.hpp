// May this release go there? Pure: folded state, configuration and the clock in, every gate's answer out.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "deploy/config.hpp"
#include "deploy/gate.hpp"
#include "ledger/state.hpp"
#include "promotion/objections.hpp"
#include "promotion/signers.hpp"

namespace deploy {

struct GateQuestion {
  const Config& config;
  const Environment& environment;
  const Release& release;
  const State& state;
  std::string actor;                       ///< who asks: the requester
  TimePoint now{};
  bool allow_downgrade = false;
  std::optional<bool> digest_available;    ///< what the registry said; none: it was not asked (planning offline)
  bool may_renew = false;                  ///< evidence that is too old will be renewed before anything is changed
  std::string renewal_trouble = {};        ///< why it could not be renewed; "": that was not tried, or went well
  const Signers* signers = nullptr;        ///< where the environment wants signed decisions; without them none counts
  const Objections* objections = nullptr;  ///< of the embedder's approval check; none: nobody else is asked
};

/// All gates in a fixed order, allowing ones included.
[[nodiscard]] std::vector<GateAnswer> ask_gates(const GateQuestion& question);

/// True when the release was verified upstream longer ago than the environment's max_age.
[[nodiscard]] bool is_evidence_too_old(const GateQuestion& question);

/// Who has decided on this digest under this policy, newest decision of each person, unexpired. For status and messages.
struct Tally {
  std::vector<std::string> granted, denied;
  std::map<std::string, std::string> signed_by;  ///< of both: the fingerprint of each one's key
  std::vector<std::string> not_counted;    ///< decisions that count for nothing, and why
  std::optional<TimePoint> expires;        ///< when the oldest counted grant expires
};
[[nodiscard]] Tally count_decisions(const GateQuestion& question);

}  // namespace deploy
