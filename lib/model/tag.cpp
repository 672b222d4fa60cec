#include "deploy/tag.hpp"

#include "deploy/error.hpp"
#include "deploy/image.hpp"
#include "model/text.hpp"

namespace deploy {

namespace {
constexpr std::string_view kBuildPrefix = "build-";

/// The version that a tag spells; Version::tag writes '+' as '_', which no version holds otherwise.
std::optional<Version> version_of(std::string text) {
  if (const std::size_t mark = text.find('_'); mark != std::string::npos) text[mark] = '+';
  return Version::try_parse(text);
}

std::optional<std::uint64_t> build_of(std::string_view text) {
  if (!text.starts_with(kBuildPrefix)) return std::nullopt;
  const std::string_view digits = text.substr(kBuildPrefix.size());
  if (digits.size() > 1 && digits.front() == '0') return std::nullopt;
  return text::number(digits);
}
}  // namespace

std::string_view to_string(TagKind kind) {
  switch (kind) {
    case TagKind::version: return "version";
    case TagKind::build: return "build";
    case TagKind::floating: return "floating";
  }
  return "floating";
}

Tag Tag::parse(std::string_view text) {
  if (!is_valid_tag(text))
    throw Error(ErrorCode::invalid_argument, "tag",
                text::quoted(text) + " is not an image tag: expected 1 to 128 letters, digits, '_', '.' and '-', not beginning with '.' or '-'");
  Tag out{std::string(text)};
  if (version_of(out.text)) {
    out.kind = TagKind::version;
  } else if (const auto build = build_of(text)) {
    out.kind = TagKind::build;
    out.build = *build;
  }
  return out;
}

std::optional<Version> Tag::version() const { return kind == TagKind::version ? version_of(text) : std::nullopt; }

std::partial_ordering compare(const Tag& a, const Tag& b) {
  if (a.kind != b.kind) return std::partial_ordering::unordered;
  switch (a.kind) {
    case TagKind::version: {
      const auto left = a.version(), right = b.version();
      if (!left || !right) return std::partial_ordering::unordered;  // a Tag that parse() did not make
      return *left <=> *right;
    }
    case TagKind::build: return a.build <=> b.build;
    case TagKind::floating: break;
  }
  return a.text == b.text ? std::partial_ordering::equivalent : std::partial_ordering::unordered;
}

}  // namespace deploy
