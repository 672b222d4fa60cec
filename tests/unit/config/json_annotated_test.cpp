#include <doctest/doctest.h>

#include "config/json_annotated.hpp"

using namespace deploy;

namespace {
std::string at(const json::Annotated& a, std::string_view text, std::string_view pointer, bool key = false) {
  const auto spot = a.spots.find(pointer);
  if (spot == a.spots.end()) return "nowhere";
  const json::Place place = json::place_of(text, key ? spot->second.key : spot->second.value);
  return std::to_string(place.line) + ":" + std::to_string(place.column);
}

std::string first_fault(std::string_view text) {
  const auto a = json::parse_annotated(text);
  return a.faults.empty() ? "" : a.faults.front().message;
}
}  // namespace

TEST_CASE("every value is found where it begins, whatever stands around it") {
  const std::string text = R"(// comment with "quotes" and {
{
  "a": "x\"y\\", /* between */ "b" : [ 1, -2.5e3, true, false, null, "é", {}, ],
  "ö/~": {"deep": [[7]]}, // "not": "this"
})";
  const auto a = json::parse_annotated(text);
  REQUIRE(a.faults.empty());
  REQUIRE(a.complete);
  CHECK(at(a, text, "") == "2:1");
  CHECK(at(a, text, "/a", true) == "3:3");
  CHECK(at(a, text, "/a") == "3:8");
  CHECK(at(a, text, "/b", true) == "3:32");
  CHECK(at(a, text, "/b") == "3:38");
  CHECK(at(a, text, "/b/0") == "3:40");
  CHECK(at(a, text, "/b/1") == "3:43");
  CHECK(at(a, text, "/b/2") == "3:51");
  CHECK(at(a, text, "/b/3") == "3:57");
  CHECK(at(a, text, "/b/4") == "3:64");
  CHECK(at(a, text, "/b/5") == "3:70");
  CHECK(at(a, text, "/b/6") == "3:75");
  CHECK(at(a, text, "/ö~1~0", true) == "4:3");
  CHECK(at(a, text, "/ö~1~0/deep/0/0") == "4:21");
  CHECK(json::string(a.document, "a") == "x\"y\\");
}

TEST_CASE("a key that stands twice is a fault that names the first place") {
  CHECK(first_fault("{\"a\": 1,\n \"a\": 2}") == "the key 'a' stands twice; it first stands in line 1");
  CHECK(first_fault("{\"a\": {\"b\": 1}, \"c\": {\"b\": 1}}").empty());
  CHECK(first_fault("[{\"b\": 1}, {\"b\": 1}]").empty());
}

TEST_CASE("text that is no JSON is refused where it goes wrong") {
  const auto place = [](std::string_view text) {
    const auto a = json::parse_annotated(text);
    CHECK_FALSE(a.complete);
    CHECK(a.document.IsNull());
    REQUIRE(a.faults.size() == 1);
    const auto p = json::place_of(text, a.faults[0].offset);
    return std::to_string(p.line) + ":" + std::to_string(p.column);
  };
  CHECK(place("") == "1:1");
  CHECK(place("{\n  \"a\" 1\n}") == "2:7");
  CHECK(place("{\n  \"a\": 1\n  \"b\": 2\n}") == "3:3");
  CHECK(place("{\"a\": nul}") == "1:10");
  CHECK(place("{\"a\": 1} x") == "1:10");
  CHECK(first_fault("{\"a\": 1").starts_with("not valid JSON: missing a comma or "));
  CHECK(first_fault("{\"a\": \"x\n\"}").ends_with("; found the end of the line"));
  CHECK(first_fault("{\"a\": 1").ends_with("; the text ends here"));
  CHECK(first_fault("{\"a\": 'x'}") == "not valid JSON: invalid value; found '''");
}

TEST_CASE("bytes that are no text, and too much of it, are refused clearly") {
  CHECK(first_fault(std::string_view("{\"a\": \0}", 8)) == "found a NUL byte; the text is not JSON (is it UTF-16? it must be UTF-8)");
  CHECK(first_fault("{\"a\": \"\\u0000\"}") == "the string holds a NUL character (\\u0000)");
  CHECK(first_fault("{\"a\": \"\xff\"}") == "found the byte 0xff, which is not UTF-8");
  CHECK(first_fault("{\"a\": \"" + std::string(json::kLongestString + 1, 'x') + "\"}") == "the string has 65537 bytes; at most 65536 are allowed");
  CHECK(first_fault("{\"a\": \"" + std::string(json::kLongestString, 'x') + "\"}").empty());
  CHECK(first_fault(std::string(json::kLongestText + 1, ' ')) == "the text has 1048577 bytes; at most 1048576 are allowed");
  CHECK(first_fault(std::string(100'000, '[')) == "nested deeper than 64 levels");
  CHECK(first_fault("{\"a\": \"\\ud800\"}").starts_with("not valid JSON"));
}
