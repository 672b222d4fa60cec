#include "model/address.hpp"

#include <charconv>

#include "model/text.hpp"

namespace deploy::address {

namespace {
constexpr std::size_t kLongestHostName = 253, kLongestLabel = 63;

/// Cuts the part before the next `separator` off the front of `rest`.
std::string_view next_part(std::string_view& rest, char separator) {
  const std::size_t end = rest.find(separator);
  const std::string_view part = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return part;
}

std::optional<std::uint32_t> quad(std::string_view text) {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    const bool last = i == 3;
    if (last != (text.find('.') == std::string_view::npos)) return std::nullopt;
    const std::string_view part = next_part(text, '.');
    const auto byte = text::number(part);
    if (!byte || *byte > 255 || part.size() > 3 || (part.size() > 1 && part.front() == '0')) return std::nullopt;
    value = (value << 8) | static_cast<std::uint32_t>(*byte);
  }
  return value;
}

/// The groups of one side of `::`.
struct Groups {
  Ipv6 values{};
  std::size_t count = 0;

  bool add(std::uint16_t value) {
    if (count == values.size()) return false;
    values[count++] = value;
    return true;
  }

  bool add_hex(std::string_view part) {
    std::uint16_t value = 0;
    if (part.empty() || part.size() > 4 || !text::all_of(part, text::is_hex)) return false;
    std::from_chars(part.data(), part.data() + part.size(), value, 16);
    return add(value);
  }

  bool add_quad(std::string_view part) {
    const auto value = quad(part);
    return value && add(static_cast<std::uint16_t>(*value >> 16)) && add(static_cast<std::uint16_t>(*value & 0xffff));
  }
};

bool read_groups(std::string_view side, bool quad_allowed, Groups& out) {
  if (side.empty()) return true;
  if (side.back() == ':') return false;
  while (!side.empty()) {
    const std::string_view part = next_part(side, ':');
    const bool dotted = part.find('.') != std::string_view::npos;
    if (dotted && !(quad_allowed && side.empty())) return false;
    if (dotted ? !out.add_quad(part) : !out.add_hex(part)) return false;
  }
  return true;
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= kLongestLabel && label.front() != '-' && label.back() != '-' &&
         text::all_of(label, [](char c) { return text::is_alnum(c) || c == '-' || c == '_'; });
}
}  // namespace

bool is_ipv4(std::string_view text) noexcept { return quad(text).has_value(); }

std::optional<Ipv6> parse_ipv6(std::string_view text) noexcept {
  const std::size_t gap = text.find("::");
  Groups head, tail;
  if (!read_groups(text.substr(0, gap), gap == std::string_view::npos, head)) return std::nullopt;
  if (gap == std::string_view::npos) return head.count == 8 ? std::optional(head.values) : std::nullopt;
  if (!read_groups(text.substr(gap + 2), true, tail) || head.count + tail.count > 7) return std::nullopt;
  for (std::size_t i = 0; i < tail.count; ++i) head.values[8 - tail.count + i] = tail.values[i];
  return head.values;
}

bool is_host_name(std::string_view text) noexcept {
  if (text.empty() || text.size() > kLongestHostName || text.back() == '.') return false;
  while (!text.empty())
    if (!is_label(next_part(text, '.'))) return false;
  return true;
}

}  // namespace deploy::address
