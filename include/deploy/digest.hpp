// A content digest: what moves between environments.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace deploy {

/// `sha256:<64 lower-case hex>`. A value that exists is valid. Since: 0.9
/// Source: OCI image spec, "Digests"; only sha256 is accepted, since that is what the Engine and the ledger verify.
class Digest {
 public:
  /// Throws Error{invalid_argument} that says what is wrong with `text`.
  [[nodiscard]] static Digest parse(std::string_view text);
  /// nullopt instead of the throw.
  [[nodiscard]] static std::optional<Digest> try_parse(std::string_view text) noexcept;

  [[nodiscard]] const std::string& str() const noexcept { return text_; }           ///< sha256:...
  [[nodiscard]] std::string_view hex() const noexcept { return std::string_view(text_).substr(7); }
  [[nodiscard]] std::string short_hex() const { return text_.substr(7, 12); }       ///< the first 12, for people

  auto operator<=>(const Digest&) const = default;

 private:
  explicit Digest(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace deploy
