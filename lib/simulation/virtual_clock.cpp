#include "simulation/virtual_clock.hpp"

#include <algorithm>
#include <utility>

namespace deploy::simulation {

namespace {
using std::chrono::milliseconds;

// How long (in real time) a waiting thread that was woken may take to wait again, and how long nobody may do anything
// before a waiting thread moves time itself, so that a simulation never stands still for good.
constexpr milliseconds kTurn{50};
constexpr milliseconds kStandstill{1'000};

// Which clock this thread moves. Per thread, since a thread's id may be given to another once it has ended.
thread_local const VirtualClock* acting_in = nullptr;
}  // namespace

TimePoint VirtualClock::now() {
  const std::lock_guard lock(mutex_);
  ++activity_;
  return wall_ + elapsed_;
}

milliseconds VirtualClock::elapsed() {
  const std::lock_guard lock(mutex_);
  ++activity_;
  return elapsed_;
}

void VirtualClock::sleep(milliseconds duration, const std::stop_token& stop) {
  moves_time() ? move(duration, stop) : wait(duration, stop);
}

void VirtualClock::advance(milliseconds duration) { move(duration, {}); }

void VirtualClock::after(milliseconds delay, std::function<void()> act) {
  const std::lock_guard lock(mutex_);
  events_.emplace(elapsed_ + delay, std::move(act));
}

void VirtualClock::jump(milliseconds by) {
  const std::lock_guard lock(mutex_);
  wall_ += by;
}

void VirtualClock::act_here() { acting_in = this; }

bool VirtualClock::moves_time() const { return acting_in == this || creator_ == std::this_thread::get_id(); }

void VirtualClock::move(milliseconds duration, const std::stop_token& stop) {
  Lock lock(mutex_);
  ++activity_;
  const milliseconds target = elapsed_ + std::max(duration, milliseconds{0});
  while (!stop.stop_requested()) {
    if (pass_next(lock, target)) continue;
    reach(target);
    return;
  }
}

/// Moves to the next thing that happens until `target`; false when nothing does.
bool VirtualClock::pass_next(Lock& lock, milliseconds target) {
  const auto waiter = std::min_element(waiters_.begin(), waiters_.end(), [](const Waiter& a, const Waiter& b) { return a.due < b.due; });
  const bool have_waiter = waiter != waiters_.end() && waiter->due <= target;
  const bool have_event = !events_.empty() && events_.begin()->first <= target;
  if (have_event && (!have_waiter || events_.begin()->first <= waiter->due)) {
    run_event(lock);
    return true;
  }
  if (have_waiter) wake(lock, waiter);
  return have_waiter;
}

/// Without the lock: what happens may ask the clock, or schedule more.
void VirtualClock::run_event(Lock& lock) {
  auto event = events_.extract(events_.begin());
  reach(event.key());
  lock.unlock();
  event.mapped()();
  lock.lock();
}

/// Lets a waiting thread do its work before time goes on; it is through when it waits again.
void VirtualClock::wake(Lock& lock, std::list<Waiter>::iterator waiter) {
  const std::thread::id thread = waiter->thread;
  reach(waiter->due);
  waiters_.erase(waiter);
  changed_.notify_all();
  changed_.wait_for(lock, kTurn, [&] {
    return std::any_of(waiters_.begin(), waiters_.end(), [&](const Waiter& other) { return other.thread == thread; });
  });
}

void VirtualClock::wait(milliseconds duration, const std::stop_token& stop) {
  const std::stop_callback on_stop(stop, [this] { const std::lock_guard lock(mutex_); changed_.notify_all(); });
  Lock lock(mutex_);
  const milliseconds due = elapsed_ + std::max(duration, milliseconds{0});
  const std::thread::id self = std::this_thread::get_id();
  waiters_.push_back({due, self});
  changed_.notify_all();
  while (elapsed_ < due && !stop.stop_requested()) {
    const std::uint64_t seen = activity_;
    if (changed_.wait_for(lock, kStandstill) == std::cv_status::no_timeout || activity_ != seen) continue;
    while (pass_next(lock, due)) {}
    reach(due);
  }
  waiters_.remove_if([&](const Waiter& waiter) { return waiter.thread == self; });
}

void VirtualClock::reach(milliseconds moment) {
  elapsed_ = std::max(elapsed_, moment);
  changed_.notify_all();
}

}  // namespace deploy::simulation
