#include <doctest/doctest.h>

#include <array>

#include "deploy/image.hpp"
#include "refusal.hpp"

using namespace deploy;
using deploy::test::contains;
using deploy::test::refusal;

namespace {
const std::string kHex(64, 'a');
const std::string kDigest = "sha256:" + kHex;

std::string why_not(const std::string& text) {
  return refusal([&] { return ImageReference::parse(text); });
}
}  // namespace

TEST_CASE("Docker Hub names are normalised and shown as people write them") {
  struct Row { std::string written, canonical, familiar; };
  const std::array rows = {
      Row{"flask", "docker.io/library/flask", "flask"},
      Row{"flask:3", "docker.io/library/flask:3", "flask:3"},
      Row{"library/flask", "docker.io/library/flask", "flask"},
      Row{"vblueice/myapp", "docker.io/vblueice/myapp", "vblueice/myapp"},
      Row{"docker.io/vblueice/myapp:1.0.42", "docker.io/vblueice/myapp:1.0.42", "vblueice/myapp:1.0.42"},
      Row{"index.docker.io/flask", "docker.io/library/flask", "flask"},
      Row{"docker.io/foo.bar/x", "docker.io/foo.bar/x", "docker.io/foo.bar/x"},
      Row{"docker.io/library/" + kHex, "docker.io/library/" + kHex, "docker.io/library/" + kHex},
      Row{"a/b/c/d", "docker.io/a/b/c/d", "a/b/c/d"},
      Row{"localhost:5000", "docker.io/library/localhost:5000", "localhost:5000"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.written);
    const auto reference = ImageReference::parse(row.written);
    CHECK(reference.str() == row.canonical);
    CHECK(reference.familiar() == row.familiar);
    CHECK(ImageReference::parse(reference.str()) == reference);
    CHECK(ImageReference::parse(reference.familiar()) == reference);
  }
}

TEST_CASE("the registry is told from the path as the distribution does it") {
  struct Row { std::string written, registry, repository; };
  const std::array rows = {
      Row{"localhost/x", "localhost", "x"},
      Row{"localhost:5000/team/x", "localhost:5000", "team/x"},
      Row{"127.0.0.1:5000/x", "127.0.0.1:5000", "x"},
      Row{"[::1]:5000/x", "[::1]:5000", "x"},
      Row{"[2001:db8::1]/x/y", "[2001:db8::1]", "x/y"},
      Row{"registry.example.com/x", "registry.example.com", "x"},
      Row{"Registry.Example.COM/x", "Registry.Example.COM", "x"},
      Row{"FOO/x", "FOO", "x"},
      Row{"registry/x", "docker.io", "registry/x"},
      Row{"r.io/a__b/c-d.e_f/g---h", "r.io", "a__b/c-d.e_f/g---h"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.written);
    const auto reference = ImageReference::parse(row.written);
    CHECK(reference.registry() == row.registry);
    CHECK(reference.repository() == row.repository);
    CHECK(reference.name() == row.registry + "/" + row.repository);
    CHECK(ImageReference::parse(reference.str()) == reference);
  }
}

TEST_CASE("tag and digest can stand alone or together") {
  const auto both = ImageReference::parse("localhost:5000/x:1.0@" + kDigest);
  CHECK(both.tag() == "1.0");
  CHECK(both.digest()->str() == kDigest);
  CHECK(both.str() == "localhost:5000/x:1.0@" + kDigest);
  CHECK(ImageReference::parse("x@" + kDigest).tag() == std::nullopt);
  CHECK(ImageReference::parse("x").digest() == std::nullopt);
  CHECK(both.with_tag("2").str() == "localhost:5000/x:2");
  CHECK(both.with_digest(Digest::parse("sha256:" + std::string(64, 'b'))).str() == "localhost:5000/x@sha256:" + std::string(64, 'b'));
  CHECK(contains(refusal([&] { return both.with_tag("not/a/tag"); }), "'not/a/tag'"));
}

