#include "interrupt.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace deployctl {

namespace {

constexpr char kCancelling[] = "\ncancelling: what was begun is being undone. Ctrl-C again leaves at once, without that.\n";
constexpr char kLeft[] = "\nleft in the middle. `deployctl resume` will finish or undo what was begun.\n";

// All that a signal handler may touch.
std::atomic<int> signal_pipe{-1};
std::atomic<int> signals{0};

void say(const char *text, std::size_t length) { [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text, length); }

extern "C" void on_signal(int) {
  const int saved = errno;
  if (signals.fetch_add(1) > 0) {
    say(kLeft, sizeof kLeft - 1);
    ::_exit(130);
  }
  [[maybe_unused]] const auto written = ::write(signal_pipe.load(), "!", 1);
  errno = saved;
}

extern "C" void on_broken_pipe(int) {}

// A handler, not SIG_IGN: programs that we start get the default back, and handlers do not outlive exec.
void handle(int number, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  ::sigaction(number, &action, nullptr);
}

}  // namespace

Interrupt::Interrupt() {
  if (::pipe2(pipe_, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  signal_pipe = pipe_[1];
  thread_ = std::thread([this] { run(); });
  handle(SIGINT, on_signal);
  handle(SIGTERM, on_signal);
  handle(SIGPIPE, on_broken_pipe);  // a closed pipe at our output must not end a deployment in the middle
}

Interrupt::~Interrupt() {
  handle(SIGINT, SIG_DFL);
  handle(SIGTERM, SIG_DFL);
  ::close(pipe_[1]);  // ends the thread
  thread_.join();
  ::close(pipe_[0]);
}

void Interrupt::run() {
  char byte = 0;
  for (;;) {
    const auto got = ::read(pipe_[0], &byte, 1);
    if (got == 1) note();
    else if (got == 0 || errno != EINTR) return;
  }
}

void Interrupt::note() {
  const std::lock_guard lock(mutex_);
  requested_ = true;
  if (!deployer_) return;
  say(kCancelling, sizeof kCancelling - 1);
  deploy_deployer_cancel(deployer_);
}

void Interrupt::watch(deploy_deployer *deployer) {
  const std::lock_guard lock(mutex_);
  deployer_ = deployer;
  if (requested_ && deployer_) deploy_deployer_cancel(deployer_);
}

bool Interrupt::requested() {
  const std::lock_guard lock(mutex_);
  return requested_;
}

}  // namespace deployctl
