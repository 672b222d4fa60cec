// The built-in Workers: a thread for each part.
#pragma once

#include <thread>
#include <vector>

#include "deploy/ports/workers.hpp"

namespace deploy {

/// The calling thread does the first part itself. Thread-safe.
class ThreadWorkers final : public Workers {
 public:
  void run(std::size_t count, const std::function<void(std::size_t)>& part) override {
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < count; ++i) others.emplace_back(part, i);
    if (count > 0) part(0);
  }
};

}  // namespace deploy
