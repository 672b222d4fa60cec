// Weekly windows in which nothing is promoted, in the wall time of a zone.
#pragma once

#include <optional>
#include <vector>

#include "deploy/environment.hpp"
#include "deploy/time.hpp"

namespace deploy {

/// When windows that follow one another leave no gap, they never end: 9999-12-31T23:59:59.999Z.
inline constexpr TimePoint kNeverOpens{std::chrono::milliseconds{253'402'300'799'999}};

/// When the window ends that `now` is in, those taken into account that begin before it ends; nullopt when `now` is in none.
/// Where clocks are changed: a time that exists twice begins a window the first time and ends it the second time, a time
/// that is skipped counts as the moment of the change. Throws Error{invalid_argument} for a zone that the system does not know.
[[nodiscard]] std::optional<TimePoint> frozen_until(const std::vector<FreezeWindow>& windows, TimePoint now);

}  // namespace deploy
