#include "promotion/freeze_window.hpp"

#include <doctest/doctest.h>

#include "deploy/error.hpp"

using namespace deploy;

namespace {
enum Day { mon, tue, wed, thu, fri, sat, sun };
int at(Day day, int hour, int minute = 0) { return (day * 24 + hour) * 60 + minute; }
FreezeWindow window(int from, int to, const std::string& zone = "Europe/Berlin") { return {from, to, "from", "to", zone}; }

/// The end of the freeze as text, "open" outside of it.
std::string until(const std::vector<FreezeWindow>& windows, std::string_view now) {
  const auto end = frozen_until(windows, parse_rfc3339(now));
  return end ? to_rfc3339(*end) : "open";
}

const FreezeWindow kWeekend = window(at(fri, 16), at(mon, 8));
}  // namespace

TEST_CASE("without windows nothing is frozen") { CHECK(until({}, "2026-11-22T12:00:00Z") == "open"); }

TEST_CASE("a window begins and ends to the millisecond, by the zone's wall clock") {
  CHECK(until({kWeekend}, "2026-11-20T15:59:59.999+01:00") == "open");
  CHECK(until({kWeekend}, "2026-11-20T16:00:00+01:00") == "2026-11-23T07:00:00.000Z");
  CHECK(until({kWeekend}, "2026-11-22T23:00:00+01:00") == "2026-11-23T07:00:00.000Z");
  CHECK(until({kWeekend}, "2026-11-23T07:59:59.999+01:00") == "2026-11-23T07:00:00.000Z");
  CHECK(until({kWeekend}, "2026-11-23T08:00:00+01:00") == "open");
  CHECK(until({kWeekend}, "2026-11-25T12:00:00+01:00") == "open");
}

TEST_CASE("a window within the week, one over Sunday's midnight, and the week's last minute") {
  CHECK(until({window(at(tue, 9), at(tue, 17), "UTC")}, "2026-11-24T12:00:00Z") == "2026-11-24T17:00:00.000Z");
  CHECK(until({window(at(sun, 23), at(mon, 1), "UTC")}, "2026-11-22T23:30:00Z") == "2026-11-23T01:00:00.000Z");
  CHECK(until({window(at(sun, 23), at(mon, 1), "UTC")}, "2026-11-23T00:30:00Z") == "2026-11-23T01:00:00.000Z");
  CHECK(until({window(at(sun, 23, 59), at(mon, 0), "UTC")}, "2026-11-22T23:59:59.999Z") == "2026-11-23T00:00:00.000Z");
  CHECK(until({window(at(sun, 23, 59), at(mon, 0), "UTC")}, "2026-11-23T00:00:00Z") == "open");
}

TEST_CASE("in summer the same wall time is another moment") {
  CHECK(until({kWeekend}, "2026-07-24T13:59:59Z") == "open");
  CHECK(until({kWeekend}, "2026-07-24T14:00:00Z") == "2026-07-27T06:00:00.000Z");
}

TEST_CASE("a weekend in which the clocks change ends at the wall time that was written") {
  CHECK(until({kWeekend}, "2026-03-28T12:00:00Z") == "2026-03-30T06:00:00.000Z");  // 29 March, Berlin goes to summer time
  CHECK(until({kWeekend}, "2026-10-24T12:00:00Z") == "2026-10-26T07:00:00.000Z");  // 25 October, and back
  const FreezeWindow new_york = window(at(fri, 16), at(mon, 8), "America/New_York");
  CHECK(until({new_york}, "2026-03-07T12:00:00Z") == "2026-03-09T12:00:00.000Z");
  CHECK(until({new_york}, "2026-10-31T12:00:00Z") == "2026-11-02T13:00:00.000Z");
}

