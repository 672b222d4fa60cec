#include <doctest/doctest.h>

#include "deploy/tag.hpp"
#include "refusal.hpp"

using namespace deploy;
using deploy::test::contains;
using deploy::test::refusal;

TEST_CASE("a tag's text tells its kind") {
  CHECK(Tag::parse("1.0.42").kind == TagKind::version);
  CHECK(Tag::parse("1.0.42-rc.1").kind == TagKind::version);
  CHECK(Tag::parse("1.0.42_abc").version() == Version::parse("1.0.42+abc"));
  CHECK(Tag::parse("build-42").kind == TagKind::build);
  CHECK(Tag::parse("build-42").build == 42);
  for (const char* text : {"latest", "1.0", "v1.0.0", "build-", "build-042", "build-x", "_x"}) {
    CAPTURE(text);
    CHECK(Tag::parse(text).kind == TagKind::floating);
  }
  for (const char* text : {"", ".x", "-x", "a b", "a/b", "a+b"}) CHECK_THROWS_AS((void)Tag::parse(text), Error);
}

TEST_CASE("tags compare within their kind only") {
  const auto order = [](const char* a, const char* b) { return compare(Tag::parse(a), Tag::parse(b)); };
  CHECK(order("1.0.9", "1.0.10") == std::partial_ordering::less);
  CHECK(order("1.0.0_a", "1.0.0_b") == std::partial_ordering::equivalent);
  CHECK(order("build-10", "build-9") == std::partial_ordering::greater);
  CHECK(order("latest", "latest") == std::partial_ordering::equivalent);
  CHECK(order("latest", "stable") == std::partial_ordering::unordered);
  CHECK(order("build-1", "1.0.0") == std::partial_ordering::unordered);
}

TEST_CASE("templates are filled from their fields") {
  const TemplateFields fields{"1.0.42", "42", "abc123", "staging"};
  CHECK(expand("1.0.{build}", fields) == "1.0.42");
  CHECK(expand("build-{build}", fields) == "build-42");
  CHECK(expand("${version}-${environment}", fields) == "1.0.42-staging");
  CHECK(expand("{commit}{build}", fields) == "abc12342");
  CHECK(expand("costs $5", fields) == "costs $5");
  CHECK(expand("", fields).empty());
  CHECK(template_fields("{version}-x-${build}") == std::vector<std::string>{"version", "build"});
}

TEST_CASE("a wrong template says which field is wrong and which one is near") {
  const auto why = [](const char* text) { return refusal([&] { return expand(text, {"1.0.0", "", "c", "e"}); }); };
  CHECK(contains(why("1.0.{biuld}"), "there is no field 'biuld'; did you mean {build}?"));
  CHECK(contains(why("{xyzzy}"), "known: {version}, {build}, {commit}, {environment}"));
  CHECK(contains(why("1.0.{build"), "a '{' without its '}'"));
  CHECK(contains(why("{{build}}"), "a '{' without its '}'"));
  CHECK(contains(why("1.0.build}"), "a '}' without its '{'"));
  CHECK(contains(why("{build}"), "{build} has no value here"));
  CHECK(contains(why("{}"), "there is no field ''"));
}
