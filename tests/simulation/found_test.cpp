// What the simulation has found in the library, each as the shortest script that showed it. All of them broke a promise, or
// ended otherwise than stands here, before they were mended.
#include <doctest/doctest.h>

#include "runs.hpp"

using namespace deploy;
using namespace deploy::test;

namespace {
const std::string kTwoLive =
    "ship release=1.0.1 by=builder\n"
    "promote release=1.0.1 to=staging by=ci\n"
    "promote release=1.0.1 to=production by=ci\n"
    "ship release=1.0.2 by=builder\n"
    "promote release=1.0.2 to=staging by=ci\n"
    "promote release=1.0.2 to=production by=ci\n";

std::string story_of(const SimulationReport& report) {
  std::string text = report.violation ? "BROKEN: " + report.violation->sentence + "\n" : "";
  for (const std::string& line : report.story) text += line + "\n";
  return text;
}

SimulationReport play(const std::string& where, const std::string& script) { return simulate(place(where), Script::parse(script)); }

/// The call of the last command at which something shows, tried one after the other.
template <class F>
void at_every_call(const std::string& where, const std::string& script, const std::string& fault, F check) {
  const int calls = play(where, script).calls.back();
  REQUIRE(calls > 10);
  for (int call = 1; call <= calls; ++call) check(call, play(where, script + "  at " + std::to_string(call) + ": " + fault + "\n"));
}

bool told(const SimulationReport& report, const std::string& part) { return story_of(report).find(part) != std::string::npos; }
}  // namespace

TEST_CASE("a promotion that fails before anything is switched never takes another version back") {
  // A pull that failed on the first of three hosts "went back further" and put 1.0.1 in the place of a healthy 1.0.2.
  const std::string script = kTwoLive + "ship release=1.0.3 by=builder\npromote release=1.0.3 to=staging by=ci\npromote release=1.0.3 to=production by=ci\n";
  at_every_call("batches", script, "fail as=io", [](int call, const SimulationReport& report) {
    CAPTURE(call);
    CHECK_MESSAGE(!report.violation, story_of(report));
    CHECK_FALSE_MESSAGE(told(report, "live is 1.0.1: preflight"), story_of(report));
    CHECK_FALSE_MESSAGE(told(report, "live is 1.0.1: pull"), story_of(report));
    CHECK_FALSE_MESSAGE(told(report, "live is 1.0.1: create"), story_of(report));
  });
}

TEST_CASE("what was brought back has its name and its restart policy again, or it is not called rolled back") {
  const std::string script = "ship release=1.0.1 by=builder\npromote release=1.0.1 to=staging by=ci\nship release=1.0.2 by=builder as=unstartable\npromote release=1.0.2 to=staging by=ci\n";
  at_every_call("hasty", script, "fail as=io", [](int call, const SimulationReport& report) {
    CAPTURE(call);
    CHECK_MESSAGE(!report.violation, story_of(report));
  });
}

TEST_CASE("a dropped connection on the way back is tried again, and does not strand the environment") {
  const std::string script = "ship release=1.0.1 by=builder\npromote release=1.0.1 to=staging by=ci\nship release=1.0.2 by=builder as=unstartable\npromote release=1.0.2 to=staging by=ci\n";
  for (const char* fault : {"fail as=connection_lost", "fail_after", "fail as=unreachable"})
    at_every_call("plain", script, fault, [](int call, const SimulationReport& report) {
      CAPTURE(call);
      CHECK_MESSAGE(report.outcomes.count("stranded") == 0, story_of(report));
    });
}

TEST_CASE("after a held deployment the next one takes over from what still serves, whatever its name") {
  // It was refused: the old container, set aside but never stopped, "already publishes a port"; and the ledger said that nothing was live.
  for (const char* fault : {"hang", "hang_after"}) {
    const std::string script = "ship release=1.0.1 by=builder\npromote release=1.0.1 to=staging by=ci\nship release=1.0.2 by=builder\npromote release=1.0.2 to=staging by=ci\n";
    at_every_call("plain", script, fault, [&](int call, const SimulationReport& first) {
      if (first.outcomes.count("held") == 0) return;
      CAPTURE(call);
      const SimulationReport report =
          play("plain", script + "  at " + std::to_string(call) + ": " + fault + "\nship release=1.0.3 by=builder\npromote release=1.0.3 to=staging by=ci\n");
      CHECK_MESSAGE(!report.violation, story_of(report));
      CHECK_MESSAGE(told(report, "promote release=1.0.3 to=staging by=ci  ->  succeeded"), story_of(report));
    });
  }
}

TEST_CASE("a failed candidate that kept the live name does not stand in the way of the next promotion") {
  const std::string script = "ship release=1.0.1 by=builder\npromote release=1.0.1 to=staging by=ci\nship release=1.0.2 by=builder as=unstartable\npromote release=1.0.2 to=staging by=ci\n";
  at_every_call("hasty", script, "fail as=io", [&](int call, const SimulationReport& first) {
    if (first.outcomes.count("stranded") == 0) return;
    CAPTURE(call);
    const SimulationReport report = play("hasty", script + "  at " + std::to_string(call) + ": fail as=io\nship release=1.0.3 by=builder\npromote release=1.0.3 to=staging by=ci\n");
    CHECK_MESSAGE(told(report, "promote release=1.0.3 to=staging by=ci  ->  succeeded"), story_of(report));
  });
}

TEST_CASE("a freeze that is written between the gates' answers and the first entry still stops the promotion") {
  const std::string script = "ship release=1.0.1 by=builder\npromote release=1.0.1 to=staging by=ci\n";
  at_every_call("plain", script, "freeze to=staging by=dave on=elsewhere", [](int call, const SimulationReport& report) {
    CAPTURE(call);
    CHECK_MESSAGE(!report.violation, story_of(report));
  });
}

TEST_CASE("a release that failed is quarantined though the process died right after it was found out") {
  const std::string script = "ship release=1.0.1 by=builder\npromote release=1.0.1 to=staging by=ci\nship release=1.0.2 by=builder as=hanging\npromote release=1.0.2 to=staging by=ci\n";
  for (const char* fault : {"kill", "kill_after"})
    at_every_call("plain", script, fault, [](int call, const SimulationReport& report) {
      CAPTURE(call);
      CHECK_MESSAGE(!report.violation, story_of(report));
    });
}

TEST_CASE("a bake does not end well on a try that brought no answer") {
  const std::string script = "ship release=1.0.1 by=builder\npromote release=1.0.1 to=staging by=ci\nship release=1.0.2 by=builder as=fading\npromote release=1.0.2 to=staging by=ci\n";
  at_every_call("plain", script, "hang_after", [](int call, const SimulationReport& report) {
    CAPTURE(call);
    CHECK_MESSAGE(!report.violation, story_of(report));
    CHECK_FALSE_MESSAGE(told(report, "succeeded, live is 1.0.2"), story_of(report));
  });
}

TEST_CASE("an environment is not called empty again while the first release still runs in it") {
  const std::string script = "ship release=1.0.1 by=builder\nship release=1.0.2 by=builder as=swapped\npromote release=1.0.2 to=staging by=ci\n";
  at_every_call("frozen", script, "cut host=ssh://deploy@staging1.test", [](int call, const SimulationReport& report) {
    CAPTURE(call);
    CHECK_MESSAGE(!report.violation, story_of(report));
  });
}

TEST_CASE("a tag that can never be moved does not make every resume write to the ledger again") {
  const SimulationReport report = play("plain", kTwoLive + "erase release=1.0.1\nrollback to=production by=ci\n");
  CHECK_MESSAGE(!report.violation, story_of(report));
}
