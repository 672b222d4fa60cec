#include "deploy/tag.hpp"

#include "deploy/image.hpp"
#include "target.hpp"

namespace deploy::fuzz {

namespace {
void try_versions(const Version& a, const Version& b) {
  hold((a < b) == (b > a), "the order of versions is antisymmetric");
  hold(!(a == b) || a <=> b == std::weak_ordering::equivalent, "equal versions are equivalent");
}

void try_version(std::string_view text) {
  const auto version = accepted([&] { return Version::parse(text); });
  hold(version.has_value() == Version::try_parse(text).has_value(), "parse and try_parse agree");
  if (!version) return;
  hold(version->str() == text, "a version is written as it was read");
  hold(Version::parse(version->str()) == *version, "parse(str()) gives the same version");
  hold(version->tag().size() > 128 || is_valid_tag(version->tag()), "a version is a tag");
}

void try_tags(std::string_view first, std::string_view second) {
  const auto a = accepted([&] { return Tag::parse(first); });
  const auto b = accepted([&] { return Tag::parse(second); });
  if (a) hold(Tag::parse(a->text) == *a && compare(*a, *a) != std::partial_ordering::less, "a tag reads as itself");
  if (a && b) hold((compare(*a, *b) == std::partial_ordering::less) == (compare(*b, *a) == std::partial_ordering::greater), "the order of tags is antisymmetric");
}
}  // namespace

void try_input(std::string_view input) {
  const auto parts = parts_of(input);
  const std::string_view first = part(parts, 0), second = part(parts, 1);
  try_version(first);
  const auto a = Version::try_parse(first), b = Version::try_parse(second);
  if (a && b) try_versions(*a, *b);
  try_tags(first, second);
  (void)refusal([&] {
    const auto fields = template_fields(first);
    const std::string text = expand(first, {"1.2.3", "7", "c0ffee", "staging"});
    hold(!fields.empty() || text.find("1.2.3") == std::string::npos || first.find("1.2.3") != std::string_view::npos, "only named fields are filled in");
  });
}

}  // namespace deploy::fuzz
