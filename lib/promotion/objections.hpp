// What an embedder's approval check says of the recorded approvals of one release, asked before the gates are.
#pragma once

#include <map>
#include <string>
#include <tuple>

#include "ledger/state.hpp"
#include "promotion/surroundings.hpp"

namespace deploy {

/// Gates are pure, so they are handed the answers. An approval that was written after the asking has none, and does not count yet.
class Objections {
 public:
  /// Why it does not count; "" when it may.
  [[nodiscard]] std::string to(const ApprovalDecision& decision) const;

  /// Asks about every approval of this release that the gates might count. Nobody is asked where there is no check.
  [[nodiscard]] static Objections gather(const Surroundings& around, const Environment& environment, const Release& release, const CallLimits& limits);

 private:
  using Key = std::tuple<std::string, std::string, TimePoint>;  // actor, digest, time
  static Key key_of(const ApprovalDecision& decision) { return {decision.actor, decision.digest, decision.time}; }

  bool asked_ = false;
  std::map<Key, std::string> answers_;
};

}  // namespace deploy
