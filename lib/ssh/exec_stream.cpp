#include "ssh/exec_stream.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "support/deadline.hpp"
#include "support/wakeup.hpp"

namespace deploy::ssh {

namespace {

constexpr std::size_t kMostOutput = std::size_t{64} << 20;
constexpr const char* kUnknown = "whether it took effect is unknown";

class Run {
 public:
  Run(ExecStream& stream, const std::string& input, const CallLimits& limits)
      : stream_(stream), input_(input), limits_(limits), deadline_(deadline_after(limits.timeout)) {}

  ExecResult to_end() {
    const std::stop_callback on_stop(limits_.stop, [this] { stop_.wake(); });
    while (!ended_) {
      check_limits();
      wait();
      send_input();
      receive_output();
    }
    if (!stream_.state.wait_closed({left(), limits_.stop})) check_limits();
    return result();
  }

 private:
  [[nodiscard]] std::chrono::milliseconds left() const { return std::chrono::milliseconds(poll_ms(deadline_)); }

  void wait() const {
    const short output = sent_ < input_.size() || !input_ended_ ? POLLOUT : short{0};
    std::array<pollfd, 2> fds{{{stream_.socket.get(), static_cast<short>(POLLIN | output), 0}, {stop_.fd(), POLLIN, 0}}};
    poll(fds.data(), fds.size(), poll_ms(deadline_));
  }

  void send_input() {
    while (sent_ < input_.size()) {
      const ssize_t n = ::send(stream_.socket.get(), input_.data() + sent_, input_.size() - sent_, MSG_NOSIGNAL | MSG_DONTWAIT);
      if (n < 0 && errno == EAGAIN) return;
      if (n < 0) break;  // the program does not read on: its exit code tells
      sent_ += static_cast<std::size_t>(n);
    }
    if (std::exchange(input_ended_, true)) return;
    sent_ = input_.size();
    ::shutdown(stream_.socket.get(), SHUT_WR);
  }

  void receive_output() {
    std::array<char, 64 * 1024> bytes;
    while (!ended_) {
      const ssize_t n = ::recv(stream_.socket.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
      if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
      if (n <= 0) ended_ = true;
      else output_.append(bytes.data(), static_cast<std::size_t>(n));
      if (output_.size() > kMostOutput) throw error(ErrorCode::protocol, "wrote more than " + std::to_string(kMostOutput) + " bytes and was let go of");
    }
  }

  void check_limits() const {
    const bool opened = stream_.state.opened();
    const std::string effect = opened ? kUnknown : "it was not started";
    if (limits_.stop.stop_requested()) throw error(ErrorCode::cancelled, "was stopped on request: " + effect);
    if (SteadyClock::now() >= deadline_)
      throw error(opened ? ErrorCode::timeout : ErrorCode::unreachable, "did not end within " + std::to_string(limits_.timeout.count()) + " ms: " + effect);
  }

  [[nodiscard]] ExecResult result() {
    if (const std::exception_ptr failure = stream_.state.failure()) return result_of_failure(failure);
    const std::optional<int> code = stream_.state.exit_code();
    if (!code) throw error(ErrorCode::connection_lost, "was cut off: " + std::string(kUnknown));
    return {*code, std::move(output_), stream_.state.error_output()};
  }

  /// A command that the shell could not run is a stream that never opened, but for exec() an ordinary result.
  [[nodiscard]] ExecResult result_of_failure(const std::exception_ptr& failure) {
    try {
      std::rethrow_exception(failure);
    } catch (const Error& cause) {
      const auto code = cause.details().find("exit_code");
      if (code == cause.details().end()) throw;
      return {std::stoi(code->second), std::move(output_), stream_.state.error_output()};
    }
  }

  [[nodiscard]] Error error(ErrorCode code, const std::string& what) const {
    std::string message = stream_.host + ": " + stream_.program + " " + what;
    const std::string diagnosis = stream_.state.diagnosis();
    if (!diagnosis.empty()) message += "; " + diagnosis;
    return Error(code, "ssh", message, {{"host", stream_.host}, {"stderr", stream_.state.error_output()}});
  }

  ExecStream& stream_;
  const std::string& input_;
  const CallLimits& limits_;
  const SteadyClock::time_point deadline_;
  Wakeup stop_;
  std::string output_;
  std::size_t sent_ = 0;
  bool input_ended_ = false;
  bool ended_ = false;
};

}  // namespace

ExecResult run_exec_stream(ExecStream stream, const std::string& input, const CallLimits& limits) {
  return Run(stream, input, limits).to_end();
}

}  // namespace deploy::ssh