TEST_CASE("a time that is skipped counts as the moment of the change") {
  // Berlin, 29 March 2026: 02:00 becomes 03:00 at 01:00Z.
  const FreezeWindow begins = window(at(sun, 2, 30), at(sun, 5));
  CHECK(until({begins}, "2026-03-29T00:59:59Z") == "open");
  CHECK(until({begins}, "2026-03-29T01:00:00Z") == "2026-03-29T03:00:00.000Z");
  const FreezeWindow ends = window(at(sun, 1), at(sun, 2, 30));
  CHECK(until({ends}, "2026-03-29T00:59:59Z") == "2026-03-29T01:00:00.000Z");
  CHECK(until({ends}, "2026-03-29T01:00:00Z") == "open");
  const FreezeWindow inside = window(at(sun, 2, 10), at(sun, 2, 50));
  CHECK(until({inside}, "2026-03-29T01:00:00Z") == "open");
  // New York, 8 March 2026: the same at 07:00Z.
  const FreezeWindow new_york = window(at(sun, 2, 30), at(sun, 5), "America/New_York");
  CHECK(until({new_york}, "2026-03-08T06:59:59Z") == "open");
  CHECK(until({new_york}, "2026-03-08T07:00:00Z") == "2026-03-08T09:00:00.000Z");
}

TEST_CASE("a time that exists twice begins a window the first time and ends it the second time") {
  // Berlin, 25 October 2026: 02:30 is at 00:30Z and at 01:30Z.
  const FreezeWindow begins = window(at(sun, 2, 30), at(sun, 5));
  CHECK(until({begins}, "2026-10-25T00:29:59Z") == "open");
  CHECK(until({begins}, "2026-10-25T00:30:00Z") == "2026-10-25T04:00:00.000Z");
  CHECK(until({begins}, "2026-10-25T01:15:00Z") == "2026-10-25T04:00:00.000Z");
  const FreezeWindow ends = window(at(sun, 1), at(sun, 2, 30));
  CHECK(until({ends}, "2026-10-25T00:45:00Z") == "2026-10-25T01:30:00.000Z");
  CHECK(until({ends}, "2026-10-25T01:30:00Z") == "open");
  // New York, 1 November 2026: 01:30 is at 05:30Z and at 06:30Z.
  const FreezeWindow new_york = window(at(sun, 0), at(sun, 1, 30), "America/New_York");
  CHECK(until({new_york}, "2026-11-01T06:00:00Z") == "2026-11-01T06:30:00.000Z");
}

TEST_CASE("windows that overlap or follow one another are one freeze") {
  const FreezeWindow friday = window(at(fri, 12), at(fri, 18), "UTC"), evening = window(at(fri, 17), at(fri, 20), "UTC"), night = window(at(fri, 20), at(sat, 6), "UTC");
  CHECK(until({night, friday, evening}, "2026-11-20T13:00:00Z") == "2026-11-21T06:00:00.000Z");
  CHECK(until({friday, night}, "2026-11-20T13:00:00Z") == "2026-11-20T18:00:00.000Z");
}

TEST_CASE("windows of different zones are taken together") {
  const FreezeWindow berlin = window(at(tue, 9), at(tue, 17)), new_york = window(at(tue, 9), at(tue, 17), "America/New_York");
  CHECK(until({new_york, berlin}, "2026-11-24T09:00:00Z") == "2026-11-24T22:00:00.000Z");
}

TEST_CASE("windows that leave no gap never end, and that is said, not searched for") {
  const FreezeWindow first = window(at(mon, 0), at(thu, 0)), second = window(at(thu, 0), at(mon, 0));
  CHECK(until({first, second}, "2026-11-24T09:00:00Z") == "9999-12-31T23:59:59.999Z");
}

TEST_CASE("a zone that does not exist is an error that names it") {
  try {
    (void)frozen_until({window(0, 1, "Europe/Atlantis")}, parse_rfc3339("2026-11-22T12:00:00Z"));
    FAIL("no error");
  } catch (const Error& e) {
    CHECK(e.code() == ErrorCode::invalid_argument);
    CHECK(std::string(e.what()).find("'Europe/Atlantis'") != std::string::npos);
  }
}
