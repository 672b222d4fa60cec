// SHA-256 and encodings, by libcrypto.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

namespace deploy {

/// Incremental SHA-256. Since: 0.9
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  void update(std::string_view bytes);
  /// 64 lower-case hex digits; the object is spent afterwards.
  [[nodiscard]] std::string hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

[[nodiscard]] std::string sha256_hex(std::string_view bytes);
[[nodiscard]] std::string base64(std::string_view bytes);
[[nodiscard]] std::string base64url(std::string_view bytes);  ///< with padding, as the Engine's X-Registry-Auth wants it
/// Throws Error{invalid_argument} on malformed text.
[[nodiscard]] std::string base64_decode(std::string_view text);
[[nodiscard]] std::string random_hex(std::size_t bytes);

}  // namespace deploy
