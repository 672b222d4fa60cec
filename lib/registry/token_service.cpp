#include "registry/token_service.hpp"

#include <fmt/format.h>

#include "registry/address.hpp"
#include "registry/patience.hpp"
#include "support/hash.hpp"

namespace deploy::registry {

namespace {
constexpr std::size_t kTokenLimit = 1u << 20;

std::string pair(const char* name, const std::string& value) { return std::string(name) + "=" + http::percent_encode(value); }

/// A challenge may name several scopes with spaces between; each is a parameter of its own.
std::string scope_query(const std::string& scopes) {
  std::string out;
  for (std::size_t at = 0; at < scopes.size();) {
    const std::size_t end = std::min(scopes.find(' ', at), scopes.size());
    if (end > at) out += "&" + pair("scope", scopes.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

http::Request refresh_request(const TokenQuestion& question, const Secret& identity_token) {
  http::Request request;
  request.method = "POST";
  request.path = split_url(question.realm).path;
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
  request.body = "grant_type=refresh_token&client_id=libdeploy&" + pair("service", question.service) + "&" +
                 pair("scope", question.scope) + "&" + pair("refresh_token", identity_token.reveal());
  return request;
}

[[noreturn]] void refused(const TokenQuestion& question, const std::optional<Credential>& login, const http::Response& response) {
  const std::string who = login ? "the login of " + (login->username.empty() ? "the identity token" : login->username) : "an anonymous request";
  throw Error(ErrorCode::unauthorized, "registry",
              fmt::format("{}: the token service {} refused {} with {} {}; {}", question.registry, split_url(question.realm).origin, who,
                          response.status, error_text(response),
                          login ? "check the user name and password or token of that registry" : "log in to that registry"),
              {{"registry", question.registry}, {"status", std::to_string(response.status)}});
}
}  // namespace

http::Request token_request(const TokenQuestion& question, const std::optional<Credential>& login) {
  if (login && !login->identity_token.empty()) return refresh_request(question, login->identity_token);
  http::Request request;
  request.path = split_url(question.realm).path;
  request.path += (request.path.find('?') == std::string::npos ? "?" : "&") + pair("service", question.service) + scope_query(question.scope);
  if (login) request.headers = {{"Authorization", "Basic " + base64(login->username + ":" + login->password.reveal())}};
  return request;
}

Token fetch_token(const TokenQuestion& question, const std::optional<Credential>& login, const TimeBudget& time) {
  http::Tls tls;
  tls.verify = question.verify_tls;
  http::Endpoint endpoint = http::Endpoint::url(split_url(question.realm).origin, tls);
  endpoint.area = "registry";
  http::Client client(std::move(endpoint));
  http::Request request = token_request(question, login);
  request.body_limit = kTokenLimit;
  const http::Response response = send_patiently(client, request, time, question.registry);
  if (response.status == 400 || response.status == 401 || response.status == 403) refused(question, login, response);
  if (!response.ok())
    throw Error(ErrorCode::protocol, "registry",
                fmt::format("{}: the token service {} answered {} {}", question.registry, split_url(question.realm).origin, response.status, error_text(response)),
                {{"registry", question.registry}, {"status", std::to_string(response.status)}});
  return read_token(response, split_url(question.realm).origin);
}

}  // namespace deploy::registry
