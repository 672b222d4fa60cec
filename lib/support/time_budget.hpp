// One call's time, shared by the several requests that it is made of.
#pragma once

#include <chrono>
#include <string_view>

#include "deploy/call.hpp"
#include "support/deadline.hpp"

namespace deploy {

/// Starts counting when it is made from the caller's limits; each request then gets what is left.
class TimeBudget {
 public:
  explicit TimeBudget(const CallLimits& limits) : end_(deadline_after(limits.timeout)), stop_(limits.stop) {}

  [[nodiscard]] std::chrono::milliseconds left() const;
  /// What is left as limits of the next request. Throws Error{timeout} of that area when nothing is, and Error{cancelled}.
  [[nodiscard]] CallLimits rest(std::string_view area, std::string_view what) const;
  /// Sleeps; returns early when stopped.
  void sleep(std::chrono::milliseconds duration) const;

 private:
  SteadyClock::time_point end_;
  std::stop_token stop_;
};

}  // namespace deploy
