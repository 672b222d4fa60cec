#include "store/holder.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace deploy;

namespace {
/// A child that does nothing until it is killed.
class Child {
 public:
  Child() : pid_(::fork()) {
    if (pid_ == 0)
      for (;;) ::pause();
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() { reap(); }
  void kill() const { ::kill(pid_, SIGKILL); }
  void wait_until_dead() const {
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT);
  }
  void reap() {
    if (pid_ <= 0) return;
    kill();
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }
  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  pid_t pid_;
};

std::string with_part(const std::string& machine, int index, const std::string& value) {
  std::size_t from = 0;
  for (int i = 0; i < index; ++i) from = machine.find('/', from) + 1;
  const std::size_t to = machine.find('/', from);
  return machine.substr(0, from) + value + (to == std::string::npos ? "" : machine.substr(to));
}
constexpr int kHost = 0, kBoot = 2, kNamespace = 3;

/// A holder that is this machine's process `pid`; its start time is read as ours is, by naming ourselves in its place.
LeaseHolder holder_with(pid_t pid, const std::string& start) {
  LeaseHolder holder = current_holder("alice");
  holder.process = pid;
  holder.process_start = start;
  return holder;
}
}  // namespace

TEST_CASE("this process names itself and is alive") {
  const LeaseHolder us = current_holder("alice");
  CHECK(us.actor == "alice");
  CHECK(us.process == ::getpid());
  CHECK_FALSE(us.process_start.empty());
  CHECK(us == current_holder("alice"));
  CHECK_FALSE(holder_is_dead(us));
}

TEST_CASE("a pid that has another process by now does not keep the lease") {
  CHECK(holder_is_dead(holder_with(::getpid(), "1")));
}

TEST_CASE("a process that is gone is dead, and a zombie that nobody has reaped yet also") {
  Child child;
  const pid_t pid = child.pid();
  CHECK(holder_is_dead(holder_with(pid, "1")));
  child.kill();
  child.wait_until_dead();
  CHECK(holder_is_dead(holder_with(pid, current_holder("").process_start)));
  child.reap();
  CHECK(holder_is_dead(holder_with(pid, "1")));
}

TEST_CASE("after a reboot of the machine its holders are dead") {
  LeaseHolder holder = current_holder("alice");
  holder.machine = with_part(holder.machine, kBoot, "an-earlier-boot");
  CHECK(holder_is_dead(holder));
}

TEST_CASE("of another machine, another container, or a holder that is named otherwise, nothing is claimed") {
  LeaseHolder holder = holder_with(::getpid(), "1");
  const std::string machine = holder.machine;
  for (const std::string& other : {with_part(machine, kHost, "other-host"), with_part(machine, kNamespace, "pid:[1]"), std::string("embedder-7"), std::string()}) {
    holder.machine = other;
    CHECK_MESSAGE(!holder_is_dead(holder), other);
  }
  holder = holder_with(::getpid(), "");
  CHECK_FALSE(holder_is_dead(holder));
}
