// The way to one Engine: version negotiation, versioned paths, refusals as errors.
#pragma once

#include <functional>
#include <initializer_list>
#include <mutex>
#include <optional>
#include <string>

#include "deploy/call.hpp"
#include "docker/errors.hpp"
#include "http/client.hpp"
#include "support/json.hpp"

namespace deploy::docker {

/// The newest API that this code was written against; a newer Engine is spoken to in this version.
inline constexpr int kNewestApiMinor = 47;
/// Older Engines lack what is needed here (Engine 1.12).
inline constexpr int kOldestApiMinor = 24;

/// What /_ping told. Since: 0.9
struct Peer {
  std::string api;      ///< the version spoken: "1.41"
  bool podman = false;
};

/// Thread-safe. Every error carries the detail `host` and says which act failed.
class Connection {
 public:
  Connection(http::Client client, std::string host) : client_(std::move(client)), host_(std::move(host)) {}

  /// Asks once, by the first call that gets an answer.
  Peer peer(const CallLimits& limits);

  /// Sends under the negotiated version. Returns answers of status 2xx, 304 and those in `also`; throws what refusal()
  /// and transport_failure() make of everything else.
  http::Response send(http::Request request, const Act& act, const CallLimits& limits, std::initializer_list<int> also = {});

  /// Sends and reads the answer's stream of JSON messages to its end; an error among them is thrown after that.
  void send_for_messages(http::Request request, const Act& act, const CallLimits& limits, const std::function<void(const json::Value&)>& on_message);

  /// Runs a reader of the answer; what it throws is told as the failure of `act` on this host.
  template <class Read>
  auto understand(const Act& act, Read read) const {
    try {
      return read();
    } catch (const Error& error) {
      throw transport_failure(act, host_, error);
    }
  }

  [[nodiscard]] const std::string& host() const { return host_; }
  /// True when the Engine's file system is this process's own (a unix socket, not carried elsewhere).
  [[nodiscard]] bool is_local() const { return !client_.endpoint().socket.empty(); }

 private:
  Peer ask(const CallLimits& limits);

  http::Client client_;
  std::string host_;
  std::mutex mutex_;
  std::optional<Peer> peer_;
};

/// The version to speak with a peer that announces `announced` ("1.41").
/// Throws Error{unsupported} when it is too old, {protocol} when it is no version.
[[nodiscard]] std::string negotiated_version(const std::string& announced);

}  // namespace deploy::docker
