#include "support/time_budget.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "deploy/error.hpp"

namespace deploy {

std::chrono::milliseconds TimeBudget::left() const {
  const auto rest = std::chrono::ceil<std::chrono::milliseconds>(end_ - SteadyClock::now());
  return std::max(rest, std::chrono::milliseconds{0});
}

CallLimits TimeBudget::rest(std::string_view area, std::string_view what) const {
  if (stop_.stop_requested()) throw Error(ErrorCode::cancelled, std::string(area), fmt::format("{}: stopped on request", what));
  const auto rest = left();
  if (rest <= std::chrono::milliseconds{0})
    throw Error(ErrorCode::timeout, std::string(area), fmt::format("{}: the time allowed for the call is over", what));
  return CallLimits{rest, stop_};
}

void TimeBudget::sleep(std::chrono::milliseconds duration) const {
  std::mutex mutex;
  std::condition_variable_any wakes;
  std::unique_lock lock(mutex);
  wakes.wait_for(lock, stop_, duration, [] { return false; });
}

}  // namespace deploy
