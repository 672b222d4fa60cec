#include <doctest/doctest.h>

#include "deploy/environment.hpp"
#include "refusal.hpp"

using namespace deploy;

TEST_CASE("times of the week are minutes since Monday") {
  CHECK(parse_week_minute("Mon 00:00") == 0);
  CHECK(parse_week_minute("Fri 16:00") == 4 * 1440 + 960);
  CHECK(parse_week_minute("friday 16:00") == parse_week_minute("FRI 16:00"));
  CHECK(parse_week_minute("Sun 23:59") == 7 * 1440 - 1);
  CHECK(parse_week_minute("Fri 24:00") == parse_week_minute("Sat 00:00"));
  CHECK(parse_week_minute("Sun 24:00") == 0);
  for (const char* text : {"", "Fri", "16:00", "Fri 25:00", "Fri 24:01", "Fri 16:60", "Fri 4:00", "Fre 16:00", "Fri  16:00", "Fri 16:00 "}) {
    CAPTURE(text);
    CHECK_THROWS_AS((void)parse_week_minute(text), Error);
  }
}

TEST_CASE("names of environments and applications are short and plain") {
  CHECK(is_valid_name("staging"));
  CHECK(is_valid_name("eu-west-1.prod_2"));
  for (const std::string& name : {std::string(), std::string("-x"), std::string("a b"), std::string("a/b"), std::string(64, 'x')}) CHECK_FALSE(is_valid_name(name));
}

TEST_CASE("every enumerator has the name that stands in JSON") {
  CHECK(to_string(StrategyType::blue_green) == "blue_green");
  CHECK(to_string(OnUnknown::rollback) == "rollback");
  CHECK(to_string(ProbeFrom::controller) == "controller");
  CHECK(to_string(ProbeAnswer::failure) == "failure");
  CHECK(to_string(Verdict::unhealthy) == "unhealthy");
  CHECK(to_string(HostKind::unix_socket) == "unix");
  CHECK(kind_of(HealthProbe{.check = TcpCheck{80}}) == "tcp");
  CHECK(kind_of(HealthProbe{}) == "engine");
}
