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
};

}  // namespace deploy
