#include "support/subprocess.hpp"

#include <fcntl.h>
#include <poll.h>

#include <array>
#include <cerrno>

#include "deploy/error.hpp"
#include "support/child.hpp"
#include "support/deadline.hpp"
#include "support/one_line.hpp"
#include "support/sigpipe_guard.hpp"
#include "support/wakeup.hpp"

namespace deploy {

namespace {

void make_nonblocking(int fd) { fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK); }

/// One run: feeds standard input and collects both outputs until the child ends.
class Run {
 public:
  Run(const Command& command, const CallLimits& limits) : command_(command), limits_(limits) {}

  CommandResult to_end() {
    start();
    const std::stop_callback on_stop(limits_.stop, [this] { stop_.wake(); });
    while (!child_->exit_code()) wait_and_move();
    drain(out_.read, result_.output);
    drain(error_.read, result_.error);
    result_.exit_code = *child_->exit_code();
    return std::move(result_);
  }

 private:
  void start() {
    const UniqueFd terminal(command_.at_terminal ? ::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY) : -1);
    const int in = terminal ? terminal.get() : in_.read.get();
    child_.emplace(command_.argv, ChildStreams{in, out_.write.get(), error_.write.get()}, command_.env, command_.directory, command_.unset,
                   terminal ? ChildGroup::ours : ChildGroup::own);
    in_.read.reset();
    out_.write.reset();
    error_.write.reset();
    make_nonblocking(in_.write.get());
    make_nonblocking(out_.read.get());
    make_nonblocking(error_.read.get());
  }

  void wait_and_move() {
    check_limits();
    if (sent_ == command_.input.size()) in_.write.reset();
    std::array<pollfd, 5> fds{{{child_->pidfd(), POLLIN, 0},
                               {stop_.fd(), POLLIN, 0},
                               {in_.write.get(), POLLOUT, 0},
                               {out_.read.get(), POLLIN, 0},
                               {error_.read.get(), POLLIN, 0}}};
    poll(fds.data(), fds.size(), poll_ms(deadline_));
    if (fds[2].revents != 0) feed();
    if (fds[3].revents != 0) drain(out_.read, result_.output);
    if (fds[4].revents != 0) drain(error_.read, result_.error);
  }

  void check_limits() {
    const bool stopped = limits_.stop.stop_requested();
    if (!stopped && SteadyClock::now() < deadline_) return;
    child_.reset();  // kills and reaps
    if (stopped) throw Error(ErrorCode::cancelled, "process", command_.argv.front() + " was stopped on request", details());
    throw Error(ErrorCode::timeout, "process",
                command_.argv.front() + " did not end within " + std::to_string(limits_.timeout.count()) + " ms and was killed", details());
  }

  void feed() {
    const SigpipeGuard quiet;
    const ssize_t n = ::write(in_.write.get(), command_.input.data() + sent_, command_.input.size() - sent_);
    if (n > 0) sent_ += static_cast<std::size_t>(n);
    else if (n < 0 && errno != EAGAIN && errno != EINTR) in_.write.reset();  // it does not read: its exit code will tell
  }

  void drain(UniqueFd& from, std::string& to) {
    std::array<char, 64 * 1024> buffer;
    while (from) {
      const ssize_t n = ::read(from.get(), buffer.data(), buffer.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0 && errno == EAGAIN) return;
      if (n <= 0) return from.reset();
      if (to.size() + static_cast<std::size_t>(n) > command_.output_limit)
        throw Error(ErrorCode::protocol, "process", command_.argv.front() + " wrote more than " + std::to_string(command_.output_limit) + " bytes and was killed", details());
      to.append(buffer.data(), static_cast<std::size_t>(n));
    }
  }

  [[nodiscard]] Error::Details details() const { return {{"program", command_.argv.front()}, {"stderr", one_line(result_.error, 1000)}}; }

  const Command& command_;
  const CallLimits& limits_;
  const SteadyClock::time_point deadline_ = deadline_after(limits_.timeout);
  Pipe in_ = make_pipe();
  Pipe out_ = make_pipe();
  Pipe error_ = make_pipe();
  Wakeup stop_;
  std::optional<Child> child_;
  CommandResult result_;
  std::size_t sent_ = 0;
};

}  // namespace

CommandResult run_command(const Command& command, const CallLimits& limits) { return Run(command, limits).to_end(); }

}  // namespace deploy
