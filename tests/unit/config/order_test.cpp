#include <doctest/doctest.h>

#include "config/check.hpp"
#include "config/explain.hpp"
#include "config/grammar.hpp"
#include "config/paths.hpp"
#include "refusal.hpp"
#include "support/json_schema.hpp"

using namespace deploy;

namespace {
std::string order(std::initializer_list<std::pair<const char*, const char*>> environments) {
  std::vector<Environment> list;
  for (const auto& [name, after] : environments) {
    Environment environment;
    environment.name = name;
    environment.after = after;
    list.push_back(environment);
  }
  std::string out;
  for (const Environment& environment : config::upstream_first(std::move(list))) out += (out.empty() ? "" : " ") + environment.name;
  return out;
}
}  // namespace

TEST_CASE("an upstream stands before its downstreams, and an order that is right stays") {
  CHECK(order({{"a", ""}, {"b", "a"}, {"c", "b"}}) == "a b c");
  CHECK(order({{"production", "staging"}, {"test", ""}, {"staging", ""}}) == "test staging production");
  CHECK(order({{"c", "b"}, {"b", "a"}, {"a", ""}}) == "a b c");
  CHECK(order({{"eu", "s"}, {"us", "s"}, {"s", ""}}) == "s eu us");
  CHECK(order({{"x", "y"}, {"y", "x"}, {"z", ""}}) == "z x y");
}

TEST_CASE("paths are absolute and tidy, and the home is the user's") {
  CHECK(config::absolute_path("a/../b/", "/srv/app") == "/srv/app/b");
  CHECK(config::absolute_path(".", "/srv/app") == "/srv/app");
  CHECK(config::absolute_path("/etc//x", "/srv/app") == "/etc/x");
  CHECK(config::absolute_path("~", "/srv").front() == '/');
  CHECK(config::absolute_path("~/x", "/srv") == config::absolute_path("~", "/srv") + "/x");
  CHECK(config::absolute_path("a~", "/srv") == "/srv/a~");
  CHECK_THROWS_AS((void)config::absolute_path("", "/srv"), Error);
}

TEST_CASE("git's rules for names are known") {
  for (const char* good : {"1.0.7", "v1.0.7", "release/1.0", "a-b"}) CHECK_MESSAGE(config::is_valid_git_tag(good), good);
  for (const char* bad : {"", "-a", "a..b", "a b", "a~1", "a^", "a:b", "a?", "a*", "a[", "a\\b", "/a", "a/", "a//b", ".a", "a/.b", "a.lock", "a.", "@", "a@{b"})
    CHECK_MESSAGE(!config::is_valid_git_tag(bad), bad);
}

TEST_CASE("what the validator refuses is explained, and what it accepts is not complained of") {
  const auto schema = json::parse(config_schema(), "schema");
  for (const char* text : {"{}", "[]", "3", R"({"application": 1})", R"({"application": "a", "image": {"repository": "x"}, "environments": []})",
                           R"({"application": "a", "image": {"repository": "x"}, "environments": [{}]})", R"({"x": 1})",
                           R"({"application": "a", "image": {"repository": ""}, "environments": [{"name": "a", "hosts": ["x"], "container": {"name": "c"}, "probe": {"tcp": {"port": 0}}}]})",
                           R"({"application": "a", "image": {"repository": "x", "tags": ["a", "a"]}, "environments": [{"name": "a", "hosts": ["x"], "container": {"name": "c"}, "probe": {"engine": {}}}]})",
                           R"({"application": "a", "image": {"repository": "x"}, "environments": [{"name": "a", "hosts": ["x"], "container": {"name": "c"}, "probe": {"engine": {}}}]})"}) {
    CAPTURE(text);
    const auto value = json::parse(text, "value");
    config::Faults faults;
    config::explain(value, schema, faults);
    CHECK(faults.empty() == !json::validate(value, schema).has_value());
  }
}
