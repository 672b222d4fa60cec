// Versions and the kinds of tag.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deploy {

/// A SemVer 2.0.0 version, ordered by precedence (section 11); build metadata is kept but does not count. Since: 0.9
class Version {
 public:
  /// Throws Error{invalid_argument}. A leading `v` is not part of SemVer and is refused, as are numbers beyond 64 bits.
  [[nodiscard]] static Version parse(std::string_view text);
  /// nullopt instead of the throw.
  [[nodiscard]] static std::optional<Version> try_parse(std::string_view text);

  [[nodiscard]] std::uint64_t major() const noexcept { return major_; }
  [[nodiscard]] std::uint64_t minor() const noexcept { return minor_; }
  [[nodiscard]] std::uint64_t patch() const noexcept { return patch_; }
  [[nodiscard]] const std::vector<std::string>& prerelease() const noexcept { return prerelease_; }
  [[nodiscard]] const std::string& build_metadata() const noexcept { return build_; }
  [[nodiscard]] std::string str() const;      ///< as written
  [[nodiscard]] std::string tag() const;      ///< as an image tag or container name part: `+` becomes `_`

  /// Precedence: 1.0.0+a and 1.0.0+b are equivalent, though not equal.
  [[nodiscard]] std::weak_ordering operator<=>(const Version& other) const noexcept;
  /// Equality is exact, build metadata included.
  [[nodiscard]] bool operator==(const Version&) const = default;

 private:
  std::uint64_t major_ = 0, minor_ = 0, patch_ = 0;
  std::vector<std::string> prerelease_;
  std::string build_;
};

/// What a tag is for. Since: 0.9
enum class TagKind {
  version,   ///< SemVer, never moves
  build,     ///< `build-42`, never moves
  floating,  ///< `latest`, moves after a release is verified
};
[[nodiscard]] std::string_view to_string(TagKind kind);

/// A tag with its kind: `1.0.42` is a version (so is `1.0.42_x`, the tag of `1.0.42+x`), `build-42` a build, everything else
/// is floating. Since: 0.9
struct Tag {
  std::string text;
  TagKind kind = TagKind::floating;
  std::uint64_t build = 0;  ///< the number of a build tag, else 0

  /// Throws Error{invalid_argument} when the text cannot be an image tag.
  [[nodiscard]] static Tag parse(std::string_view text);
  /// The version of a version tag, nullopt for the other kinds.
  [[nodiscard]] std::optional<Version> version() const;
  bool operator==(const Tag&) const = default;
};

/// Orders version tags by precedence and build tags by number. A floating tag is equivalent to itself; all else (two
/// floating tags, tags of different kinds) is partial_ordering::unordered. Since: 0.9
[[nodiscard]] std::partial_ordering compare(const Tag& a, const Tag& b);

/// The fields that templates may name: `{version}`, `{build}`, `{commit}`, `{environment}`. Since: 0.9
struct TemplateFields {
  std::string version, build, commit, environment;
};

/// Fills a template such as `1.0.{build}`. Throws Error{invalid_argument} on an unknown field (naming the nearest known one),
/// on an unclosed brace, and on a field that is empty here. `${...}` is accepted as another spelling of `{...}`. Since: 0.9
[[nodiscard]] std::string expand(std::string_view text, const TemplateFields& fields);

/// The names of the fields that a template uses, in order. Throws like expand. Since: 0.9
[[nodiscard]] std::vector<std::string> template_fields(std::string_view text);

}  // namespace deploy
