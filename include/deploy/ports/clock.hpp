// Port: time.
#pragma once

#include <chrono>
#include <stop_token>

#include "deploy/time.hpp"

namespace deploy {

/// Since: 0.9
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual TimePoint now() = 0;                       ///< wall clock; may jump
  [[nodiscard]] virtual std::chrono::milliseconds elapsed() = 0;   ///< monotonic, from an arbitrary start
  /// Returns early when `stop` asks.
  virtual void sleep(std::chrono::milliseconds duration, const std::stop_token& stop) = 0;
  /// False for time that only passes when somebody sleeps or sets it, as in a simulation. Leases are then renewed before each act alone; else
  /// by a thread as well, which waits in real time and asks elapsed() whether it is due.
  [[nodiscard]] virtual bool passes_by_itself() const noexcept { return true; }
};

}  // namespace deploy
