// The way to a host: commands, and byte streams to its Engine or to a host:port as seen from there.
//
// Two adapters, because real sites need both: libssh2 in this process (default), and the system's `ssh` program, which
// honours ~/.ssh/config, certificates and hardware keys, and can do what the installed libssh2 cannot.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "deploy/call.hpp"
#include "deploy/error.hpp"
#include "deploy/secret.hpp"
#include "support/stream_carrier.hpp"

namespace deploy::ssh {

class Reactor;

struct Target {
  std::string user;  ///< "" for the name of the user who runs this process (openssh: as its configuration says)
  std::string host;
  std::uint16_t port = 22;

  bool operator==(const Target&) const = default;
};

/// "ssh://user@host:port", without what is default.
[[nodiscard]] std::string to_string(const Target& target);

/// Paths are absolute; nothing is expanded here and no environment variable is read.
struct Options {
  std::string identity{};               ///< private key file; "" for ~/.ssh/id_ed25519, id_ecdsa and what the agent holds
  std::optional<Secret> passphrase{};   ///< of the identity
  std::string known_hosts{};            ///< "" for ~/.ssh/known_hosts
  std::optional<Target> jump{};         ///< go through this host; same identity and known_hosts
  bool use_agent = true;
  std::string agent_socket{};           ///< "" for none (openssh: as its configuration says)

  // Every default of time stands here.
  std::chrono::milliseconds connect_timeout{10'000};    ///< TCP
  std::chrono::milliseconds handshake_timeout{10'000};  ///< key exchange and authentication
  std::chrono::milliseconds stall_timeout{15'000};      ///< nothing received although asked: the session is dead
  std::chrono::milliseconds keepalive{5'000};           ///< silence after which the peer is asked for a sign of life

  // A host that has much to do (sshd's MaxStartups) hangs up before it says who it is. Nothing has begun then: it is asked again, only then.
  int tries = 3;
  std::chrono::milliseconds pause{300};             ///< before the second try; twice as long before the third

  int send_buffer = 0;              ///< SO_SNDBUF of the connection, 0 for the system's; small ones are for tests
  std::string ssh_program = "ssh";  ///< openssh: the program; looked up in PATH when it has no slash
  std::string ssh_config{};         ///< openssh: -F; "" for its own
};

struct ExecResult {
  int exit_code = 0;  ///< 128 + signal number when it was killed there
  std::string output{};
  std::string error{};
};

/// One per host. Connects when first used, and again when used after the session died. Thread-safe.
///
/// Errors (area "ssh", detail `host`): {unreachable} no session or no stream could be had, the host has seen nothing of
/// the request; {connection_lost} the session died under it; {timeout}, {cancelled}; {host_key_unknown} and
/// {host_key_changed} with the fingerprints and the command that would mend it; {unauthorized} no key was accepted, or
/// a key file cannot be used; {unsupported} names the other adapter where that one can.
class Transport {
 public:
  virtual ~Transport() = default;

  /// Runs a program; `argv` is quoted for the login shell there, so that every argument arrives as it is. A non-zero
  /// exit code is a value.
  virtual ExecResult exec(const std::vector<std::string>& argv, const std::string& input, const CallLimits& limits) = 0;

  /// Streams to the standard input and output of a program, e.g. {"docker", "system", "dial-stdio"}.
  virtual std::unique_ptr<StreamCarrier> exec_carrier(std::vector<std::string> argv) = 0;

  /// Streams to a TCP port as reached from the host. A port that refuses there is {refused}: the host was reached.
  virtual std::unique_ptr<StreamCarrier> tcp_carrier(std::string host, std::uint16_t port) = 0;
};

/// In-process adapter; `reactor` must outlive the transport and its carriers (not their use: see Reactor).
[[nodiscard]] std::unique_ptr<Transport> open_libssh2(Reactor& reactor, Target target, Options options);

/// Adapter over the `ssh` program.
[[nodiscard]] std::unique_ptr<Transport> open_openssh(Target target, Options options);

}  // namespace deploy::ssh
