#include <doctest/doctest.h>

#include "deploy/error.hpp"
#include "deploy/time.hpp"

using namespace deploy;
using std::chrono::milliseconds;

TEST_CASE("durations are read and written back exactly") {
  CHECK(parse_duration("500ms") == milliseconds(500));
  CHECK(parse_duration("1m30s") == milliseconds(90'000));
  CHECK(to_string(parse_duration("24h")) == "24h");
  CHECK(to_string(milliseconds(1500)) == "1s500ms");
  CHECK(to_string(milliseconds(0)) == "0s");
}

TEST_CASE("a duration without a unit, with a sign or too large is refused") {
  for (const char* text : {"", "5", "-1s", "1.5s", "s", "1 s", "999999999999999999d", "1x"}) CHECK_THROWS_AS((void)parse_duration(text), Error);
}

TEST_CASE("RFC 3339 times keep their milliseconds and lose their offset") {
  CHECK(to_rfc3339(parse_rfc3339("2026-11-22T22:26:53.1239Z")) == "2026-11-22T22:26:53.123Z");
  CHECK(to_rfc3339(parse_rfc3339("2026-11-23T00:26:53+02:00")) == "2026-11-22T22:26:53.000Z");
  for (const char* text : {"", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-01-01", "2026-01-01T00:00:00"})
    CHECK_THROWS_AS((void)parse_rfc3339(text), Error);
}
