// Resolves a name and connects, without blocking the reactor.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <netdb.h>
#include <sys/socket.h>

#include "ssh/reactor.hpp"
#include "ssh/transport.hpp"

namespace deploy::ssh {

class Connector {
 public:
  using Connected = std::function<void(UniqueFd)>;
  using Failed = std::function<void(const std::string& why)>;

  /// One of the two is called later, once, on the reactor's thread; neither after destruction. Both may destroy the connector.
  Connector(Reactor& reactor, const Target& target, std::chrono::milliseconds timeout, Connected connected, Failed failed);
  ~Connector();
  Connector(const Connector&) = delete;
  Connector& operator=(const Connector&) = delete;

 private:
  struct Address {
    sockaddr_storage storage{};
    socklen_t size = 0;
  };
  struct Resolved {
    int error = 0;
    std::vector<Address> addresses;
  };

  static Resolved resolve(const std::string& host, std::uint16_t port, int flags);
  void resolve_in_background();
  void use(Resolved resolved);
  void try_next();
  void attempt(const Address& address);
  void finish_attempt();
  void drop_attempt();
  void fail(const std::string& why);

  Reactor& reactor_;
  const Target target_;
  const SteadyClock::time_point deadline_;
  Connected connected_;
  Failed failed_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  std::thread resolver_;
  std::vector<Address> left_;
  std::string last_error_;
  UniqueFd socket_;
  Reactor::TimerId timer_ = 0;
};

}  // namespace deploy::ssh
