#include "ssh/reactor.hpp"

#include <sys/epoll.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "deploy/error.hpp"

namespace deploy::ssh {

namespace {

constexpr std::uint64_t kWakeupSerial = 0;

// Both halves travel through epoll's 64 bits: descriptors are small, serials wrap after four thousand million watches.
std::uint64_t pack(int fd, std::uint64_t serial) { return serial << 32 | static_cast<std::uint32_t>(fd); }

void control(int epoll, int operation, int fd, std::uint32_t events, std::uint64_t data) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = data;
  if (epoll_ctl(epoll, operation, fd, &event) != 0)
    throw Error(ErrorCode::internal, "ssh", std::string("epoll_ctl: ") + std::strerror(errno));
}

}  // namespace

Reactor::Reactor() : epoll_(epoll_create1(EPOLL_CLOEXEC)) {
  if (!epoll_) throw Error(ErrorCode::io, "ssh", std::string("cannot make an epoll: ") + std::strerror(errno));
  control(epoll_.get(), EPOLL_CTL_ADD, wakeup_.fd(), EPOLLIN, pack(wakeup_.fd(), kWakeupSerial));
  thread_ = std::thread([this] { run(); });
}

Reactor::~Reactor() {
  post([this] { ending_ = true; });
  thread_.join();
}

void Reactor::post(Task task) {
  {
    const std::lock_guard lock(mutex_);
    posted_.push_back(std::move(task));
  }
  wakeup_.wake();
}

void Reactor::watch(int fd, std::uint32_t events, Ready ready) {
  const std::uint64_t serial = next_serial_++ & 0xffffffff;
  control(epoll_.get(), EPOLL_CTL_ADD, fd, events, pack(fd, serial));
  watched_[fd] = {serial, std::move(ready)};
}

void Reactor::change(int fd, std::uint32_t events) { control(epoll_.get(), EPOLL_CTL_MOD, fd, events, pack(fd, watched_.at(fd).serial)); }

void Reactor::unwatch(int fd) {
  if (watched_.erase(fd) > 0) control(epoll_.get(), EPOLL_CTL_DEL, fd, 0, 0);
}

Reactor::TimerId Reactor::call_at(SteadyClock::time_point when, Task task) {
  const TimerId id = next_timer_++;
  timers_.emplace(std::pair(when, id), std::move(task));
  return id;
}

void Reactor::cancel(TimerId timer) {
  std::erase_if(timers_, [timer](const auto& entry) { return entry.first.second == timer; });
}

int Reactor::wait_ms() const { return timers_.empty() ? -1 : poll_ms(timers_.begin()->first.first); }

void Reactor::run() {
  std::array<epoll_event, 64> events{};
  while (true) {
    run_posted();
    if (ending_) return run_posted();  // what the last tasks posted
    run_timers();
    const int count = epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), wait_ms());
    for (int i = 0; i < count; ++i) {
      const std::uint64_t data = events[static_cast<std::size_t>(i)].data.u64;
      dispatch(static_cast<int>(data & 0xffffffff), data >> 32, events[static_cast<std::size_t>(i)].events);
    }
  }
}

void Reactor::dispatch(int fd, std::uint64_t serial, std::uint32_t events) {
  if (fd == wakeup_.fd()) return wakeup_.clear();
  const auto found = watched_.find(fd);
  if (found == watched_.end() || found->second.serial != serial) return;  // closed, or reused, by an earlier callback
  const Ready ready = found->second.ready;  // a copy: the callback may unwatch itself
  ready(events);
}

void Reactor::run_posted() {
  std::vector<Task> tasks;
  do {
    tasks.clear();
    {
      const std::lock_guard lock(mutex_);
      tasks.swap(posted_);
    }
    for (Task& task : tasks) std::exchange(task, nullptr)();
  } while (ending_ && !tasks.empty());
}

void Reactor::run_timers() {
  const auto now = SteadyClock::now();
  while (!timers_.empty() && timers_.begin()->first.first <= now) {
    const Task task = std::move(timers_.begin()->second);
    timers_.erase(timers_.begin());
    task();
  }
}

}  // namespace deploy::ssh
