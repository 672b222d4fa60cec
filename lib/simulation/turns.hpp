// Threads that take turns, so that a seed decides who is faster and the same seed decides the same again.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "deploy/ports/workers.hpp"
#include "simulation/random.hpp"

namespace deploy::simulation {

/// Of all threads of run() only one runs at a time. It gives way at yield(), which simulated ports call, and when its part
/// is done. Nothing else may make it wait for another one: a lock that is held across yield() would never be given back.
/// A part may itself call run().
class Turns final : public Workers {
 public:
  explicit Turns(std::uint64_t seed) : random_(seed) {}

  void run(std::size_t count, const std::function<void(std::size_t)>& part) override;
  /// Lets the others have their turn, or not, as the seed says. Nothing happens where nobody else waits.
  void yield();
  /// While `work` runs nobody else gets a turn: for what happens within a call that may be made under a lock.
  void alone(const std::function<void()>& work);

 private:
  struct Thread {
    std::condition_variable wake;
    bool turn = false;
  };
  using Lock = std::unique_lock<std::mutex>;

  void take_part(Thread& self, const std::function<void()>& part);
  void give_turn(Lock& lock);
  void wait_for_turn(Lock& lock, Thread& self);

  std::mutex mutex_;
  Random random_;
  int alone_ = 0;
  std::vector<Thread*> waiting_;  // for their turn, in an order that depends on nothing but the seed
};

/// Turns as a port of one process.
class TakingTurns final : public Workers {
 public:
  explicit TakingTurns(Turns& turns) : turns_(turns) {}
  void run(std::size_t count, const std::function<void(std::size_t)>& part) override { turns_.run(count, part); }

 private:
  Turns& turns_;
};

}  // namespace deploy::simulation
