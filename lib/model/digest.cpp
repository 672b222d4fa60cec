#include "deploy/digest.hpp"

#include "deploy/error.hpp"
#include "model/text.hpp"

namespace deploy {

namespace {
constexpr std::string_view kPrefix = "sha256:";
constexpr std::size_t kHexDigits = 64;

/// What is wrong with it, "" for nothing.
std::string complaint(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return "there is no algorithm before it";
  if (text.substr(0, colon + 1) != kPrefix)
    return "the algorithm " + text::quoted(text.substr(0, colon)) + " is not supported, only sha256 is";
  const std::string_view hex = text.substr(kPrefix.size());
  for (std::size_t i = 0; i < hex.size(); ++i)
    if (!text::is_lower_hex(hex[i]))
      return text::quoted(hex[i]) + " at byte " + std::to_string(kPrefix.size() + i + 1) + " is not a lower-case hexadecimal digit";
  if (hex.size() != kHexDigits) return "it has " + std::to_string(hex.size()) + " hexadecimal digits";
  return "";
}
}  // namespace

Digest Digest::parse(std::string_view text) {
  if (const std::string why = complaint(text); !why.empty())
    throw Error(ErrorCode::invalid_argument, "image",
                text::quoted(text) + " is not a digest: " + why + " (expected sha256: and 64 lower-case hexadecimal digits)");
  return Digest(std::string(text));
}

std::optional<Digest> Digest::try_parse(std::string_view text) noexcept {
  if (text.size() != kPrefix.size() + kHexDigits || !text.starts_with(kPrefix)) return std::nullopt;
  if (!text::all_of(text.substr(kPrefix.size()), text::is_lower_hex)) return std::nullopt;
  return Digest(std::string(text));
}

}  // namespace deploy
