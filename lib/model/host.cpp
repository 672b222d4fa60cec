#include "deploy/host.hpp"

#include <algorithm>

#include "deploy/error.hpp"
#include "model/address.hpp"
#include "model/text.hpp"

namespace deploy {

namespace {
constexpr std::uint16_t kSshPort = 22, kTlsPort = 2376;
constexpr std::size_t kLongestSocketPath = 107;  // sun_path less its NUL

/// For messages: what stands where a password would stand is not repeated.
std::string shown(std::string_view url) {
  const std::size_t scheme = url.find("://"), at = url.rfind('@');
  if (at == std::string_view::npos) return text::quoted(url);
  const std::size_t begin = scheme == std::string_view::npos ? 0 : scheme + 3;
  const std::size_t colon = url.find(':', begin);
  if (colon == std::string_view::npos || colon > at) return text::quoted(url);
  return text::quoted(std::string(url.substr(0, colon)) + ":[redacted]" + std::string(url.substr(at)));
}

[[noreturn]] void fail(std::string_view url, const std::string& why) {
  throw Error(ErrorCode::invalid_argument, "host", "invalid host " + shown(url) + ": " + why);
}

// No character that a shell or the ssh program would take for something else.
bool is_user(std::string_view user) {
  return !user.empty() && user.front() != '-' &&
         text::all_of(user, [](char c) { return text::is_alnum(c) || std::string_view("._-+@\\$").find(c) != std::string_view::npos; });
}

/// `user@name:port` in its pieces.
struct Authority {
  std::string_view user, name, port;
  bool bracketed = false, has_port = false;
};

std::string_view take_user(std::string_view url, std::string_view& rest) {
  const std::size_t at = rest.rfind('@');
  if (at == std::string_view::npos) return {};
  const std::string_view user = rest.substr(0, at);
  rest.remove_prefix(at + 1);
  if (user.find(':') != std::string_view::npos) fail(url, "a password does not belong here; use a key, or a secret for its passphrase (ssh.passphrase)");
  if (!is_user(user)) fail(url, "the user " + text::quoted(user) + " is not a login name");
  return user;
}

void split_port(std::string_view url, std::string_view rest, Authority& out) {
  if (rest.starts_with('[')) {
    const std::size_t end = rest.find(']');
    if (end == std::string_view::npos) fail(url, "the '[' of the IPv6 address is not closed");
    out.bracketed = true;
    out.name = rest.substr(1, end - 1);
    rest.remove_prefix(end + 1);
    if (!rest.empty() && rest.front() != ':') fail(url, "only a port may follow the bracketed address");
  } else {
    const std::size_t colon = rest.find(':');
    out.name = rest.substr(0, colon);
    rest = colon == std::string_view::npos ? std::string_view() : rest.substr(colon);
    if (rest.find(':', 1) != std::string_view::npos) fail(url, "an IPv6 address stands in brackets: [::1]");
  }
  out.has_port = !rest.empty();
  if (out.has_port) out.port = rest.substr(1);
}

bool is_bracketed_address(std::string_view name) {
  const std::size_t zone = name.find('%');
  const bool zone_ok = zone == std::string_view::npos ||
                       (zone + 1 < name.size() && text::all_of(name.substr(zone + 1), [](char c) { return text::is_alnum(c) || c == '-' || c == '_' || c == '.'; }));
  return zone_ok && address::parse_ipv6(name.substr(0, zone)).has_value();
}

Authority read_authority(std::string_view url, std::string_view rest) {
  if (rest.ends_with('/')) rest.remove_suffix(1);
  if (rest.find_first_of("/?#") != std::string_view::npos) fail(url, "nothing may follow the host and port");
  Authority out;
  out.user = take_user(url, rest);
  split_port(url, rest, out);
  if (out.name.empty()) fail(url, "the host's name is missing");
  if (out.bracketed ? !is_bracketed_address(out.name) : !address::is_host_name(out.name))
    fail(url, text::quoted(out.name) + (out.bracketed ? " is not an IPv6 address" : " is not a host name or an address"));
  if (out.has_port && !text::port(out.port)) fail(url, "the port " + text::quoted(out.port) + " is not a number from 1 to 65535");
  return out;
}

/// Doubled slashes and `/./` mean nothing; `..` is kept, as it may cross a symbolic link.
std::string tidy_path(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    path.remove_prefix(std::min(path.find_first_not_of('/'), path.size()));
    const std::string_view part = path.substr(0, path.find('/'));
    path.remove_prefix(part.size());
    if (!part.empty() && part != ".") out.append("/").append(part);
  }
  return out;
}

std::string socket_path(std::string_view url, std::string_view path) {
  if (!path.starts_with('/')) fail(url, "the path of the socket must be absolute, as in unix:///var/run/docker.sock");
  if (!text::all_of(path, [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f; })) fail(url, "the path holds a control character");
  std::string out = tidy_path(path);
  if (out.empty()) fail(url, "the path of the socket is missing");
  if (out.size() > kLongestSocketPath)
    fail(url, "the path has " + std::to_string(out.size()) + " bytes; the system allows " + std::to_string(kLongestSocketPath) + " for a socket");
  return out;
}
}  // namespace

std::string_view to_string(HostKind kind) {
  switch (kind) {
    case HostKind::unix_socket: return "unix";
    case HostKind::ssh: return "ssh";
    case HostKind::tcp: return "tcp";
  }
  return "unix";
}

Host Host::parse(std::string_view url) {
  Host out;
  const std::size_t end = url.find("://");
  const std::string scheme = text::lower(url.substr(0, end));
  if (end == std::string_view::npos || (scheme != "unix" && scheme != "ssh" && scheme != "tcp"))
    fail(url, "expected unix:///path, ssh://[user@]host[:port] or tcp://host[:port]");
  const std::string_view rest = url.substr(end + 3);
  if (scheme == "unix") {
    out.name_ = "localhost";
    out.path_ = socket_path(url, rest);
    out.url_ = "unix://" + out.path_;
    return out;
  }
  out.kind_ = scheme == "ssh" ? HostKind::ssh : HostKind::tcp;
  const Authority authority = read_authority(url, rest);
  if (out.kind_ == HostKind::tcp && !authority.user.empty()) fail(url, "tcp:// takes no user; certificates say who we are (see \"tls\")");
  out.user_ = authority.user;
  out.name_ = text::lower(authority.name);
  out.port_ = text::port(authority.port).value_or(out.kind_ == HostKind::ssh ? kSshPort : kTlsPort);
  out.url_ = scheme + "://" + (out.user_.empty() ? "" : out.user_ + "@") + (authority.bracketed ? "[" + out.name_ + "]" : out.name_);
  if (out.kind_ == HostKind::tcp || out.port_ != kSshPort) out.url_ += ":" + std::to_string(out.port_);
  return out;
}

}  // namespace deploy