TEST_CASE("a refused reference says what is wrong and where") {
  struct Row { std::string written, reason; };
  const std::array rows = {
      Row{"", "it is empty"},
      Row{"Flask", "must be lower case; 'F' at byte 1"},
      Row{"r.io/team/myApp:1", "must be lower case; 'A' at byte 13"},
      Row{kHex, "image id or a digest, not a name"},
      Row{"https://r.io/x", "leave the scheme away"},
      Row{"r.io/a b", "' ' at byte 7 cannot stand in a repository's name"},
      Row{"r.io/a//b", "a part of the repository's name is empty at byte 8"},
      Row{"r.io/", "a part of the repository's name is empty"},
      Row{"/x", "empty at byte 1"},
      Row{"x-", "'-' at byte 2 must stand between letters or digits"},
      Row{"_x", "'_' at byte 1 must stand between"},
      Row{"a..b", "'.' at byte 2 must stand between"},
      Row{"a___b", "'__' at byte 2 must stand between"},
      Row{"x:", "the tag after ':' is empty"},
      Row{"x:-rc", "the tag '-rc' at byte 3 may hold"},
      Row{"x:" + std::string(129, 't'), "the tag has 129 bytes, at most 128"},
      Row{"localhost:99999/x", "port '99999' is not a number from 1 to 65535"},
      Row{"localhost:/x", "port '' is not a number"},
      Row{"[::1/x", "not an IPv6 address in brackets"},
      Row{"[::1]5000/x", "only a port may follow the bracketed address"},
      Row{"[1:2]/x", "not an IPv6 address in brackets"},
      Row{"-r.io/x", "the registry '-r.io' at byte 1 is not a host name"},
      Row{"r..io/x", "the registry 'r..io' at byte 1 is not a host name"},
      Row{"x@sha256:abc", "it has 3 hexadecimal digits"},
      Row{"x@sha512:" + kHex, "the algorithm 'sha512' is not supported"},
      Row{"x@", "there is no algorithm before it"},
      Row{"x@sha256:" + std::string(63, 'a') + "A", "'A' at byte 71 is not a lower-case hexadecimal digit"},
      Row{std::string("x\0y", 3), "'\\x00' at byte 2"},
      Row{"@" + kDigest, "there is no repository name"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.written);
    CHECK_MESSAGE(contains(why_not(row.written), row.reason), why_not(row.written));
  }
}

TEST_CASE("a name may have 255 bytes and not one more") {
  const std::string prefix = "r.io/";
  CHECK(why_not(prefix + std::string(250, 'x')) == "(accepted)");
  CHECK(contains(why_not(prefix + std::string(251, 'x')), "the name has 256 bytes, at most 255"));
  CHECK(contains(why_not(std::string(250, 'x')), "the name has 268 bytes"));  // docker.io/library/ counts too
  CHECK(why_not("r.io/x:" + std::string(128, 't')) == "(accepted)");
}

TEST_CASE("a message never carries control characters or malformed UTF-8 to a terminal") {
  const std::string message = why_not("r.io/\x1b[31mred\xff");
  CHECK(contains(message, "\\x1b[31mred\\xff"));
  CHECK(message.find('\x1b') == std::string::npos);
}

TEST_CASE("a digest is exactly sha256 and 64 lower-case digits") {
  CHECK(Digest::parse(kDigest).short_hex() == "aaaaaaaaaaaa");
  CHECK(Digest::parse(kDigest).hex() == kHex);
  CHECK(Digest::try_parse(kDigest).has_value());
  for (const std::string& text : {std::string(), kHex, "sha256:" + kHex + "a", "SHA256:" + kHex, "sha256:" + std::string(64, 'A')}) {
    CAPTURE(text);
    CHECK_FALSE(Digest::try_parse(text).has_value());
    CHECK_THROWS_AS((void)Digest::parse(text), Error);
  }
}
