#include "docker/errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "support/one_line.hpp"

namespace deploy::docker {

namespace {
bool says(const std::string& message, std::initializer_list<std::string_view> any) {
  return std::any_of(any.begin(), any.end(), [&](std::string_view part) { return contains(message, part); });
}

bool port_is_taken(const std::string& message) { return says(message, {"port is already allocated", "address already in use"}); }

// The Engine wraps whatever its registry said into a 500, or into a message of a 200 stream: only the words tell.
std::optional<ErrorCode> registry_trouble(const std::string& m) {
  if (says(m, {"returned a non-zero code"})) return std::nullopt;  // a build step's own failure, whatever its command line says
  if (says(m, {"toomanyrequests", "Too Many Requests", "rate limit"})) return ErrorCode::refused;
  if (says(m, {"unauthorized", "no basic auth credentials", "authentication required", "access denied", "access to the resource is denied",
               "incorrect username or password", "403 Forbidden", "401 Unauthorized"}))
    return ErrorCode::unauthorized;
  if (says(m, {"manifest unknown", "manifest for ", "name unknown", "repository does not exist", "not found: "})) return ErrorCode::not_found;
  if (says(m, {"connection refused", "no such host", "i/o timeout", "no route to host", "network is unreachable", "TLS handshake timeout",
               "Client.Timeout exceeded", "context deadline exceeded", "connection reset by peer", "server misbehaving"}))
    return ErrorCode::unreachable;
  return std::nullopt;
}

ErrorCode by_status(int status) {
  if (status == 401 || status == 403) return ErrorCode::unauthorized;
  if (status == 404) return ErrorCode::not_found;
  if (status == 409) return ErrorCode::conflict;
  if (status >= 400 || status == 200) return ErrorCode::refused;
  return ErrorCode::protocol;
}

bool asks_registry(Operation operation) { return operation == Operation::pull || operation == Operation::push || operation == Operation::build; }

ErrorCode code_of(const Act& act, int status, const std::string& message) {
  if (status == 400 && says(message, {"client version"})) return ErrorCode::unsupported;
  if (port_is_taken(message)) return ErrorCode::conflict;
  if (act.operation == Operation::create && (status == 409 || (status == 500 && says(message, {"name is already in use", "is already in use by"}))))
    return ErrorCode::already_exists;
  if (act.operation == Operation::exec && status == 409) return ErrorCode::refused;  // the container does not run
  if (asks_registry(act.operation) && (status == 200 || status >= 500))
    if (const auto code = registry_trouble(message)) return *code;
  return by_status(status);
}

// What to do next, where we know it.
std::string advice(const Act& act, ErrorCode code, const std::string& message) {
  if (says(message, {"no space left on device"})) return "The host's disk is full: free space there, then repeat.";
  if (says(message, {"server gave HTTP response to HTTPS client"}))
    return "The registry speaks plain HTTP: name it in `insecure-registries` of that Engine's daemon.json.";
  if (act.operation == Operation::start && code == ErrorCode::conflict)
    return "The container was left created, not running: free the port, then start it again.";
  if (act.operation == Operation::create && code == ErrorCode::not_found) return "Nothing was created: pull the image to this host first.";
  if (asks_registry(act.operation) && code == ErrorCode::unauthorized)
    return fmt::format("Give credentials for {} in `registry` of the configuration, or log in with `docker login`.", act.registry);
  return "";
}

// The Engine's words seldom end with a full stop.
std::string sentence(std::string text, const std::string& next) {
  if (next.empty()) return text;
  if (!text.ends_with('.')) text += '.';
  return text + " " + next;
}

std::string_view skip_address(std::string_view text) {
  if (text.starts_with("::")) return text.substr(text.substr(0, text.find(' ')).rfind(':'));  // ":::8080", the unbracketed any-address
  if (text.starts_with('[')) return text.substr(std::min(text.size(), text.find(']') + 1));
  return text.substr(std::min(text.size(), text.find(':')));
}

// "127.0.0.1:8080", "[::]:8080/tcp", ":8080", "0.0.0.0:8080:172.17.0.2:80/tcp": the first port after the address.
std::string port_of(std::string_view endpoint) {
  std::string_view rest = skip_address(endpoint);
  if (!rest.starts_with(':')) return "";
  rest.remove_prefix(1);
  return std::string(rest.substr(0, rest.find_first_not_of("0123456789")));
}

constexpr std::array<std::string_view, 9> kBeforeEndpoint{"Bind for ",   "listen tcp4 ", "listen tcp6 ",        "listen tcp ",    "listen udp4 ",
                                                          "listen udp ", "listen udp6 ", "bind host port for ", "bind host port "};
}  // namespace

std::string taken_port(const std::string& message) {
  if (!port_is_taken(message)) return "";
  for (const std::string_view marker : kBeforeEndpoint) {
    const std::size_t at = message.find(marker);
    if (at == std::string::npos) continue;
    if (std::string port = port_of(std::string_view(message).substr(at + marker.size())); !port.empty()) return port;
  }
  return "";
}

Error refusal(const Act& act, const std::string& host, int status, const std::string& message) {
  const ErrorCode code = code_of(act, status, message);
  Error::Details details{{"host", host}, {"status", std::to_string(status)}, {"message", message}};
  if (!act.registry.empty()) details.emplace("registry", act.registry);
  if (std::string port = taken_port(message); !port.empty()) details.emplace("port", std::move(port));
  const std::string answer = status == 200 ? "the Engine reported" : fmt::format("the Engine answered {}", status);
  const std::string text = fmt::format("cannot {} on {}: {}: {}", act.what, host, answer, message);
  return Error(code, "engine", sentence(text, advice(act, code, message)), std::move(details));
}

namespace {
// What `docker system dial-stdio` says when it finds no Engine on the host: it has passed nothing on.
constexpr std::string_view kNoEngineThere = "failed to open the raw stream connection: ";

/// Why the Engine's socket could not be opened on the host, "" when that is not what happened.
std::string why_no_engine(const Error& error) {
  const auto said = error.details().find("stderr");
  if (said == error.details().end()) return "";
  const std::size_t at = said->second.find(kNoEngineThere);
  if (at == std::string::npos) return "";
  const std::string rest = said->second.substr(at + kNoEngineThere.size());
  return one_line(rest.substr(0, std::min(rest.find('\n'), rest.find("; exit code"))));
}

Error no_engine_there(const Act& act, const std::string& host, const std::string& why, Error::Details details) {
  const bool forbidden = contains(why, "permission denied");
  const char* const next = forbidden ? "The login there may not use the Engine: add it to the group `docker`" : "Start the Engine there (systemctl start docker), then repeat";
  details["host"] = host;
  details["sent"] = "no";
  return Error(forbidden ? ErrorCode::unauthorized : ErrorCode::unreachable, "engine",
               fmt::format("cannot {} on {}: no Engine answers on the host: {}. It was asked for nothing. {}", act.what, host, why, next), std::move(details));
}
}  // namespace

Error transport_failure(const Act& act, const std::string& host, const Error& error) {
  if (const std::string why = why_no_engine(error); !why.empty()) return no_engine_there(act, host, why, error.details());
  std::string text = fmt::format("cannot {} on {}: {}", act.what, host, error.what());
  if (error.outcome_unknown() && !act.when_unknown.empty()) text += fmt::format(" ({})", act.when_unknown);
  Error::Details details = error.details();
  details["host"] = host;  // the transport may know it by another name
  return Error(error.code(), error.area() == "http" ? "engine" : error.area(), text, std::move(details));
}

}  // namespace deploy::docker
