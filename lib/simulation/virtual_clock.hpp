// Time that passes only when somebody sleeps.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <thread>

#include "deploy/ports/clock.hpp"

namespace deploy::simulation {

/// A clock whose sleep() costs no real time. What was scheduled with after() happens on the way, at its own moment.
///
/// Two kinds of threads sleep in a simulation. Those that act (the thread that made the clock, and every thread that
/// called act_here(), as each simulated port does) move time forward by sleeping; sleeps of several such threads add up.
/// The others, such as a thread that renews a lease, only wait for time to pass: else an idle heartbeat would race
/// through hours. An acting thread that passes their moment lets them run before it goes on. Thread-safe.
class VirtualClock final : public Clock {
 public:
  static constexpr TimePoint kStart = std::chrono::sys_days{std::chrono::year{2026} / 1 / 5} + std::chrono::hours{10};  ///< a Monday

  explicit VirtualClock(TimePoint start = kStart) : wall_(start), creator_(std::this_thread::get_id()) {}

  TimePoint now() override;
  std::chrono::milliseconds elapsed() override;
  void sleep(std::chrono::milliseconds duration, const std::stop_token& stop) override;
  [[nodiscard]] bool passes_by_itself() const noexcept override { return false; }

  /// Moves time forward, as the acting threads' sleep does.
  void advance(std::chrono::milliseconds duration);
  /// Runs `act` once `delay` has passed, on the thread that moves time past it; it may use every part of the simulation.
  void after(std::chrono::milliseconds delay, std::function<void()> act);
  /// Somebody sets the wall clock; elapsed() does not notice.
  void jump(std::chrono::milliseconds by);
  /// From now on the calling thread moves time forward when it sleeps.
  void act_here();

 private:
  struct Waiter {
    std::chrono::milliseconds due;
    std::thread::id thread;
  };
  using Lock = std::unique_lock<std::mutex>;

  bool moves_time() const;
  void move(std::chrono::milliseconds duration, const std::stop_token& stop);
  bool pass_next(Lock& lock, std::chrono::milliseconds target);
  void run_event(Lock& lock);
  void wake(Lock& lock, std::list<Waiter>::iterator waiter);
  void wait(std::chrono::milliseconds duration, const std::stop_token& stop);
  void reach(std::chrono::milliseconds moment);

  std::mutex mutex_;
  std::condition_variable changed_;
  TimePoint wall_;                       // at elapsed_ == 0
  std::chrono::milliseconds elapsed_{0};
  std::uint64_t activity_ = 0;           // counts calls: a sign that somebody is still busy
  std::thread::id creator_;
  std::multimap<std::chrono::milliseconds, std::function<void()>> events_;
  std::list<Waiter> waiters_;
};

}  // namespace deploy::simulation
