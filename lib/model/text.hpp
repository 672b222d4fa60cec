// Small pure helpers for reading text: character classes, numbers, quoting for messages.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace deploy::text {

// The classes are ASCII by design: the C library's depend on the locale.
[[nodiscard]] constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool is_lower(char c) noexcept { return c >= 'a' && c <= 'z'; }
[[nodiscard]] constexpr bool is_upper(char c) noexcept { return c >= 'A' && c <= 'Z'; }
[[nodiscard]] constexpr bool is_alnum(char c) noexcept { return is_digit(c) || is_lower(c) || is_upper(c); }
[[nodiscard]] constexpr bool is_hex(char c) noexcept { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
[[nodiscard]] constexpr bool is_lower_hex(char c) noexcept { return is_digit(c) || (c >= 'a' && c <= 'f'); }
[[nodiscard]] constexpr char lower(char c) noexcept { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

[[nodiscard]] std::string lower(std::string_view text);

template <class Predicate>
[[nodiscard]] constexpr bool all_of(std::string_view text, Predicate predicate) noexcept {
  for (const char c : text)
    if (!predicate(c)) return false;
  return true;
}

/// Decimal digits only, no sign; nullopt when empty, foreign or beyond 64 bits.
[[nodiscard]] std::optional<std::uint64_t> number(std::string_view digits) noexcept;

/// A TCP or UDP port: 1 to 65535.
[[nodiscard]] std::optional<std::uint16_t> port(std::string_view digits) noexcept;

/// Well-formed UTF-8: no overlong forms, no surrogates, nothing beyond U+10FFFF.
[[nodiscard]] bool is_utf8(std::string_view bytes) noexcept;
/// Where the first malformed byte stands; npos when there is none.
[[nodiscard]] std::size_t find_malformed_utf8(std::string_view bytes) noexcept;

/// For messages: in single quotes, cut after 120 bytes; control characters and malformed UTF-8 as \xNN, so that
/// terminals and JSON readers are safe from them; the password of a URL as [redacted].
[[nodiscard]] std::string quoted(std::string_view text);
/// One character for messages: 'x', or its number when it cannot be printed.
[[nodiscard]] std::string quoted(char c);

}  // namespace deploy::text
