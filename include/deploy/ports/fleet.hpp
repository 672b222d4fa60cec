// Port: from a host to its engine.
#pragma once

#include "deploy/host.hpp"
#include "deploy/ports/engine.hpp"

namespace deploy {

/// Gives the engine of a host; connects lazily, keeps the connection, may be called from several threads. The reference
/// lives as long as the fleet. Since: 0.9
class Fleet {
 public:
  virtual ~Fleet() = default;
  [[nodiscard]] virtual Engine& engine(const Host& host) = 0;
};

}  // namespace deploy
