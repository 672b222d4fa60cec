// One HTTP client for everything: Docker Engine (unix socket, TLS, or carried over SSH), registry, probes.
//
//   http::Client engine(http::Endpoint::unix_socket("/var/run/docker.sock"));
//   http::Response pong = engine.send({.path = "/_ping"}, limits);
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "deploy/call.hpp"
#include "deploy/error.hpp"
#include "support/stream_carrier.hpp"

namespace deploy::http {

/// All header lines of an exchange together, those of interim answers and redirects included; more is Error{protocol}.
inline constexpr std::size_t kHeaderLimit = 256u << 10;
/// Of an answer's body where the request says nothing else.
inline constexpr std::size_t kBodyLimit = 16u << 20;

/// Names as they were sent; look-ups ignore the case of the name.
using Headers = std::vector<std::pair<std::string, std::string>>;

/// The first value of that name, nullptr when there is none.
[[nodiscard]] const std::string* find_header(const Headers& headers, std::string_view name);

struct Request {
  std::string method = "GET";
  std::string path = "/";  ///< "/path?query", or an absolute http(s) URL when the endpoint is direct (Endpoint::url)
  Headers headers{};
  std::string body{};
  /// Streamed upload instead of `body`: fills the buffer, returns how much it wrote, 0 at the end. What it throws comes
  /// back to the caller of send() as itself.
  std::function<std::size_t(char*, std::size_t)> body_source{};
  std::optional<std::uint64_t> body_size{};  ///< of body_source, when known: Content-Length instead of chunks
  bool follow_redirects = false;           ///< GET and HEAD only; Authorization does not follow to another host
  std::size_t body_limit = kBodyLimit;     ///< an answer larger than this is Error{protocol}; not for on_data
  /// Streamed answer of status 2xx (`Response::body` stays empty; other statuses fill it as ever). To stop, throw: the
  /// exception comes back to the caller of send() as itself, and the connection is closed.
  std::function<void(std::string_view)> on_data{};
  std::chrono::milliseconds idle_timeout{0};  ///< no byte either way for this long: Error{timeout}. 0: only the deadline
};

struct Response {
  int status = 0;
  Headers headers{};
  std::string body{};
  int connections_opened = 0;  ///< 0 when a kept-alive connection served the request

  /// The first value of that name, "" when there is none.
  [[nodiscard]] std::string header(std::string_view name) const;
  [[nodiscard]] bool ok() const { return status >= 200 && status < 300; }
};

struct Tls {
  std::string ca_file;    ///< "" for the system's
  std::string cert_file;  ///< client certificate, PEM
  std::string key_file;
  bool verify = true;
};

/// Where requests go.
struct Endpoint {
  [[nodiscard]] static Endpoint unix_socket(std::string path);
  /// "http://host:port[/prefix]" or "https://..."; a request's path is appended to it.
  [[nodiscard]] static Endpoint url(std::string base_url, Tls tls = {});
  /// Each connection is a stream of `carrier`. `name` stands in messages: "ssh://deploy@192.0.2.10". `base_url` gives
  /// the scheme and the Host header: the bytes go where the carrier takes them.
  [[nodiscard]] static Endpoint carried(std::shared_ptr<StreamCarrier> carrier, std::string name,
                                        std::string base_url = "http://docker", Tls tls = {});

  std::string name;       ///< for messages and the detail `host`
  std::string base_url;
  std::string socket;     ///< unix socket path
  std::shared_ptr<StreamCarrier> carrier;
  Tls tls;
  std::string connect_to; ///< "host:port" (v6 in brackets) to connect to instead of the base URL's; "" for that itself
  std::string proxy;      ///< "" for none; the environment is never consulted
  std::string area = "http";  ///< area of the errors: "engine", "registry", "probe" ...
};

/// Sends requests, one connection per concurrent call, kept alive between calls. Thread-safe.
///
/// send() throws deploy::Error: {unreachable} no connection, nothing was sent; {connection_lost} and {timeout} after
/// the request went out, so that its effect is unknown (a deadline that passes while still connecting is
/// {unreachable}); {cancelled}; {unauthorized} the peer's certificate is not trusted, nothing was sent; {protocol} the
/// answer is no HTTP, or larger than the limit; and for a carried endpoint whatever kept the stream from opening
/// (host_key_unknown ...). A status of 400 and above is an answer, not an error. Only GET and HEAD are ever sent
/// a second time (when a kept-alive connection turned out to be dead).
class Client {
 public:
  explicit Client(Endpoint endpoint);
  ~Client();
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;

  Response send(const Request& request, const CallLimits& limits);

  [[nodiscard]] const Endpoint& endpoint() const;

 private:
  struct Pool;
  std::unique_ptr<Pool> pool_;
};

/// Percent-encodes all but unreserved characters: for one path segment or one query value.
[[nodiscard]] std::string percent_encode(std::string_view text);

}  // namespace deploy::http
