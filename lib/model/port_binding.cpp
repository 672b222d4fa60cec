#include <algorithm>

#include "deploy/container.hpp"
#include "deploy/error.hpp"
#include "model/address.hpp"
#include "model/text.hpp"

namespace deploy {

namespace {
[[noreturn]] void fail_binding(std::string_view text, const std::string& why) {
  throw Error(ErrorCode::invalid_argument, "container",
              "invalid port " + text::quoted(text) + ": " + why + " (expected [address:]host[-last]:container[-last][/protocol], e.g. 8080:80)");
}

Protocol read_protocol(std::string_view text, std::string_view name) {
  const std::string word = text::lower(name);
  for (const Protocol protocol : {Protocol::tcp, Protocol::udp, Protocol::sctp})
    if (word == to_string(protocol)) return protocol;
  fail_binding(text, "the protocol " + text::quoted(name) + " is not one of tcp, udp, sctp");
}

struct Range {
  std::uint16_t first = 0, last = 0;
};

std::uint16_t read_port(std::string_view text, std::string_view digits) {
  const auto port = text::port(digits);
  if (!port) fail_binding(text, text::quoted(digits) + " is not a port from 1 to 65535");
  return *port;
}

Range read_range(std::string_view text, std::string_view part) {
  const std::size_t dash = part.find('-');
  Range out;
  out.first = read_port(text, part.substr(0, dash));
  out.last = dash == std::string_view::npos ? out.first : read_port(text, part.substr(dash + 1));
  if (out.last < out.first) fail_binding(text, "the range " + text::quoted(part) + " runs backwards");
  return out;
}

/// Takes `address:` off the front of `rest`; "" when there is none.
std::string take_address(std::string_view text, std::string_view& rest) {
  if (rest.starts_with('[')) {
    const std::size_t end = rest.find(']');
    const std::string_view inner = rest.substr(1, end == std::string_view::npos ? end : end - 1);
    if (end == std::string_view::npos || !address::parse_ipv6(inner)) fail_binding(text, "the address in brackets is not an IPv6 address");
    if (end + 1 == rest.size() || rest[end + 1] != ':') fail_binding(text, "':' and the ports must follow the address");
    rest.remove_prefix(end + 2);
    return text::lower(inner);
  }
  const auto colons = std::count(rest.begin(), rest.end(), ':');
  if (colons < 2) return "";
  if (colons > 2) fail_binding(text, "too many ':'; an IPv6 address stands in brackets");
  const std::string_view address = rest.substr(0, rest.find(':'));
  if (!address::is_ipv4(address)) fail_binding(text, text::quoted(address) + " is not an IPv4 address");
  rest.remove_prefix(address.size() + 1);
  return std::string(address);
}

std::string range_text(std::uint16_t first, std::uint16_t last) {
  return std::to_string(first) + (last == first ? "" : "-" + std::to_string(last));
}

bool is_ipv6(std::string_view address) { return address.find(':') != std::string_view::npos; }
bool is_wildcard(std::string_view address) {
  return address == "0.0.0.0" || (is_ipv6(address) && address::parse_ipv6(address) == address::Ipv6{});
}

// The Engine binds a port of "" on both families, of 0.0.0.0 and [::] on their own family alone.
bool same_address(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return true;
  if (is_ipv6(a) != is_ipv6(b)) return false;
  if (is_wildcard(a) || is_wildcard(b)) return true;
  return is_ipv6(a) ? address::parse_ipv6(a) == address::parse_ipv6(b) : a == b;
}
}  // namespace

std::string_view to_string(Protocol protocol) {
  switch (protocol) {
    case Protocol::tcp: return "tcp";
    case Protocol::udp: return "udp";
    case Protocol::sctp: return "sctp";
  }
  return "tcp";
}

PortBinding PortBinding::parse(std::string_view text) {
  PortBinding out;
  std::string_view rest = text;
  if (const std::size_t slash = rest.find('/'); slash != std::string_view::npos) {
    out.protocol = read_protocol(text, rest.substr(slash + 1));
    rest = rest.substr(0, slash);
  }
  out.address = take_address(text, rest);
  const std::size_t colon = rest.find(':');
  if (colon == std::string_view::npos) fail_binding(text, "the host's port must be given too; the Engine would pick one that no probe knows");
  const Range host = read_range(text, rest.substr(0, colon)), container = read_range(text, rest.substr(colon + 1));
  if (host.last - host.first != container.last - container.first)
    fail_binding(text, "the ranges have different lengths (" + std::to_string(host.last - host.first + 1) + " and " +
                   std::to_string(container.last - container.first + 1) + ")");
  out.host_first = host.first;
  out.host_last = host.last;
  out.container_first = container.first;
  out.container_last = container.last;
  return out;
}

std::string PortBinding::str() const {
  const std::string where = address.empty() ? "" : (is_ipv6(address) ? "[" + address + "]" : address) + ":";
  const std::string what = protocol == Protocol::tcp ? "" : "/" + std::string(to_string(protocol));
  return where + range_text(host_first, host_last) + ":" + range_text(container_first, container_last) + what;
}

bool PortBinding::overlaps(const PortBinding& other) const {
  return protocol == other.protocol && host_first <= other.host_last && other.host_first <= host_last && same_address(address, other.address);
}

}  // namespace deploy
