// Port: somebody who knows more of people than the configuration does.
#pragma once

#include <string>

#include "deploy/call.hpp"
#include "deploy/decision.hpp"

namespace deploy {

/// A directory, a rota: has the last word on whether a decision counts. There is no built-in one. May be called from several threads.
/// Since: 0.9
class ApprovalCheck {
 public:
  virtual ~ApprovalCheck() = default;
  /// "" when it may count, else a sentence: why not. Asked before a decision is recorded, and of every approval again before it counts at a
  /// gate; of a recorded one `replaces` and `nonce` are not filled. What it throws comes out of the call: nothing was changed.
  [[nodiscard]] virtual std::string objection(const Decision& decision, const CallLimits& limits) = 0;
};

}  // namespace deploy
