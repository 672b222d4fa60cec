#include "ssh/openssh_stream.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>

#include <array>
#include <cerrno>

#include "ssh/exec_status.hpp"
#include "ssh/file_text.hpp"
#include "support/wakeup.hpp"

namespace deploy::ssh {

namespace {

constexpr std::chrono::milliseconds kLastBytesPatience{1'000};
constexpr int kStreamPollMs = 5;
// A connection's ordinary end must not be held up; for a command the answer decides between a result and an error.
constexpr std::chrono::milliseconds kMomentForTcp{30};
constexpr std::chrono::milliseconds kMomentForExec{1'000};

std::string next_log(const OpensshFiles& files) {
  static std::atomic<unsigned long> counter{0};
  return files.stream_log(++counter);
}

/// What is there now; resets the descriptor at the end of the stream.
void read_available(UniqueFd& from, StreamState& to) {
  std::array<char, 4096> bytes;
  while (from) {
    const ssize_t n = ::read(from.get(), bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) return from.reset();
    to.add_error_output({bytes.data(), static_cast<std::size_t>(n)});
  }
}

/// Bytes that the local peer wrote before it closed and that ssh has not taken yet.
void wait_for_last_bytes(int local) {
  const auto deadline = deadline_after(kLastBytesPatience);
  int unread = 0;
  while (ioctl(local, FIONREAD, &unread) == 0 && unread > 0 && SteadyClock::now() < deadline) poll(nullptr, 0, kStreamPollMs);
}

}  // namespace

OpensshStream::OpensshStream(std::shared_ptr<OpensshMaster> master, const Target& target, const Options& options, StreamRequest request, UniqueFd local,
                             std::shared_ptr<StreamState> state)
    : master_(std::move(master)), target_(target), options_(options), request_(std::move(request)), local_(std::move(local)), state_(std::move(state)),
      log_(next_log(master_->files())), thread_([this](const std::stop_token& stop) { run(stop); }) {}

OpensshStream::~OpensshStream() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
  ::unlink(log_.c_str());
}

void OpensshStream::run(const std::stop_token& stop) {
  try {
    carry(stop);
  } catch (...) {  // the top of a thread: the error reaches whoever uses the stream
    state_->set_failed(std::current_exception());
  }
  local_.reset();  // last, so that all is known by the time the other side sees the end
  finished_ = true;
}

void OpensshStream::carry(const std::stop_token& stop) {
  master_->ensure(stop);
  Pipe errors = make_pipe();
  Child child(stream_command(target_, options_, master_->files(), request_, log_), {local_.get(), local_.get(), errors.write.get()});
  errors.write.reset();
  state_->set_opened();
  wait_for_end(child, std::move(errors.read), stop);
}

bool OpensshStream::local_hung_up() const {
  pollfd fd{local_.get(), 0, 0};
  return poll(&fd, 1, 0) > 0 && (fd.revents & (POLLHUP | POLLERR)) != 0;
}

void OpensshStream::wait_for_end(Child& child, UniqueFd errors, const std::stop_token& stop) {
  fcntl(errors.get(), F_SETFL, O_NONBLOCK);
  const Wakeup stopped;
  const std::stop_callback on_stop(stop, [&stopped] { stopped.wake(); });
  while (!child.exit_code() && !stop.stop_requested() && !local_hung_up()) {
    std::array<pollfd, 4> fds{{{child.pidfd(), POLLIN, 0}, {stopped.fd(), POLLIN, 0}, {local_.get(), 0, 0}, {errors.get(), POLLIN, 0}}};
    poll(fds.data(), fds.size(), -1);
    read_available(errors, *state_);
  }
  if (!child.exit_code() && !stop.stop_requested()) wait_for_last_bytes(local_.get());
  const bool ended_by_itself = child.exit_code().has_value();
  child.end();
  read_available(errors, *state_);
  if (ended_by_itself) report(*child.exit_code());
  else state_->set_closed(std::nullopt, "");
}

void OpensshStream::report(int exit_code) {
  const StreamEnd end = stream_end(read_log(log_));
  const Error::Details details{{"host", to_string(target_)}, {"exit_code", std::to_string(exit_code)}, {"stderr", state_->error_output()}};
  const auto failed = [&](ErrorCode code, const std::string& message, Error::Details more) {
    state_->set_failed(std::make_exception_ptr(Error(code, "ssh", to_string(target_) + ": " + message, std::move(more))));
  };
  switch (end.kind) {
    case StreamEnd::Kind::refused:
      return report_refused(end.message);
    case StreamEnd::Kind::exited:
      if (could_not_run(end.exit_code))
        return failed(ErrorCode::unreachable, "the host cannot run " + describe(request_) + ": " + state_->diagnosis(), details);
      return state_->set_closed(end.exit_code, "");
    case StreamEnd::Kind::cut_off:
      return report_cut_off(exit_code);
  }
}

/// "connect failed" is the host's word about the port; anything else says nothing about what listens there.
void OpensshStream::report_refused(const std::string& message) {
  const std::string why = request_.kind == StreamRequest::Kind::tcp && !master_->gone(kMomentForTcp) ? master_->last_open_failure() : "";
  const ErrorCode code = why.starts_with("connect failed") ? ErrorCode::refused : ErrorCode::unreachable;
  state_->set_failed(std::make_exception_ptr(
      Error(code, "ssh", to_string(target_) + ": cannot reach " + describe(request_) + " from there: " + (why.empty() ? message : why),
            {{"host", to_string(target_)}})));
}

/// Either the far side ended in a way that the master does not tell, or the master itself did, a moment before or after.
void OpensshStream::report_cut_off(int exit_code) {
  const bool tcp = request_.kind == StreamRequest::Kind::tcp;
  if (master_->gone(tcp ? kMomentForTcp : kMomentForExec))
    return state_->set_closed(std::nullopt, to_string(target_) + ": the SSH session broke: " + master_->last_words());
  if (tcp) return state_->set_closed(std::nullopt, "");
  state_->set_closed(exit_code, "killed by a signal");
}

}  // namespace deploy::ssh
