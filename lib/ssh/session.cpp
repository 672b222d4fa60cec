#include "ssh/session.hpp"

#include <sys/epoll.h>

#include <algorithm>

#include "ssh/file_text.hpp"
#include "ssh/host_key_advice.hpp"
#include "ssh/local_user.hpp"
#include "support/one_line.hpp"

namespace deploy::ssh {

namespace {

// A busy session gives the others a turn after so many passes.
constexpr int kMostPasses = 64;
// libssh2 sends keepalives at most every two seconds, so that less patience than this would condemn the healthy.
constexpr std::chrono::milliseconds kShortestStall{3'000};

void initialise_libssh2() {
  static const int result = libssh2_init(0);
  if (result != 0) throw Error(ErrorCode::internal, "ssh", "libssh2 cannot be initialised");
}

ssize_t on_send(libssh2_socket_t, const void* data, std::size_t size, int, void** abstract) {
  return static_cast<WireSocket*>(*abstract)->send(static_cast<const char*>(data), size);
}

ssize_t on_receive(libssh2_socket_t, void* data, std::size_t size, int, void** abstract) {
  return static_cast<WireSocket*>(*abstract)->receive(static_cast<char*>(data), size);
}

LIBSSH2_SESSION* new_raw_session(WireSocket& wire, std::chrono::milliseconds keepalive) {
  initialise_libssh2();
  LIBSSH2_SESSION* raw = libssh2_session_init_ex(nullptr, nullptr, nullptr, &wire);
  if (raw == nullptr) throw std::bad_alloc();
  libssh2_session_set_blocking(raw, 0);
  libssh2_session_flag(raw, LIBSSH2_FLAG_SIGPIPE, 1);
  libssh2_session_callback_set(raw, LIBSSH2_CALLBACK_SEND, reinterpret_cast<void*>(&on_send));
  libssh2_session_callback_set(raw, LIBSSH2_CALLBACK_RECV, reinterpret_cast<void*>(&on_receive));
  libssh2_keepalive_config(raw, 1, static_cast<unsigned>(std::max<std::int64_t>(1, keepalive.count() / 1000)));
  return raw;
}

/// The names under which a key of that type is negotiated, as far as this libssh2 knows them.
std::vector<std::string> algorithms_for(LIBSSH2_SESSION* session, const std::string& type) {
  const char** supported = nullptr;
  const int count = libssh2_session_supported_algs(session, LIBSSH2_METHOD_HOSTKEY, &supported);
  std::vector<std::string> result;
  for (const char* name : {"rsa-sha2-512", "rsa-sha2-256", type.c_str()}) {
    if (type != "ssh-rsa" && name != type.c_str()) continue;
    if (std::any_of(supported, supported + std::max(count, 0), [&](const char* s) { return std::string_view(s) == name; })) result.emplace_back(name);
  }
  if (count > 0) libssh2_free(session, supported);
  return result;
}

}  // namespace

// The wire must be severed before: the peer is not waited for.
void RawSessionFree::operator()(LIBSSH2_SESSION* session) const noexcept {
  for (int i = 0; i < 100 && libssh2_session_free(session) == LIBSSH2_ERROR_EAGAIN; ++i) {
  }
}

Session::Session(Reactor& reactor, const Target& target, const Options& options, Died died)
    : reactor_(reactor), target_(target), options_(options), died_(std::move(died)) {}

Session::~Session() {
  *alive_ = false;
  died_ = nullptr;
  if (phase_ == Phase::ready) libssh2_session_disconnect(raw_.get(), "done");  // a courtesy; sent if the socket takes it
  die(Error(ErrorCode::cancelled, "ssh", to_string(target_) + ": the SSH session was closed"));
}

void Session::connect() {
  phase_ = Phase::connecting;
  connector_ = std::make_unique<Connector>(
      reactor_, target_, options_.connect_timeout, [this](UniqueFd socket) { begin(std::move(socket)); },
      [this](const std::string& why) {
        die(Error(ErrorCode::unreachable, "ssh", to_string(target_) + ": " + why, {{"host", to_string(target_)}}));
      });
}

void Session::connect_over(UniqueFd socket, std::shared_ptr<StreamState> stream) {
  carried_by_ = std::move(stream);
  begin(std::move(socket));
}

void Session::begin(UniqueFd socket) {
  phase_ = Phase::handshake;
  try {
    wire_ = std::make_unique<WireSocket>(std::move(socket), options_.send_buffer);
    raw_.reset(new_raw_session(*wire_, options_.keepalive));
    known_hosts_ = parse_known_hosts(read_known_hosts(known_hosts_file(options_.known_hosts)));
    prefer_recorded_keys();
    watch_wire();
  } catch (const Error& error) {
    return die(error);
  }
  // Over a jump host the connection is still being made at this point: its time comes on top.
  arm(options_.handshake_timeout + (carried_by_ ? options_.connect_timeout + options_.handshake_timeout : std::chrono::milliseconds(0)));
  drive();
}

// libssh2 prefers ECDSA; a host that is recorded by its ed25519 key alone would look like an impostor.
void Session::prefer_recorded_keys() {
  if (any_key_type_) return;
  std::string list;
  wanted_key_types_ = recorded_types(known_hosts_, target_.host, target_.port);
  for (const std::string& type : wanted_key_types_)
    for (const std::string& name : algorithms_for(raw_.get(), type)) list += (list.empty() ? "" : ",") + name;
  if (!list.empty()) libssh2_session_method_pref(raw_.get(), LIBSSH2_METHOD_HOSTKEY, list.c_str());
}

void Session::open(StreamRequest request, UniqueFd local, std::shared_ptr<StreamState> state) {
  channels_.push_back(std::make_unique<Channel>(std::move(request), std::move(local), std::move(state)));
  drive();
}

/// Any libssh2 call may take bytes for others off the socket, and no event tells of them again: pass after pass, until
/// one neither moved nor received anything, and nothing came after it either.
void Session::drive() {
  if (driving_ || !in_session()) return;
  driving_ = true;
  bool more = true;
  try {
    for (int i = 0; more && i < kMostPasses && in_session(); ++i) {
      const std::uint64_t received = wire_->received();
      const bool flushed = wire_->flush();
      more = pass() || flushed || wire_->received() != received || take_the_rest();
    }
    update_interest();
  } catch (const Error& error) {
    die(error);
  }
  driving_ = false;
  if (more && in_session())
    reactor_.post([this, alive = alive_] {
      if (*alive) drive();
    });
}

/// What no channel asks for now (replies to keepalives, the peer's goodbye), and what came after the last look of one.
bool Session::take_the_rest() {
  if (!in_session()) return false;
  const bool taken = wire_->receive_ahead();
  if (phase_ == Phase::ready && channels_.empty() && !wire_->may_receive_ahead()) throw lost("the host closed the idle SSH session");
  return taken;
}

bool Session::pass() {
  switch (phase_) {
    case Phase::handshake: return step_handshake();
    case Phase::authentication: return step_authentication();
    case Phase::ready: return step_channels();
    case Phase::idle:
    case Phase::connecting:
    case Phase::dead: return false;
  }
  return false;
}

bool Session::step_handshake() {
  const int result = libssh2_session_handshake(raw_.get(), wire_->fd());
  if (result == LIBSSH2_ERROR_EAGAIN) return false;
  if (result != 0 && (look_again(result) || try_again(result))) return false;
  if (result != 0) throw handshake_error(result);
  check_host_key();
  authenticator_ = std::make_unique<Authenticator>(target_, options_);
  phase_ = Phase::authentication;
  return true;
}

bool Session::step_authentication() {
  if (authenticator_->step(raw_.get()) == Authenticator::Step::again) return false;
  authenticator_.reset();
  phase_ = Phase::ready;
  arm(options_.keepalive);
  return true;
}

bool Session::step_channels() {
  const Channel::Context context{reactor_, raw_.get(), *wire_, target_, [this] { drive(); }};
  bool moved = false;
  bool somebody_opens = false;
  for (const auto& channel : channels_) {
    if (channel->opening() && std::exchange(somebody_opens, true)) continue;
    const bool was_opening = channel->opening();
    moved |= channel->step(context);
    if (was_opening && !channel->opening()) somebody_opens = false;
  }
  std::erase_if(channels_, [](const auto& channel) { return channel->finished(); });
  return moved;
}

void Session::update_interest() {
  if (!in_session()) return;
  watch_wire();
  if (phase_ != Phase::ready) return;
  const Channel::Context context{reactor_, raw_.get(), *wire_, target_, [this] { drive(); }};
  for (const auto& channel : channels_) channel->update_interest(context);
}

void Session::watch_wire() {
  // An ended connection would wake us for ever (a hang-up cannot be masked); the channels still have what came before.
  const std::uint32_t wanted = wire_->ended() ? 0u : (wire_->may_receive_ahead() ? EPOLLIN : 0u) | (wire_->unsent() ? EPOLLOUT : 0u);
  const bool watch = !wire_->ended();
  if (watch && !watching_) reactor_.watch(wire_->fd(), wanted, [this](std::uint32_t) { drive(); });
  else if (!watch && watching_) reactor_.unwatch(wire_->fd());
  else if (watch && wanted != interest_) reactor_.change(wire_->fd(), wanted);
  watching_ = watch;
  interest_ = wanted;
}

void Session::unwatch_wire() {
  if (std::exchange(watching_, false)) reactor_.unwatch(wire_->fd());
}

void Session::check_host_key() {
  std::size_t size = 0;
  int type = 0;
  const char* bytes = libssh2_session_hostkey(raw_.get(), &size, &type);
  const std::string key(bytes != nullptr ? bytes : "", bytes != nullptr ? size : 0);
  const OfferedKey offered{one_line(key_type(key), 100), fingerprint(key)};
  const std::string file = known_hosts_file(options_.known_hosts);
  const HostKeyFinding finding = judge_host_key(known_hosts_, target_.host, target_.port, key);
  switch (finding.verdict) {
    case HostKeyVerdict::known: return;
    case HostKeyVerdict::unknown: throw host_key_unknown(target_, file, offered, finding.only_authorities);
    case HostKeyVerdict::changed: throw host_key_changed(target_, file, offered, finding.line, finding.recorded);
    case HostKeyVerdict::revoked: throw host_key_revoked(target_, file, offered, finding.line);
  }
}

/// No key of the recorded types is offered: connect once more without asking for them, to be able to say what is.
bool Session::look_again(int code) {
  if (code != LIBSSH2_ERROR_KEX_FAILURE || wanted_key_types_.empty() || any_key_type_ || carried_by_) return false;
  any_key_type_ = true;
  reconnect(std::chrono::milliseconds(0));
  return true;
}

/// The host hung up before it had shown who it is. Over a jump host it is that host's matter to connect again.
bool Session::try_again(int code) {
  const bool dropped = code == LIBSSH2_ERROR_SOCKET_DISCONNECT || code == LIBSSH2_ERROR_SOCKET_RECV || code == LIBSSH2_ERROR_SOCKET_SEND;
  if (!dropped || tries_ >= options_.tries || carried_by_) return false;
  reconnect(options_.pause * tries_++);
  return true;
}

void Session::reconnect(std::chrono::milliseconds pause) {
  reactor_.cancel(timer_);
  unwatch_wire();
  wire_->sever();
  phase_ = Phase::connecting;
  timer_ = reactor_.call_at(deadline_after(pause), [this] {
    raw_.reset();
    wire_.reset();
    connect();
  });
}

Error Session::handshake_error(int code) const {
  char* text = nullptr;
  libssh2_session_last_error(raw_.get(), &text, nullptr, 0);
  std::string message = to_string(target_) + ": no SSH session could be made: " + (text != nullptr ? text : "") + " [libssh2 " + std::to_string(code) + "]";
  const bool no_common = code == LIBSSH2_ERROR_KEX_FAILURE || code == LIBSSH2_ERROR_KEY_EXCHANGE_FAILURE;
  if (tries_ > 1) message += "; tried " + std::to_string(tries_) + " times";
  if (code == LIBSSH2_ERROR_BANNER_RECV || code == LIBSSH2_ERROR_BANNER_NONE) message += " (is an SSH server listening there?)";
  if (no_common) {
    message += ". The host and libssh2 " + std::string(libssh2_version(0)) + " share no algorithm";
    if (!wanted_key_types_.empty()) message += " (known_hosts has its " + wanted_key_types_.front() + " key)";
    message += "; \"ssh\": {\"client\": \"openssh\"} knows more of them";
  }
  return Error(no_common ? ErrorCode::unsupported : ErrorCode::unreachable, "ssh", message, {{"host", to_string(target_)}});
}

void Session::arm(std::chrono::milliseconds after) {
  reactor_.cancel(timer_);
  timer_ = reactor_.call_at(deadline_after(after), [this] { tick(); });
}

void Session::tick() {
  if (phase_ == Phase::ready) return check_life();
  die(Error(ErrorCode::unreachable, "ssh",
            to_string(target_) + ": no SSH session within " + std::to_string(options_.handshake_timeout.count()) + " ms (" +
                (phase_ == Phase::handshake ? "key exchange" : "authentication") + ")",
            {{"host", to_string(target_)}}));
}

void Session::check_life() {
  const auto patience = std::max(options_.stall_timeout, options_.keepalive + kShortestStall);
  const auto silence = std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - wire_->last_received());
  if (silence >= patience) return die(lost("no sign of life for " + std::to_string(silence.count()) + " ms"));
  int next = 0;
  if (silence >= options_.keepalive) libssh2_keepalive_send(raw_.get(), &next);
  arm(std::clamp<std::chrono::milliseconds>(patience - silence, std::chrono::milliseconds(10), options_.keepalive));
  drive();
}

Error Session::lost(const std::string& why) const {
  return Error(ErrorCode::connection_lost, "ssh", to_string(target_) + ": " + why, {{"host", to_string(target_)}});
}

void Session::die(const Error& error) {
  if (phase_ == Phase::dead) return;
  phase_ = Phase::dead;
  reactor_.cancel(timer_);
  // A stream that carried us and never opened knows better than our closed socket.
  Error cause = error;
  if (carried_by_ && carried_by_->failure()) {
    try {
      std::rethrow_exception(carried_by_->failure());
    } catch (const Error& jump) {
      cause = Error(jump.code(), "ssh", to_string(target_) + " through its jump host: " + jump.what(), jump.details());
    }
  }
  for (const auto& channel : channels_) channel->abandon(reactor_, cause);
  unwatch_wire();
  if (wire_) wire_->sever();
  if (died_) std::exchange(died_, nullptr)();
}

}  // namespace deploy::ssh
