#include "simulation/turns.hpp"

#include <algorithm>
#include <thread>

namespace deploy::simulation {

namespace {
// Half of all calls: often enough for every interleaving, seldom enough to be quick.
constexpr unsigned kGivesWay = 50;
}  // namespace

void Turns::run(std::size_t count, const std::function<void(std::size_t)>& part) {
  if (count == 0) return;
  if (count == 1) return part(0);
  if (alone_ > 0) {  // read by the one thread that runs
    for (std::size_t i = 0; i < count; ++i) part(i);
    return;
  }
  Thread self;
  std::vector<std::unique_ptr<Thread>> threads;
  for (std::size_t i = 0; i < count; ++i) threads.push_back(std::make_unique<Thread>());
  std::size_t left = count;
  {
    std::vector<std::jthread> running;
    {
      const std::lock_guard lock(mutex_);
      for (const auto& thread : threads) waiting_.push_back(thread.get());
    }
    for (std::size_t i = 0; i < count; ++i)
      running.emplace_back([&, i] {
        take_part(*threads[i], [&] { part(i); });
        Lock lock(mutex_);
        if (--left == 0) waiting_.push_back(&self);  // whoever started them goes on when all are done
        give_turn(lock);
      });
    Lock lock(mutex_);
    give_turn(lock);
    wait_for_turn(lock, self);
  }
}

void Turns::take_part(Thread& self, const std::function<void()>& part) {
  {
    Lock lock(mutex_);
    wait_for_turn(lock, self);
  }
  part();
}

void Turns::yield() {
  Lock lock(mutex_);
  if (waiting_.empty() || alone_ > 0 || !random_.chance(kGivesWay)) return;
  Thread self;
  waiting_.push_back(&self);
  give_turn(lock);
  wait_for_turn(lock, self);
}

void Turns::alone(const std::function<void()>& work) {
  ++alone_;
  work();
  --alone_;
}

void Turns::give_turn(Lock&) {
  if (waiting_.empty()) return;
  const auto next = waiting_.begin() + static_cast<std::ptrdiff_t>(random_.below(waiting_.size()));
  Thread& thread = **next;
  waiting_.erase(next);
  thread.turn = true;
  thread.wake.notify_one();
}

void Turns::wait_for_turn(Lock& lock, Thread& self) {
  self.wake.wait(lock, [&] { return self.turn; });
  self.turn = false;
}

}  // namespace deploy::simulation
