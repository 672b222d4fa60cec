// Configurations that somebody made to hurt: they are refused in bounded time, with a message of bounded length.
#include <doctest/doctest.h>

#include <ctime>
#include <string>
#include <utility>
#include <vector>

#include "fixture.hpp"
#include "refusal.hpp"

using namespace deploy;
using test::contains;

namespace {
std::string repeated(const std::string& text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

/// What is said about it: with a bounded amount of work (the processor's time: a busy machine is no fault), and short enough to be read.
std::string refused(const std::string& text) {
  const std::clock_t begin = std::clock();
  const std::string said = test::refusal([&] { return test::parse(text); });
  CHECK(static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC < 10);
  CHECK(said.size() < 64u << 10);
  return said;
}

/// The full configuration once for each string in it that is a value, with `literal` in its place.
std::vector<std::string> with_each_string(const std::string& literal) {
  const std::string text(test::kFull);
  std::vector<std::string> out;
  for (std::size_t at = text.find('"'); at != std::string::npos; at = text.find('"', at + 1)) {
    std::size_t end = at + 1;
    while (text[end] != '"') end += text[end] == '\\' ? 2 : 1;
    if (text[text.find_first_not_of(" \n", end + 1)] != ':') out.push_back(std::string(text).replace(at, end + 1 - at, literal));
    at = end;
  }
  return out;
}
}  // namespace

TEST_CASE("in every field: NUL, bytes that are no text, a length that no field has") {
  for (const auto& [literal, words] : std::vector<std::pair<std::string, std::string>>{
           {"\"a\\u0000b\"", "NUL"}, {std::string("\"a\0b\"", 5), "NUL"}, {"\"a\xff\xfe\"", "not UTF-8"}, {"\"" + std::string(1u << 20, 'x') + "\"", "at most"}}) {
    const auto all = with_each_string(literal);
    CHECK(all.size() > 60);
    for (const std::string& text : all) CHECK(contains(refused(text), words));
  }
}

TEST_CASE("a list of half a million values, or an object of so many members, is refused at its thousandth") {
  CHECK(contains(refused("{\"k\":[" + repeated("0,", 500'000) + "0]}"), "more than 1000 elements"));
  CHECK(contains(refused("{" + repeated("\"a\":0,", 150'000) + "\"b\":0}"), "stands twice"));
  std::string members;
  for (int i = 0; i < 5000; ++i) members += "\"k" + std::to_string(i) + "\":0,";
  CHECK(contains(refused("{" + members + "\"b\":0}"), "more than 1000 members"));
}

TEST_CASE("long keys around many values are refused before their pointers fill the memory") {
  const std::string key = "{\"" + std::string(60'000, 'k') + "\":";
  CHECK(contains(refused(key + "[" + repeated("0,", 450'000) + "0]}"), "too many values under keys of this length"));
  CHECK(contains(refused(key + "[" + repeated("[" + repeated("0,", 900) + "0],", 40) + "0]}"), "too many values under keys of this length"));
}

TEST_CASE("of countless faults the first are told") {
  const std::string said = refused("{\"environments\":[" + repeated("[" + repeated("1,", 900) + "1],", 300) + "1]}");
  CHECK(contains(said, "expected an object"));
  CHECK(contains(said, "(the rest was not read)"));
  CHECK(contains(refused("{\"application\":\"a\",\"environments\":[{\"freeze\":[" + repeated(R"({"from":"Mon 00:00","to":"Tue 00:00","timezone":"Atlantis"},)", 900) + "{}]}]}"),
                 "(the rest was not read)"));
}

TEST_CASE("keys with line breaks and escape sequences do not reach a terminal as they are") {
  const std::string said = refused("{\"a\\n\\u001b[2Jb\": 1}");
  CHECK(said.find('\x1b') == std::string::npos);
  CHECK(contains(said, "\\x1b"));
}

TEST_CASE("a regular expression that would cost the stack or minutes is refused when the file is read") {
  const auto body = [](const std::string& pattern) {
    return refused(test::spoiled("\"port\": 8081}}", "\"port\": 8081, \"body\": \"/" + pattern + "/\"}}"));
  };
  CHECK(contains(body(std::string(30'000, '(') + std::string(30'000, ')')), "longer than 256 characters"));
  CHECK(contains(body("((a{100}){100}){100}"), "written out"));
  CHECK(contains(body("(a)\\\\1"), "without back-references"));
  CHECK(contains(body("[0-9]{3,5}x"), "(accepted)"));
}
