// Network names as text: IPv4, IPv6 and host names.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace deploy::address {

/// Dotted quad without leading zeros.
[[nodiscard]] bool is_ipv4(std::string_view text) noexcept;

using Ipv6 = std::array<std::uint16_t, 8>;
/// RFC 4291 text without brackets and zone; `::` and a dotted quad at the end are understood.
[[nodiscard]] std::optional<Ipv6> parse_ipv6(std::string_view text) noexcept;

/// Labels of letters, digits, '-' and '_' (which real networks have), joined by dots, 253 bytes in all. No label
/// begins or ends with '-': a name that begins with one would be an option to the ssh program.
[[nodiscard]] bool is_host_name(std::string_view text) noexcept;

}  // namespace deploy::address
