#include "probe/expectation.hpp"

#include <doctest/doctest.h>

#include <chrono>

#include "deploy/error.hpp"

using namespace deploy;
using probe::mismatch;

namespace {
HttpCheck body(const std::string& expected) {
  HttpCheck check;
  check.body = expected;
  return check;
}
HttpCheck value(const std::string& pointer, const std::string& equals) {
  HttpCheck check;
  check.json = {{pointer, equals}};
  return check;
}
}  // namespace

TEST_CASE("only the expected statuses are healthy: a redirect is not") {
  HttpCheck check;
  CHECK_FALSE(mismatch(check, 200, ""));
  for (const int status : {100, 201, 204, 301, 302, 404, 500, 503}) CHECK(mismatch(check, status, ""));
  check.status = {200, 204};
  CHECK_FALSE(mismatch(check, 204, ""));
  CHECK(*mismatch(check, 503, "down:\n\x1b[31m database\t\x07") == "503, expected 200 or 204: down: [31m database");
}

TEST_CASE("a wrong answer is shown with the beginning of its body, no more") {
  CHECK(mismatch(HttpCheck{}, 500, std::string(100'000, 'x'))->size() < 300);
}

TEST_CASE("the body must hold the text, or match the expression between slashes") {
  CHECK_FALSE(mismatch(body("ok"), 200, "all ok here"));
  CHECK(*mismatch(body("ok"), 200, "nope") == "200, but the body has no 'ok': nope");
  CHECK_FALSE(mismatch(body("/^ok$/"), 200, "ok"));
  CHECK_FALSE(mismatch(body("/^ok$/"), 200, "ok\n"));
  CHECK(mismatch(body("/^ok$/"), 200, "not ok"));
  CHECK_FALSE(mismatch(body("/v1\\.0\\.(37|38)/"), 200, "version v1.0.38"));
  CHECK_FALSE(mismatch(body("/"), 200, "a/b"));
  CHECK_FALSE(mismatch(body("//"), 200, ""));
}

TEST_CASE("a malformed expression is the check's fault, not the service's") {
  CHECK_THROWS_AS((void)mismatch(body("/(/"), 200, "x"), Error);
  CHECK_THROWS_AS((void)mismatch(body("/(a)\\1/"), 200, "aa"), Error);
  CHECK_THROWS_AS((void)mismatch(value("no-slash", "1"), 200, "{}"), Error);
  CHECK_THROWS_AS((void)mismatch(value("/a", "not json"), 200, "{}"), Error);
}

TEST_CASE("neither a long line nor a nested repetition exhausts the matcher") {
  const auto begin = std::chrono::steady_clock::now();
  CHECK(mismatch(body("/(a+)+$b/"), 200, std::string(2'000, 'a')));
  CHECK_FALSE(mismatch(body("/x.*y/"), 200, "x" + std::string(60'000, 'z') + "y"));
  CHECK(mismatch(body("/(.|\n)*y$/"), 200, std::string(60'000, 'z')));
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(60));
}

TEST_CASE("what lies beyond the searched part of a body does not match") {
  CHECK(mismatch(body("/needle/"), 200, std::string(probe::kRegexBodyLimit, ' ') + "needle"));
}

TEST_CASE("a JSON value is compared as JSON") {
  const std::string json = R"({"status":"ok","n":3,"nested":{"a":[1,{"b":true}]},"a/b":null,"":7})";
  CHECK_FALSE(mismatch(value("/status", "\"ok\""), 200, json));
  CHECK_FALSE(mismatch(value("/n", "3.0"), 200, json));
  CHECK_FALSE(mismatch(value("/nested", R"({"a":[1.0,{"b":true}]})"), 200, json));
  CHECK_FALSE(mismatch(value("/nested/a/1/b", "true"), 200, json));
  CHECK_FALSE(mismatch(value("/a~1b", "null"), 200, json));
  CHECK_FALSE(mismatch(value("/", "7"), 200, json));
  CHECK(*mismatch(value("/status", "\"down\""), 200, json) == R"(200, but the JSON has "ok" at '/status', expected "down")");
  CHECK(*mismatch(value("/gone", "1"), 200, json) == "200, but the JSON has nothing at '/gone', expected 1");
  CHECK(mismatch(value("/n", "\"3\""), 200, json));
  CHECK(mismatch(value("/n", "3"), 200, "<html>"));
}

TEST_CASE("all expectations must hold") {
  HttpCheck check = value("/a", "1");
  check.json.push_back({"/b", "2"});
  check.body = "a";
  CHECK_FALSE(mismatch(check, 200, R"({"a":1,"b":2})"));
  CHECK(mismatch(check, 200, R"({"a":1,"b":3})"));
}
