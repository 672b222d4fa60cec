#include <doctest/doctest.h>

#include "deploy/error.hpp"
#include "runs.hpp"

using namespace deploy;
using namespace deploy::test;

TEST_CASE("a script is text that reads back") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    const Script script = random_script(place_of(seed).second, seed);
    CHECK(Script::parse(script.str()) == script);
  }
  const Script script = Script::parse("seed 7\n# a comment\n\npromote release=1.0.2 to=staging by=ci on=controller\n  at 17: kill_after\n  meanwhile: approve release=1.0.2 to=production by=alice\nwait for=1m30s\n");
  CHECK(script.seed == 7);
  REQUIRE(script.actions.size() == 4);
  CHECK(script.actions[1].at == 17);
  CHECK(script.actions[2].meanwhile);
  CHECK(script.actions[3].duration == std::chrono::seconds{90});
}

TEST_CASE("a line that makes no sense is named") {
  for (const char* text : {"promoted release=1", "at x: kill", "at 0: kill", "promote release", "promote where=there", "wait for=soon", "seed x"})
    CHECK_THROWS_WITH_AS(static_cast<void>(Script::parse(text)), doctest::Contains(text[0] == 'w' ? "soon" : text), Error);
}

TEST_CASE("a script that was written by hand is played as it stands") {
  const Script script = Script::parse(
      "ship release=1.0.1 by=builder\n"
      "promote release=1.0.1 to=staging by=ci\n"
      "promote release=1.0.1 to=production by=ci\n"
      "ship release=1.0.2 as=unhealthy by=builder\n"
      "promote release=1.0.2 to=staging by=ci\n"
      "promote release=1.0.2 to=production by=ci\n"
      "rollback to=production by=ci\n");
  const SimulationReport report = simulate(place("plain"), script);
  CHECK_FALSE(report.violation);
  REQUIRE(report.story.size() >= 7);
  CHECK(report.story[1].find("succeeded, live is 1.0.1") != std::string::npos);
  CHECK(report.story[4].find("rolled_back, live is 1.0.1") != std::string::npos);
  CHECK(report.story[5].find("blocked") != std::string::npos);
  CHECK(report.story[6].find("no_rollback_target") != std::string::npos);
  CHECK(report.calls[1] > 20);
}

TEST_CASE("a configuration that asks for what the library cannot do is refused, not simulated") {
  Config config = place("plain");
  config.environments.back().strategy.type = StrategyType::canary;
  CHECK_THROWS_AS(static_cast<void>(simulate(config, random_script(config, 1))), Error);
  CHECK_THROWS_AS(rehearse(config, {}), Error);
}

TEST_CASE("a rehearsal without faults tells what happens to a good release and to a bad one") {
  std::string told;
  const Rehearsal rehearsal = rehearse(place("careful"), {}, [&](std::string_view line) { told += std::string(line) + "\n"; });
  CHECK_FALSE(rehearsal.violation);
  INFO(told);
  for (const char* part : {"staging: 1.0.1 is live and verified on 1 host", "production: 1.0.1 is blocked: approval", "production: alice approves 1.0.1", "production: bob approves 1.0.1",
                           "production: 1.0.1 is live and verified on 2 hosts", "staging: 1.0.2 ended rolled_back", "production: 1.0.2 is blocked: 1.0.2", "production: 1.0.1 is live and verified on 2 hosts"})
    CHECK_MESSAGE(told.find(part) != std::string::npos, part);
  std::string again;
  rehearse(place("careful"), {}, [&](std::string_view line) { again += std::string(line) + "\n"; });
  CHECK(again == told);
}

TEST_CASE("a rehearsal waits for soak times and for the end of freeze windows") {
  for (const char* name : {"soak", "frozen"}) {
    std::string told;
    rehearse(place(name), {}, [&](std::string_view line) { told += std::string(line) + "\n"; });
    CHECK_MESSAGE(told.find("time passes until") != std::string::npos, told);
    CHECK_MESSAGE(told.find("production: 1.0.3 is live and verified") != std::string::npos, told);
  }
}
