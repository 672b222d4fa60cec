// Waiting that can be cut short.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

#include "deploy/error.hpp"

namespace deploy {

/// Waits; throws Error{cancelled} as soon as `stop` asks.
inline void pause(std::chrono::milliseconds duration, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  wake.wait_for(lock, stop, duration, [] { return false; });
  if (stop.stop_requested()) throw Error(ErrorCode::cancelled, "support", "stopped on request while waiting");
}

}  // namespace deploy
