#include "deploy/image.hpp"

#include "target.hpp"

namespace deploy::fuzz {

namespace {
void hold_round_trip(const ImageReference& reference) {
  hold(ImageReference::parse(reference.str()) == reference, "parse(str()) gives the same reference");
  hold(ImageReference::parse(reference.familiar()) == reference, "parse(familiar()) gives the same reference");
  hold(ImageReference::parse(reference.str()).str() == reference.str(), "the canonical form is a fixed point");
}
}  // namespace

void try_input(std::string_view input) {
  if (const auto reference = accepted([&] { return ImageReference::parse(input); })) {
    hold_round_trip(*reference);
    hold_round_trip(reference->with_tag("1.0.0"));
    hold(!reference->tag() || is_valid_tag(*reference->tag()), "a parsed tag is a valid tag");
  }
  if (const auto digest = accepted([&] { return Digest::parse(input); })) {
    hold(Digest::try_parse(digest->str()) == digest, "parse(str()) gives the same digest");
    hold_round_trip(ImageReference::parse("localhost:5000/a").with_digest(*digest));
  }
}

}  // namespace deploy::fuzz
