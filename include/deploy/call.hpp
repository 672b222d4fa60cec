// Limits of one blocking call: how long it may take, and who can stop it.
#pragma once

#include <chrono>
#include <stop_token>

namespace deploy {

/// Every port call takes one. A call that outlives `timeout` fails with ErrorCode::timeout; one that is stopped
/// through `stop` fails with ErrorCode::cancelled. Both say what they know of the effect. Since: 0.9
struct CallLimits {
  std::chrono::milliseconds timeout{30'000};
  std::stop_token stop{};
};

}  // namespace deploy
