#include "promotion/probe_tracker.hpp"

#include <doctest/doctest.h>

using namespace deploy;
using namespace std::chrono_literals;

namespace {
constexpr auto S = ProbeAnswer::success;
constexpr auto F = ProbeAnswer::failure;
constexpr auto U = ProbeAnswer::unknown;

HealthProbe probe() {
  HealthProbe p;
  p.interval = 1s;
  p.start_period = 5s;
  p.deadline = 60s;
  p.success_threshold = 2;
  p.failure_threshold = 3;
  return p;
}

ProbeTracker after(std::initializer_list<ProbeAnswer> answers) {
  ProbeTracker tracker(probe());
  for (const ProbeAnswer answer : answers) tracker.record(answer, 1s);
  return tracker;
}

ProbeTracker baking(std::initializer_list<ProbeAnswer> answers) {
  ProbeTracker tracker = after({S, S});
  tracker.begin_bake(30s, 100s);
  for (const ProbeAnswer answer : answers) tracker.record(answer, 101s);
  return tracker;
}
}  // namespace

TEST_CASE("successes in a row make it healthy, and a failure between begins the row anew") {
  CHECK(after({S}).verdict(1s) == std::nullopt);
  CHECK(after({S, S}).verdict(1s) == Verdict::healthy);
  CHECK(after({S, F, S}).verdict(1s) == std::nullopt);
  CHECK(after({S, U, S}).verdict(1s) == std::nullopt);
  CHECK(after({F, F, S, S}).verdict(1s) == Verdict::healthy);
}

TEST_CASE("a slow starter is not failed by its refusals before start period and deadline are over") {
  ProbeTracker tracker(probe(), 1000s);
  for (int i = 0; i < 500; ++i) tracker.record(F, 1000s);
  CHECK(tracker.verdict(1064s + 999ms) == std::nullopt);
  CHECK(tracker.verdict(1065s) == Verdict::unhealthy);
  CHECK(tracker.reason(1065s) == "never 2 successes in a row within 1m5s; 500 of 500 tries failed");
}

TEST_CASE("the successes of the last moment still count") { CHECK(after({F, F, S, S}).verdict(1h) == Verdict::healthy); }

TEST_CASE("a service that answers now this way, now that way until the deadline is unhealthy") {
  CHECK(after({F, S, F, S}).verdict(65s) == Verdict::unhealthy);
}

TEST_CASE("losing the way to the service is no judgement of it") {
  CHECK(after({}).verdict(65s) == Verdict::unknown);
  CHECK(after({U}).verdict(65s) == Verdict::unknown);
  CHECK(after({F, F, U, U, U}).verdict(65s) == Verdict::unknown);
  CHECK(after({S, U, U, U}).verdict(65s) == Verdict::unknown);
  CHECK(after({S}).verdict(65s) == Verdict::unknown);
  CHECK(after({F, F, U, U, U}).reason(65s) == "the service could not be asked; 3 tries in a row brought no answer");
}

TEST_CASE("a blink of the tunnel at the deadline does not save a failing service") {
  CHECK(after({F, F, F, U}).verdict(65s) == Verdict::unhealthy);
}

TEST_CASE("the first tries come quickly, and back off to the interval") {
  ProbeTracker tracker(probe());
  std::vector<std::chrono::milliseconds> delays;
  std::chrono::milliseconds total{0};
  while (tracker.next_delay() < 1s) {
    tracker.record(F, total);
    total += delays.emplace_back(tracker.next_delay());
  }
  REQUIRE(delays.size() > 4);
  CHECK(std::vector(delays.begin(), delays.begin() + 4) == std::vector{10ms, 16ms, 26ms, 42ms});
  CHECK(delays.back() == 1s);
  CHECK(total < 4s);
}

TEST_CASE("after a first success the next one is asked for at once, not an interval later") {
  ProbeTracker tracker(probe());
  for (int i = 0; i < 50; ++i) tracker.record(F, 1s);
  CHECK(tracker.next_delay() == 1s);
  tracker.record(S, 1s);
  CHECK(tracker.next_delay() == 50ms);
}

TEST_CASE("an interval shorter than the first delay is kept") {
  HealthProbe p = probe();
  p.interval = 5ms;
  ProbeTracker tracker(p);
  tracker.record(F, 0s);
  CHECK(tracker.next_delay() == 5ms);
}

TEST_CASE("no delay leads past the deadline") {
  ProbeTracker tracker = after({F});
  for (int i = 0; i < 50; ++i) tracker.record(F, 1s);
  CHECK(tracker.next_delay(64s + 700ms) == 300ms);
  CHECK(tracker.time_left(64s + 700ms) == 300ms);
  CHECK(tracker.time_left(70s) == 0ms);
}

TEST_CASE("during the bake, failures in a row are unhealthy at once") {
  CHECK(baking({F, F}).verdict(101s) == std::nullopt);
  CHECK(baking({F, F, F}).verdict(101s) == Verdict::unhealthy);
  CHECK(baking({F, F, S, F, F}).verdict(101s) == std::nullopt);
  CHECK(baking({F, F, F}).reason(101s) == "3 failures in a row while it was watched");
}

TEST_CASE("unknown answers neither count as failures nor hide them") {
  CHECK(baking({U, U, U, U, U}).verdict(101s) == std::nullopt);
  CHECK(baking({F, U, F, U, F}).verdict(101s) == Verdict::unhealthy);
}

TEST_CASE("the bake's end says what was seen last") {
  CHECK(baking({S, S, S}).verdict(129s) == std::nullopt);
  CHECK(baking({S, S, S}).verdict(130s) == Verdict::healthy);
  CHECK(baking({S, U, S}).verdict(130s) == Verdict::healthy);
  CHECK(baking({S, S, U, U, U}).verdict(130s) == Verdict::unknown);
  CHECK(baking({}).verdict(130s) == Verdict::healthy);
}

TEST_CASE("one answer that did not come decides no bake: it goes on until the next one, or until too many are missing") {
  ProbeTracker tracker = baking({U});
  CHECK(tracker.verdict(130s) == std::nullopt);
  tracker.record(S, 131s);
  CHECK(tracker.verdict(131s) == Verdict::healthy);
  CHECK(baking({S, U}).verdict(130s) == std::nullopt);
  CHECK(baking({U, U, U}).verdict(130s) == Verdict::unknown);
}

TEST_CASE("a bake does not end well on a failure that is not yet decided") {
  ProbeTracker tracker = baking({S, F, F});
  CHECK(tracker.verdict(130s) == std::nullopt);
  tracker.record(F, 131s);
  CHECK(tracker.verdict(131s) == Verdict::unhealthy);
  ProbeTracker recovered = baking({S, F, F, S});
  CHECK(recovered.verdict(130s) == Verdict::healthy);
}

TEST_CASE("a bake asks at the interval, and without a bake time is over at once") {
  CHECK(baking({S}).next_delay() == 1s);
  ProbeTracker tracker = after({S, S});
  tracker.begin_bake(0s, 2s);
  CHECK(tracker.verdict(2s) == Verdict::healthy);
}
