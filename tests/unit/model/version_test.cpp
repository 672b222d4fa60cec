#include <doctest/doctest.h>

#include <array>

#include "deploy/tag.hpp"
#include "refusal.hpp"

using namespace deploy;
using deploy::test::contains;
using deploy::test::refusal;

TEST_CASE("every version that semver.org calls valid is read and written back") {
  for (const char* text :
       {"0.0.4", "1.2.3", "10.20.30", "1.1.2-prerelease+meta", "1.1.2+meta", "1.1.2+meta-valid", "1.0.0-alpha", "1.0.0-beta",
        "1.0.0-alpha.beta", "1.0.0-alpha.beta.1", "1.0.0-alpha.1", "1.0.0-alpha0.valid", "1.0.0-alpha.0valid",
        "1.0.0-alpha-a.b-c-somethinglong+build.1-aef.1-its-okay", "1.0.0-rc.1+build.1", "2.0.0-rc.1+build.123", "1.2.3-beta",
        "10.2.3-DEV-SNAPSHOT", "1.2.3-SNAPSHOT-123", "1.0.0", "2.0.0", "1.1.7", "2.0.0+build.1848", "2.0.1-alpha.1227",
        "1.0.0-alpha+beta", "1.2.3----RC-SNAPSHOT.12.9.1--.12+788", "1.2.3----R-S.12.9.1--.12+meta", "1.2.3----RC-SNAPSHOT.12.9.1--.12",
        "1.0.0+0.build.1-rc.10000aaa-kk-0.1", "1.0.0-0A.is.legal", "1.0.0-99999999999999999999999", "18446744073709551615.0.0"}) {
    CAPTURE(text);
    CHECK(refusal([&] { return Version::parse(text); }) == "(accepted)");
    CHECK(Version::parse(text).str() == text);
  }
}

TEST_CASE("every version that semver.org calls invalid is refused") {
  for (const char* text :
       {"", "1", "1.2", "1.2.3-0123", "1.2.3-0123.0123", "1.1.2+.123", "+invalid", "-invalid", "-invalid+invalid", "-invalid.01",
        "alpha", "alpha.beta", "alpha.beta.1", "alpha.1", "alpha+beta", "alpha_beta", "alpha.", "alpha..", "beta", "1.0.0-alpha_beta",
        "-alpha.", "1.0.0-alpha..", "1.0.0-alpha..1", "1.0.0-alpha...1", "1.0.0-alpha....1", "01.1.1", "1.01.1", "1.1.01", "1.2.3.DEV",
        "1.2-SNAPSHOT", "1.2.31.2.3----RC-SNAPSHOT.12.09.1--..12+788", "1.2-RC-SNAPSHOT", "-1.0.3-gamma+b7718", "+justmeta",
        "9.8.7+meta+meta", "9.8.7-whatever+meta+meta", "1.0.0-", "1.0.0+", "v1.0.0", " 1.0.0", "1.0.0\n"}) {
    CAPTURE(text);
    CHECK_FALSE(Version::try_parse(text).has_value());
    CHECK_THROWS_AS((void)Version::parse(text), Error);
  }
}

TEST_CASE("a refused version says why") {
  const auto why = [](const char* text) { return refusal([&] { return Version::parse(text); }); };
  CHECK(contains(why("v1.2.3"), "leave the 'v' away"));
  CHECK(contains(why("1.2"), "it has 2 numbers where three are expected"));
  CHECK(contains(why("1.02.3"), "'02' has a leading zero"));
  CHECK(contains(why("1.0.18446744073709551616"), "larger than 64 bits"));
  CHECK(contains(why("1.0.0-rc.01"), "number '01' has a leading zero"));
  CHECK(contains(why("1.0.0-a..b"), "the pre-release has an empty identifier"));
  CHECK(contains(why("1.0.0+a_b"), "the build metadata cannot hold '_'"));
}

TEST_CASE("versions are ordered by the precedence of section 11") {
  const std::array order = {"0.9.9",      "1.0.0-1",     "1.0.0-2",     "1.0.0-10",      "1.0.0-99999999999999999999999", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta",
                            "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0",       "1.0.9",       "1.0.10",        "1.2.0", "2.0.0"};
  for (std::size_t i = 0; i < order.size(); ++i)
    for (std::size_t j = 0; j < order.size(); ++j) {
      CAPTURE(order[i]);
      CAPTURE(order[j]);
      CHECK((Version::parse(order[i]) <=> Version::parse(order[j])) == (i <=> j));
    }
}

TEST_CASE("build metadata does not count in precedence but does in equality") {
  const auto a = Version::parse("1.0.0+a"), b = Version::parse("1.0.0+b");
  CHECK((a <=> b) == std::weak_ordering::equivalent);
  CHECK(a != b);
  CHECK(a.tag() == "1.0.0_a");
  CHECK(a.build_metadata() == "a");
}
