#include "model/text.hpp"

#include <charconv>
#include <limits>

namespace deploy::text {

namespace {
constexpr std::size_t kQuotedLimit = 120;

void append_printable(std::string& out, char c, bool ascii_only) {
  constexpr std::string_view kHex = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  if (byte >= 0x20 && byte != 0x7f && !(ascii_only && byte >= 0x80)) {
    out += c;
  } else {
    out += "\\x";
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
  }
}

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

/// Length of the well-formed sequence at the front, 0 when it is malformed. Source: RFC 3629, section 4.
std::size_t sequence_length(std::string_view rest) {
  const auto lead = static_cast<unsigned char>(rest[0]);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xc2 && lead <= 0xdf ? 2 : lead >= 0xe0 && lead <= 0xef ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
  if (length == 0 || rest.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if (!is_continuation(rest[i])) return 0;
  const auto second = static_cast<unsigned char>(rest[1]);
  const bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
  const bool outside = (lead == 0xed && second > 0x9f) || (lead == 0xf4 && second > 0x8f);
  return overlong || outside ? 0 : length;
}

/// The password of `scheme://user:password@host`, for whatever reason it stands there; "" when there is none.
std::string_view password_in(std::string_view url) {
  const std::size_t scheme = url.find("://"), at = url.rfind('@');
  const std::size_t colon = scheme == std::string_view::npos ? scheme : url.find(':', scheme + 3);
  if (colon == std::string_view::npos || at == std::string_view::npos || colon > at) return {};
  const std::string_view password = url.substr(colon + 1, at - colon - 1);
  const bool is_port = port(password.substr(0, password.find('/'))).has_value() && password.find('/') != std::string_view::npos;
  return is_port ? std::string_view() : password;  // https://host:5000/path@digest
}

std::string without_password(std::string_view text) {
  const std::string_view password = password_in(text);
  if (password.empty()) return std::string(text);
  const auto start = static_cast<std::size_t>(password.data() - text.data());
  return std::string(text.substr(0, start)) + "[redacted]" + std::string(text.substr(start + password.size()));
}

// Never cuts a UTF-8 sequence in two.
std::string_view shortened(std::string_view text) {
  if (text.size() <= kQuotedLimit) return text;
  std::size_t end = kQuotedLimit;
  while (end > 0 && is_continuation(text[end])) --end;
  return text.substr(0, end);
}
}  // namespace

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = lower(c);
  return out;
}

std::optional<std::uint64_t> number(std::string_view digits) noexcept {
  if (digits.empty() || !is_digit(digits.front())) return std::nullopt;
  std::uint64_t value = 0;
  const char* end = digits.data() + digits.size();
  const auto result = std::from_chars(digits.data(), end, value);
  if (result.ec != std::errc() || result.ptr != end) return std::nullopt;
  return value;
}

std::optional<std::uint16_t> port(std::string_view digits) noexcept {
  const auto value = number(digits);
  if (!value || *value == 0 || *value > std::numeric_limits<std::uint16_t>::max()) return std::nullopt;
  return static_cast<std::uint16_t>(*value);
}

std::size_t find_malformed_utf8(std::string_view bytes) noexcept {
  for (std::size_t i = 0; i < bytes.size();) {
    const std::size_t length = sequence_length(bytes.substr(i));
    if (length == 0) return i;
    i += length;
  }
  return std::string_view::npos;
}

bool is_utf8(std::string_view bytes) noexcept { return find_malformed_utf8(bytes) == std::string_view::npos; }

std::string quoted(std::string_view text) {
  const std::string safe = without_password(text);
  const std::string_view shown = shortened(safe);
  const bool ascii_only = !is_utf8(shown);
  std::string out = "'";
  for (const char c : shown) append_printable(out, c, ascii_only);
  return out + (safe.size() > kQuotedLimit ? "...'" : "'");
}

std::string quoted(char c) { return quoted(std::string_view(&c, 1)); }

}  // namespace deploy::text
