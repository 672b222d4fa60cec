#include "registry/challenge.hpp"

#include <doctest/doctest.h>

using namespace deploy::registry;

TEST_CASE("Docker Hub's challenge is read") {
  const auto found = parse_challenges(
      R"(Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:samalba/my-app:pull,push")");
  REQUIRE(found.size() == 1);
  CHECK(found[0].scheme == "bearer");
  CHECK(found[0].param("realm") == "https://auth.docker.io/token");
  CHECK(found[0].param("service") == "registry.docker.io");
  CHECK(found[0].param("scope") == "repository:samalba/my-app:pull,push");
  CHECK(found[0].param("error").empty());
}

TEST_CASE("several challenges in one header are told apart") {
  const auto found = parse_challenges(R"(Negotiate, Basic realm="a, b" , Bearer realm="https://t/",error="insufficient_scope")");
  REQUIRE(found.size() == 3);
  CHECK(found[0].scheme == "negotiate");
  CHECK(found[1] == Challenge{"basic", {{"realm", "a, b"}}});
  CHECK(found[2].param("error") == "insufficient_scope");
}

TEST_CASE("names are compared without case, quotes may be escaped or missing, spaces do not matter") {
  const auto found = parse_challenges(R"(BEARER  Realm = "a\"b\\c" , SERVICE=plain )");
  REQUIRE(found.size() == 1);
  CHECK(found[0].param("realm") == R"(a"b\c)");
  CHECK(found[0].param("service") == "plain");
}

TEST_CASE("nonsense in the header is passed over") {
  for (const char* text : {"", ",,,", "=", "\"", "realm=\"x\"", "Bearer realm=\"never closed", "Negotiate abc==, Basic realm=x", "\x01\xff(;", "Basic =,=\"\\"}) {
    CAPTURE(text);
    CHECK_NOTHROW((void)parse_challenges(text));
  }
  CHECK(parse_challenges("realm=\"x\"").empty());
  CHECK(parse_challenges("Negotiate abc==, Basic realm=x").back() == Challenge{"basic", {{"realm", "x"}}});
}
