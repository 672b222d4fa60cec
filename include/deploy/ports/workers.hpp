// Port: work that is done side by side.
#pragma once

#include <cstddef>
#include <functional>

namespace deploy {

/// Runs the parts of one piece of work, each on its own host. The built-in one gives every part a thread of its own; an
/// embedder may use a pool, and the simulator takes turns so that a seed decides who is faster. Since: 0.9
class Workers {
 public:
  virtual ~Workers() = default;
  /// Calls part(0) ... part(count - 1), in any order or at the same time, and returns when all have returned. No part throws.
  virtual void run(std::size_t count, const std::function<void(std::size_t)>& part) = 0;
};

}  // namespace deploy
