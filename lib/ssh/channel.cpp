#include "ssh/channel.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

#include "ssh/exec_status.hpp"

namespace deploy::ssh {

namespace {

constexpr std::size_t kBufferSize = 64 * 1024;

std::string last_error(LIBSSH2_SESSION* session) {
  char* text = nullptr;
  const int code = libssh2_session_last_error(session, &text, nullptr, 0);
  return std::string(text != nullptr ? text : "") + " [libssh2 " + std::to_string(code) + "]";
}

/// RFC 4254 names signals without "SIG"; the numbers are this system's, as a shell would report them.
int signal_number(std::string_view name) {
  struct Named {
    std::string_view name;
    int number;
  };
  static constexpr std::array<Named, 8> kSignals{{{"KILL", SIGKILL}, {"TERM", SIGTERM}, {"INT", SIGINT}, {"HUP", SIGHUP},
                                                  {"PIPE", SIGPIPE}, {"SEGV", SIGSEGV}, {"ABRT", SIGABRT}, {"QUIT", SIGQUIT}}};
  const auto found = std::find_if(kSignals.begin(), kSignals.end(), [&](const Named& n) { return n.name == name; });
  return found == kSignals.end() ? 0 : found->number;
}

}  // namespace

Channel::Channel(StreamRequest request, UniqueFd local, std::shared_ptr<StreamState> state)
    : request_(std::move(request)), local_(std::move(local)), state_(std::move(state)) {}

Channel::~Channel() = default;

/// EAGAIN becomes 0; what only the whole session can have caused is thrown.
int Channel::checked(const Context& context, long result) const {
  if (result >= 0) return static_cast<int>(result);
  if (result == LIBSSH2_ERROR_EAGAIN) return 0;
  if (result == LIBSSH2_ERROR_CHANNEL_CLOSED || result == LIBSSH2_ERROR_CHANNEL_EOF_SENT) return 0;  // this channel's own end
  throw Error(ErrorCode::connection_lost, "ssh", to_string(context.target) + ": the SSH session broke: " + last_error(context.session),
              {{"host", to_string(context.target)}});
}

bool Channel::step(const Context& context) {
  switch (phase_) {
    case Phase::opening: return open(context);
    case Phase::starting: return start(context);
    case Phase::running: return run(context);
    case Phase::closing: return close(context);
    case Phase::finished: return false;
  }
  return false;
}

bool Channel::open(const Context& context) {
  if (request_.kind == StreamRequest::Kind::exec) raw_ = libssh2_channel_open_session(context.session);
  else raw_ = libssh2_channel_direct_tcpip_ex(context.session, request_.host.c_str(), request_.port, "127.0.0.1", 0);
  if (raw_ == nullptr) {
    const int code = libssh2_session_last_errno(context.session);
    if (code == LIBSSH2_ERROR_EAGAIN) return false;
    if (code != LIBSSH2_ERROR_CHANNEL_FAILURE) checked(context, code);
    // "connect failed" is the host's word about the port; anything else says nothing about what listens there.
    const std::string why = last_error(context.session);
    const bool refused = request_.kind == StreamRequest::Kind::tcp && why.find("connect failed") != std::string::npos;
    fail_to_open(context, refused ? ErrorCode::refused : ErrorCode::unreachable, "cannot reach " + describe(request_) + " from there: " + why);
    return true;
  }
  out_.bytes.resize(kBufferSize);
  in_.bytes.resize(kBufferSize);
  phase_ = Phase::starting;
  return true;
}

bool Channel::start(const Context& context) {
  if (request_.kind == StreamRequest::Kind::exec) {
    const int result = libssh2_channel_process_startup(raw_, "exec", 4, request_.command.c_str(), static_cast<unsigned>(request_.command.size()));
    if (result == LIBSSH2_ERROR_EAGAIN) return false;
    if (result == LIBSSH2_ERROR_CHANNEL_REQUEST_DENIED) {
      fail_to_open(context, ErrorCode::refused, "the host does not run commands for this user (" + describe(request_) + ")");
      phase_ = Phase::closing;
      return true;
    }
    checked(context, result);
  }
  state_->set_opened();
  phase_ = Phase::running;
  return true;
}

bool Channel::run(const Context& context) {
  bool moved = take_local();
  moved |= send_remote(context);
  moved |= send_end(context);
  moved |= receive(context);
  moved |= receive_errors(context);
  moved |= notice_end(context);
  return moved;
}

bool Channel::take_local() {
  if (local_ended_ || !out_.empty()) return false;
  ssize_t n = 0;
  do n = ::recv(local_.get(), out_.bytes.data(), out_.bytes.size(), MSG_DONTWAIT);
  while (n < 0 && errno == EINTR);
  if (n < 0 && errno == EAGAIN) return false;
  if (n <= 0) local_ended_ = true;
  out_.begin = 0;
  out_.end = n > 0 ? static_cast<std::size_t>(n) : 0;
  return true;
}

bool Channel::send_remote(const Context& context) {
  bool moved = false;
  while (!out_.empty() && context.wire.may_write()) {
    const int n = checked(context, libssh2_channel_write_ex(raw_, 0, out_.data(), out_.size()));
    if (n == 0) break;  // no window: a readable socket will tell of more
    out_.begin += static_cast<std::size_t>(n);
    moved = true;
  }
  return moved;
}

bool Channel::send_end(const Context& context) {
  if (!local_ended_ || !out_.empty() || end_sent_) return false;
  const int result = libssh2_channel_send_eof(raw_);
  if (result == LIBSSH2_ERROR_EAGAIN) return false;
  checked(context, result);
  end_sent_ = true;
  return true;
}

bool Channel::receive(const Context& context) {
  if (!in_.empty() && !give_local()) {
    // A paused channel must not be read: 1.10 widens the window at each read, wanted or not. But the connection must be,
    // for the other channels and the peer's signs of life: waiting for the end does just that.
    if (!remote_ended_) checked(context, libssh2_channel_wait_eof(raw_));
    return false;
  }
  if (!in_.empty()) return true;
  const int n = checked(context, libssh2_channel_read_ex(raw_, 0, in_.bytes.data(), in_.bytes.size()));
  if (n == 0) return false;
  any_output_ = true;
  in_.begin = 0;
  in_.end = static_cast<std::size_t>(n);
  give_local();
  return true;
}

bool Channel::receive_errors(const Context& context) {
  if (request_.kind == StreamRequest::Kind::tcp || !in_.empty()) return false;  // none there, or paused: see receive()
  std::array<char, 4096> text;
  bool moved = false;
  while (const int n = checked(context, libssh2_channel_read_ex(raw_, SSH_EXTENDED_DATA_STDERR, text.data(), text.size()))) {
    state_->add_error_output({text.data(), static_cast<std::size_t>(n)});
    moved = true;
  }
  return moved;
}

bool Channel::give_local() {
  ssize_t n = 0;
  do n = ::send(local_.get(), in_.data(), in_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  while (n < 0 && errno == EINTR);
  if (n < 0 && errno == EAGAIN) return false;
  if (n < 0) {  // nobody there any more
    local_hung_up_ = true;
    in_.begin = in_.end;
  } else {
    in_.begin += static_cast<std::size_t>(n);
  }
  return true;
}

bool Channel::notice_end(const Context& context) {
  if (local_hung_up_ && local_ended_ && out_.empty()) {  // what it wrote before is still delivered
    begin_closing(context.reactor);
    return true;
  }
  if (!in_.empty() || libssh2_channel_eof(raw_) != 1) return false;
  remote_ended_ = true;
  // A program's end of output is passed on when it has ended, so that its exit code and last words are there by then.
  if (request_.kind == StreamRequest::Kind::tcp && !end_given_) {
    ::shutdown(local_.get(), SHUT_WR);
    end_given_ = true;
    return true;
  }
  const bool both_ended = end_sent_ && request_.kind == StreamRequest::Kind::tcp;
  if (!both_ended && libssh2_channel_wait_closed(raw_) != 0) return false;
  report_end(context);
  begin_closing(context.reactor);
  return true;
}

void Channel::report_end(const Context& context) {
  if (request_.kind == StreamRequest::Kind::tcp) return state_->set_closed(std::nullopt, "");
  int code = libssh2_channel_get_exit_status(raw_);
  char* signal = nullptr;
  libssh2_channel_get_exit_signal(raw_, &signal, nullptr, nullptr, nullptr, nullptr, nullptr);
  std::string trouble;
  if (signal != nullptr) {
    trouble = "killed by signal " + std::string(signal);
    code = 128 + signal_number(signal);
    libssh2_free(context.session, signal);
  }
  if (!any_output_ && could_not_run(code)) {
    state_->set_failed(std::make_exception_ptr(Error(ErrorCode::unreachable, "ssh",
        to_string(context.target) + ": the host cannot run " + describe(request_) + ": " + state_->diagnosis(),
        {{"host", to_string(context.target)}, {"exit_code", std::to_string(code)}, {"stderr", state_->error_output()}})));
    return;
  }
  state_->set_closed(code, trouble);
}

void Channel::begin_closing(Reactor& reactor) {
  state_->set_closed(std::nullopt, "");  // does nothing when the end was reported already
  drop_local(reactor);
  phase_ = Phase::closing;
}

bool Channel::close(const Context& context) {
  const int result = libssh2_channel_free(raw_);  // closes first, and waits for the peer to close
  if (result == LIBSSH2_ERROR_EAGAIN) return false;
  checked(context, result);
  raw_ = nullptr;
  phase_ = Phase::finished;
  return true;
}

void Channel::fail_to_open(const Context& context, ErrorCode code, const std::string& why) {
  state_->set_failed(std::make_exception_ptr(Error(code, "ssh", to_string(context.target) + ": " + why, {{"host", to_string(context.target)}})));
  drop_local(context.reactor);
  phase_ = Phase::finished;
}

void Channel::abandon(Reactor& reactor, const Error& cause) {
  const bool unopened = phase_ == Phase::opening || phase_ == Phase::starting;
  // The session was lost, but of this stream nothing had been sent.
  const ErrorCode code = cause.code() == ErrorCode::connection_lost ? ErrorCode::unreachable : cause.code();
  if (unopened) state_->set_failed(std::make_exception_ptr(Error(code, "ssh", cause.what(), cause.details())));
  else state_->set_closed(std::nullopt, cause.what());
  drop_local(reactor);
  phase_ = Phase::finished;
}

void Channel::drop_local(Reactor& reactor) {
  if (watched_) reactor.unwatch(local_.get());
  watched_ = false;
  local_.reset();
}

void Channel::update_interest(const Context& context) {
  if (phase_ != Phase::running || local_hung_up_ || !local_) return;
  const std::uint32_t wanted = (!local_ended_ && out_.empty() ? EPOLLIN : 0u) | (!in_.empty() ? EPOLLOUT : 0u);
  if (watched_ && wanted == interest_) return;
  interest_ = wanted;
  if (watched_) return context.reactor.change(local_.get(), wanted);
  watched_ = true;
  context.reactor.watch(local_.get(), wanted, [this, wake = context.wake, &reactor = context.reactor](std::uint32_t events) {
    if ((events & (EPOLLHUP | EPOLLERR)) != 0) {  // level-triggered and not maskable: it would wake us for ever
      local_hung_up_ = true;
      watched_ = false;
      reactor.unwatch(local_.get());
    }
    wake();
  });
}

}  // namespace deploy::ssh
