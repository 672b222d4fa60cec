#include "registry/answers.hpp"

#include <doctest/doctest.h>

#include "refusal.hpp"
#include "support/hash.hpp"

using namespace deploy;
using namespace deploy::registry;
using deploy::test::contains;
using deploy::test::refusal;

namespace {
constexpr const char* kType = "application/vnd.oci.image.manifest.v1+json";

http::Response answer(const std::string& body, http::Headers headers = {{"Content-Type", kType}}, int status = 200) {
  return {status, std::move(headers), body, 0};
}

Digest digest_of(const std::string& bytes) { return Digest::parse("sha256:" + sha256_hex(bytes)); }
}  // namespace

TEST_CASE("a manifest is what its bytes hash to") {
  const ServedManifest manifest = read_manifest(answer("{}", {{"Content-Type", std::string(kType) + "; charset=utf-8"}, {"Docker-Content-Digest", digest_of("{}").str()}}), digest_of("{}"));
  CHECK(manifest.digest == digest_of("{}"));
  CHECK(manifest.media_type == kType);
  CHECK(manifest.bytes == "{}");
}

TEST_CASE("a digest claimed for other bytes is refused, and so are bytes other than asked for") {
  CHECK(contains(refusal([] { return read_manifest(answer("{}", {{"Content-Type", kType}, {"Docker-Content-Digest", digest_of("x").str()}}), std::nullopt); }), "altered or cut"));
  CHECK(contains(refusal([] { return read_manifest(answer("{}"), digest_of("x")); }), "asked for manifest " + digest_of("x").str()));
}

TEST_CASE("an obsolete schema 1 manifest is named as such") {
  const auto text = refusal([] { return read_manifest(answer("{}", {{"Content-Type", "application/vnd.docker.distribution.manifest.v1+prettyjws"}}), std::nullopt); });
  CHECK(contains(text, "schema 1"));
}

TEST_CASE("the media type comes from the manifest when the header does not tell") {
  const std::string bytes = R"({"mediaType":"application/vnd.oci.image.index.v1+json"})";
  CHECK(read_manifest(answer(bytes, {{"Content-Type", "application/json"}}), std::nullopt).media_type == "application/vnd.oci.image.index.v1+json");
  CHECK_THROWS_AS((void)read_manifest(answer("{}", {}), std::nullopt), Error);
  CHECK_THROWS_AS((void)read_manifest(answer("<html>", {}), std::nullopt), Error);
}

TEST_CASE("a manifest's layers are read with their sizes; what has none, or makes no sense, has no size") {
  const auto layers = read_layers(R"({"config":{"size":7},"layers":[{"digest":"sha256:a","size":10},{"digest":"sha256:b","size":-5}]})");
  REQUIRE(layers.size() == 2);
  CHECK(layers[0].digest == "sha256:a");
  CHECK(layers[0].size == 10);
  CHECK(layers[1].size == 0);
  for (const char* other : {R"({"manifests":[{"size":1}]})", R"({"layers":{}})", "[]", "no JSON", ""}) CHECK(read_layers(other).empty());
}

TEST_CASE("a registry's own words are shown in one line") {
  CHECK(error_text(answer(R"({"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"},{"code":"DENIED"}]})", {{"Content-Type", "application/json"}})) ==
        "MANIFEST_UNKNOWN: manifest unknown; DENIED");
  CHECK(error_text(answer(R"({"details":"incorrect username or password"})", {{"Content-Type", "application/json"}})) == "incorrect username or password");
  CHECK(error_text(answer("<h1>\n502\x1b[31m</h1>", {{"Content-Type", "text/html"}})).find('\x1b') == std::string::npos);
  CHECK(error_text(answer("{broken", {{"Content-Type", "application/json"}})) == "{broken");
  CHECK(error_text(answer(R"({"errors":[1,{}]})", {{"Content-Type", "application/json"}})) == R"({"errors":[1,{}]})");
}

TEST_CASE("the web page of something else is no registry's 404") {
  CHECK(is_registry_not_found(answer("", {}, 404)));
  CHECK(is_registry_not_found(answer("{}", {{"Content-Type", "application/json; charset=utf-8"}}, 404)));
  CHECK_FALSE(is_registry_not_found(answer("<html>", {{"Content-Type", "text/html"}}, 404)));
}

TEST_CASE("Retry-After is read in seconds and as a date") {
  const std::chrono::sys_seconds now{std::chrono::seconds{784111777}};  // Sun, 06 Nov 1994 08:49:37 GMT
  const auto read = [&](const char* text) { return retry_after(answer("", {{"Retry-After", text}}), now); };
  CHECK(read("120") == std::chrono::seconds(120));
  CHECK(read("Sun, 06 Nov 1994 08:50:00 GMT") == std::chrono::seconds(23));
  CHECK(read("Sun, 06 Nov 1994 08:00:00 GMT") == std::chrono::seconds(0));
  for (const char* text : {"", "-1", "soon", "99999999999999999999", "1.5"}) CHECK(read(text) == std::nullopt);
}

TEST_CASE("a token is read under either name, with the specification's default lifetime") {
  CHECK(read_token(answer(R"({"token":"t"})"), "r").lifetime == std::chrono::seconds(60));
  CHECK(read_token(answer(R"({"access_token":"t","expires_in":300})"), "r").lifetime == std::chrono::seconds(300));
  CHECK(read_token(answer(R"({"access_token":"t"})"), "r").value.reveal() == "t");
  CHECK(read_token(answer(R"({"token":"t","expires_in":-5})"), "r").lifetime == std::chrono::seconds(0));
  for (const char* body : {"{}", "[]", "", R"({"token":""})", R"({"token":5})"}) CHECK_THROWS_AS((void)read_token(answer(body), "r"), Error);
}
