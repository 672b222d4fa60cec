// A CallLimits as a point in time.
#pragma once

#include <algorithm>
#include <chrono>

#include "deploy/call.hpp"

namespace deploy {

using SteadyClock = std::chrono::steady_clock;

/// When `duration` from now is over; an endless one (a caller's milliseconds::max()) ends in ten years, not in an overflow.
[[nodiscard]] inline SteadyClock::time_point deadline_after(std::chrono::milliseconds duration) {
  constexpr std::chrono::milliseconds kTenYears = std::chrono::hours(24 * 3650);
  return SteadyClock::now() + std::min(duration, kTenYears);
}

/// Milliseconds left for a poll(): rounded up, never negative, at most an hour.
[[nodiscard]] inline int poll_ms(SteadyClock::time_point until) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - SteadyClock::now()).count();
  return static_cast<int>(std::clamp<std::chrono::milliseconds::rep>(left, 0, 3'600'000));
}

}  // namespace deploy
