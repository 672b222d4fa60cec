#include "probe/http_probe.hpp"

#include <fmt/format.h>

#include "probe/expectation.hpp"

namespace deploy::probe {

namespace {
constexpr std::size_t kBodyLimit = 1u << 20;

std::string host_header(const HttpCheck& check) {
  const http::Headers headers(check.headers.begin(), check.headers.end());
  const std::string* host = http::find_header(headers, "Host");
  return host == nullptr ? "" : *host;
}

/// "app.example.com:8443" -> "app.example.com"; "[::1]:1" -> "[::1]".
std::string without_port(const std::string& authority) {
  const std::size_t from = authority.starts_with('[') ? authority.find(']') : 0;
  return authority.substr(0, authority.find(':', from == std::string::npos ? 0 : from));
}

http::Request to_request(const HttpCheck& check) {
  http::Request request;
  request.path = check.path;
  request.headers = {check.headers.begin(), check.headers.end()};
  request.headers.emplace_back("Connection", "close");
  if (http::find_header(request.headers, "User-Agent") == nullptr) request.headers.emplace_back("User-Agent", "libdeploy-probe/" LIBDEPLOY_VERSION);
  request.body_limit = kBodyLimit;
  return request;
}
}  // namespace

http::Endpoint http_endpoint(const HttpCheck& check, const Route& route) {
  const std::string scheme = check.tls ? "https://" : "http://";
  const std::string name = host_header(check);
  // Over TLS the name decides which certificate is shown and accepted; in plain HTTP the header alone does.
  const bool by_name = check.tls && !name.empty();
  const std::string base = scheme + (by_name ? without_port(name) + ":" + std::to_string(route.port) : route.authority());
  http::Tls tls;
  tls.ca_file = check.ca;
  http::Endpoint endpoint = route.carrier ? http::Endpoint::carried(route.carrier, route.name(), base, tls) : http::Endpoint::url(base, tls);
  if (by_name && !route.carrier) endpoint.connect_to = route.authority();
  endpoint.name = route.name();
  endpoint.area = "probe";
  return endpoint;
}

Finding try_http(const HttpCheck& check, const Route& route, const CallLimits& limits) {
  http::Client client(http_endpoint(check, route));
  const http::Response response = client.send(to_request(check), limits);
  if (auto wrong = mismatch(check, response.status, response.body)) return failure(*std::move(wrong));
  return success(std::to_string(response.status));
}

}  // namespace deploy::probe
