// One libssh2 session: connection, host key, authentication, channels. Lives on the reactor's thread.
#pragma once

#include <libssh2.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ssh/authenticator.hpp"
#include "ssh/channel.hpp"
#include "ssh/connector.hpp"
#include "ssh/known_hosts.hpp"
#include "ssh/reactor.hpp"
#include "ssh/stream.hpp"
#include "ssh/transport.hpp"
#include "ssh/wire_socket.hpp"

namespace deploy::ssh {

struct RawSessionFree {
  void operator()(LIBSSH2_SESSION* session) const noexcept;
};

class Session {
 public:
  /// Told once when the session ends, whatever phase it was in. Streams have been told by then.
  using Died = std::function<void()>;

  Session(Reactor& reactor, const Target& target, const Options& options, Died died);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Over TCP, or over a stream that somebody else carries; `stream` then tells why that one failed.
  void connect();
  void connect_over(UniqueFd socket, std::shared_ptr<StreamState> stream);

  /// At any time; the stream opens once the session is ready.
  void open(StreamRequest request, UniqueFd local, std::shared_ptr<StreamState> state);

  [[nodiscard]] bool dead() const { return phase_ == Phase::dead; }

 private:
  enum class Phase { idle, connecting, handshake, authentication, ready, dead };

  void begin(UniqueFd socket);
  void prefer_recorded_keys();
  void watch_wire();
  void unwatch_wire();

  /// There is a connection to work on.
  [[nodiscard]] bool in_session() const { return phase_ == Phase::handshake || phase_ == Phase::authentication || phase_ == Phase::ready; }
  void drive();
  bool take_the_rest();
  bool look_again(int code);
  bool try_again(int code);
  void reconnect(std::chrono::milliseconds pause);
  bool pass();
  bool step_handshake();
  bool step_authentication();
  bool step_channels();
  void check_host_key();
  void update_interest();

  void arm(std::chrono::milliseconds after);
  void tick();
  void check_life();

  [[nodiscard]] Error handshake_error(int code) const;
  [[nodiscard]] Error lost(const std::string& why) const;
  void die(const Error& error);

  Reactor& reactor_;
  const Target target_;
  const Options& options_;
  Died died_;
  Phase phase_ = Phase::idle;
  std::unique_ptr<Connector> connector_;
  std::shared_ptr<StreamState> carried_by_;
  std::unique_ptr<WireSocket> wire_;
  std::unique_ptr<LIBSSH2_SESSION, RawSessionFree> raw_;
  std::unique_ptr<Authenticator> authenticator_;
  std::vector<KnownHost> known_hosts_;
  std::vector<std::string> wanted_key_types_;
  int tries_ = 1;
  bool any_key_type_ = false;  // a second look without preference, to be able to say what the host offers
  std::vector<std::unique_ptr<Channel>> channels_;
  bool watching_ = false;
  std::uint32_t interest_ = 0;
  bool driving_ = false;
  Reactor::TimerId timer_ = 0;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace deploy::ssh
