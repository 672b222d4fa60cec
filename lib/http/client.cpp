#include "http/client.hpp"

#include <mutex>

#include "http/connection.hpp"
#include "http/exchange.hpp"
#include "support/sigpipe_guard.hpp"

namespace deploy::http {

namespace {
// Connections kept for the next calls; more than this many calls at once open and close their own.
constexpr std::size_t kMostIdle = 8;
}  // namespace

struct Client::Pool {
  explicit Pool(Endpoint e) : endpoint(std::move(e)) {}
  ~Pool() {
    const SigpipeGuard quiet;  // closing TLS writes
    idle.clear();
  }

  std::unique_ptr<Connection> take() {
    {
      const std::lock_guard lock(mutex);
      if (!idle.empty()) {
        std::unique_ptr<Connection> warm = std::move(idle.back());
        idle.pop_back();
        return warm;
      }
    }
    return std::make_unique<Connection>(endpoint);
  }

  void give_back(std::unique_ptr<Connection> connection) {
    const std::lock_guard lock(mutex);
    if (idle.size() < kMostIdle) idle.push_back(std::move(connection));
  }

  const Endpoint endpoint;
  std::mutex mutex;
  std::vector<std::unique_ptr<Connection>> idle;
};

Client::Client(Endpoint endpoint) : pool_(std::make_unique<Pool>(std::move(endpoint))) {}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

const Endpoint& Client::endpoint() const { return pool_->endpoint; }

Response Client::send(const Request& request, const CallLimits& limits) {
  std::unique_ptr<Connection> connection = pool_->take();
  Response response = Exchange(*connection, request, limits).run();
  // After an error the connection is not trusted any more: it goes with this scope.
  pool_->give_back(std::move(connection));
  return response;
}

Endpoint Endpoint::unix_socket(std::string path) {
  Endpoint endpoint;
  endpoint.name = "unix://" + path;
  endpoint.base_url = "http://docker";
  endpoint.socket = std::move(path);
  return endpoint;
}

Endpoint Endpoint::url(std::string base_url, Tls tls) {
  while (base_url.ends_with('/')) base_url.pop_back();
  Endpoint endpoint;
  endpoint.name = base_url;
  endpoint.base_url = std::move(base_url);
  endpoint.tls = std::move(tls);
  return endpoint;
}

Endpoint Endpoint::carried(std::shared_ptr<StreamCarrier> carrier, std::string name, std::string base_url, Tls tls) {
  Endpoint endpoint = url(std::move(base_url), std::move(tls));
  endpoint.name = std::move(name);
  endpoint.carrier = std::move(carrier);
  return endpoint;
}

}  // namespace deploy::http
