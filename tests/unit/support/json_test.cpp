#include <doctest/doctest.h>

#include "deploy/error.hpp"
#include "support/hash.hpp"
#include "support/json.hpp"

using namespace deploy;

TEST_CASE("the canonical form does not depend on the order of keys or on white space") {
  const auto a = json::parse(R"({"b":[1,true,null],"a":{"y":"\u00e9","x":"q\"q"}})", "a");
  const auto b = json::parse(R"( { "a" : {"x":"q\"q","y":"é"}, "b": [1, true, null] } )", "b");
  CHECK(json::canonical(a) == json::canonical(b));
  CHECK_THROWS_AS((void)json::canonical(json::parse(R"({"a":1,"a":2})", "twice")), Error);
}

TEST_CASE("hostile nesting is refused before anything recurses") {
  CHECK_THROWS_AS((void)json::parse(std::string(100'000, '['), "deep"), Error);
  CHECK_NOTHROW((void)json::parse("\"" + std::string(1000, '[') + "\"", "a string of brackets"));
}

TEST_CASE("objects are built with everything escaped") {
  CHECK(json::Object().add("a\"", "x\ny").add("n", 3).add("l", std::vector<std::string>{"p", "q"}).str() == R"({"a\"":"x\ny","n":3,"l":["p","q"]})");
}

TEST_CASE("log lines that are no UTF-8 become JSON all the same") {
  const std::string text = json::quote("caf\xC3\xA9 \xFF\xC3 \xED\xA0\x80 \xF0\x9F\x98\x80");
  CHECK(text == "\"caf\xC3\xA9 \xEF\xBF\xBD\xEF\xBF\xBD \xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD \xF0\x9F\x98\x80\"");
  CHECK_NOTHROW((void)json::parse(text, "the literal"));
}

TEST_CASE("a number is read as the number that was written") {
  for (const char* number : {"0.1", "1.7976931348623157e308", "0.30000000000000004", "123456789.12345679"}) {
    const std::string once = json::canonical(json::parse(number, "a number"));
    CHECK(json::canonical(json::parse(once, "the same")) == once);
    CHECK(json::parse(number, "a number").GetDouble() == std::stod(number));
  }
}

TEST_CASE("hashes and encodings agree with the published vectors") {
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(base64("foob") == "Zm9vYg==");
  CHECK(base64_decode("Zm9vYg==") == "foob");
  CHECK(base64_decode("") == "");
  CHECK_THROWS_AS((void)base64_decode("Zm9"), Error);
}
