// The SSH wire format's two kinds of value (RFC 4251): uint32 and length-prefixed string.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace deploy::ssh {

/// Reads from the front; nothing when what is left is too short.
class WireReader {
 public:
  explicit WireReader(std::string_view bytes) : bytes_(bytes) {}

  std::optional<std::uint8_t> byte() {
    if (bytes_.empty()) return std::nullopt;
    const auto value = static_cast<std::uint8_t>(bytes_.front());
    bytes_.remove_prefix(1);
    return value;
  }
  std::optional<std::uint32_t> uint32() {
    if (bytes_.size() < 4) return std::nullopt;
    std::uint32_t value = 0;
    for (int i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes_[static_cast<std::size_t>(i)]);
    bytes_.remove_prefix(4);
    return value;
  }
  std::optional<std::string_view> string() {
    const std::optional<std::uint32_t> size = uint32();
    if (!size || bytes_.size() < *size) return std::nullopt;
    const std::string_view value = bytes_.substr(0, *size);
    bytes_.remove_prefix(*size);
    return value;
  }
  [[nodiscard]] bool done() const noexcept { return bytes_.empty(); }

 private:
  std::string_view bytes_;
};

inline std::string wire_uint32(std::uint32_t value) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xff);
  return out;
}

inline std::string wire_string(std::string_view value) { return wire_uint32(static_cast<std::uint32_t>(value.size())).append(value); }

}  // namespace deploy::ssh
