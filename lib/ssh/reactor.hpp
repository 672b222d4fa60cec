// The one thread that owns every libssh2 session: epoll, posted work, timers.
//
// A deployer has one; its thread ends with it. All callbacks run on that thread and must not block.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include "support/deadline.hpp"
#include "support/unique_fd.hpp"
#include "support/wakeup.hpp"

namespace deploy::ssh {

class Reactor {
 public:
  using Task = std::function<void()>;
  using Ready = std::function<void(std::uint32_t events)>;  // EPOLL* bits
  using TimerId = std::uint64_t;

  Reactor();
  /// Runs what was posted before, then ends the thread. Whatever used the reactor must be gone or going by then.
  ~Reactor();
  Reactor(const Reactor&) = delete;
  Reactor& operator=(const Reactor&) = delete;

  /// From any thread: runs the task on the reactor's. Tasks run in the order of posting and do not throw.
  void post(Task task);

  // The rest is for the reactor's thread alone.

  /// Calls `ready` whenever one of `events` (or a hang-up) is there. Level-triggered.
  void watch(int fd, std::uint32_t events, Ready ready);
  void change(int fd, std::uint32_t events);
  void unwatch(int fd);

  TimerId call_at(SteadyClock::time_point when, Task task);
  void cancel(TimerId timer);

 private:
  struct Watched {
    std::uint64_t serial;  // tells a reused descriptor from the one an event was for
    Ready ready;
  };

  void run();
  void run_posted();
  void run_timers();
  [[nodiscard]] int wait_ms() const;
  void dispatch(int fd, std::uint64_t serial, std::uint32_t events);

  UniqueFd epoll_;
  Wakeup wakeup_;
  std::mutex mutex_;
  std::vector<Task> posted_;
  bool ending_ = false;
  std::unordered_map<int, Watched> watched_;
  std::uint64_t next_serial_ = 1;
  std::map<std::pair<SteadyClock::time_point, TimerId>, Task> timers_;
  TimerId next_timer_ = 1;
  std::thread thread_;
};

}  // namespace deploy::ssh
