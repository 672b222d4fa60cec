// Conditions of a promotion.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "deploy/time.hpp"

namespace deploy {

/// One gate's answer. Gates: interrupted, upstream_verified, upstream_settled, soak, evidence_age, approval, freeze, freeze_all,
/// freeze_window, quarantine, downgrade, digest_available; of a rollback: interrupted, rollback_never. Since: 0.9
struct GateAnswer {
  std::string gate;
  bool allowed = true;
  std::string reason;                  ///< one sentence; says what would open it
  std::optional<TimePoint> opens;      ///< when it opens by itself, where known
  std::map<std::string, std::string> signed_by{};  ///< approval: who approved with a signature, and the fingerprint of the key
  bool operator==(const GateAnswer&) const = default;
};

/// True when every gate allows. Since: 0.9
[[nodiscard]] bool all_allowed(const std::vector<GateAnswer>& answers);

}  // namespace deploy
