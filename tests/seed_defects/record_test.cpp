#include "helpers.hpp"

using namespace deploy;
using namespace deploy::test;

TEST_CASE("S13: a run that is killed at any call is finished or undone by resume, fully old or fully new") {
  // Every port call of one promotion in turn: the process dies before it, or right after it took effect.
  std::int64_t first = 0, last = 0;
  {
    World world;
    bring_live(world, "1.0.1");
    const Release next = world.ship("1.0.2");
    auto ci = world.deployer("ci");
    first = world.faults.count() + 1;
    REQUIRE(ci.promote(next, "staging").outcome == Outcome::succeeded);
    last = world.faults.count();
  }
  REQUIRE(last > first);
  for (const Fault& fault : {Fault::crash_before(), Fault::crash_after()})
    for (std::int64_t call = first; call <= last; ++call) {
      CAPTURE(call);
      CAPTURE(fault.after);
      World world;
      bring_live(world, "1.0.1");
      const Release next = world.ship("1.0.2");
      world.faults.add({.number = call, .fault = fault});
      try {
        auto ci = world.deployer("ci");
        ci.promote(next, "staging");
      } catch (const SimulatedCrash&) {
      }
      world.faults.clear();
      auto other = world.deployer("other");
      other.resume();
      const std::string now = world.serving("staging");
      CHECK_MESSAGE((now == "1.0.1" || now == "1.0.2"), now);
      CHECK(other.status("staging").live->version == now);
      CHECK(other.resume().empty());
      CHECK(world.serving("staging") == now);
      CHECK(world.serving("production") == "1.0.1");
    }
}

TEST_CASE("S36: the ledger says which digest is where, since when, and what happened") {
  World world;
  const Release release = bring_live(world, "1.0.1");
  auto anyone = world.deployer("anyone");
  const EnvironmentStatus status = anyone.status("production");
  CHECK(status.live == LiveVersion{"1.0.1", release.digest.str()});
  CHECK(status.live_since.has_value());
  const auto history = anyone.history("production");
  REQUIRE(history.size() == 1);
  CHECK(history.front().outcome == Outcome::succeeded);
  CHECK(history.front().actor == "ci");
  CHECK(anyone.verify("production").drift.empty());
  CHECK(anyone.ledger_verify() > 10);
}

TEST_CASE("S36: what somebody did to the host by hand is found") {
  World world;
  bring_live(world, "1.0.1");
  auto anyone = world.deployer("anyone");
  world.engine("production").stop(world.engine("production").inspect("myapp-prod", {})->id, 1s, {});
  const DriftReport report = anyone.verify("production");
  REQUIRE_FALSE(report.drift.empty());
  CHECK(report.drift.front().what == "stopped");
}

TEST_CASE("S37: while one run holds an environment, another one does not touch it") {
  World world;
  bring_live(world, "1.0.1");
  const Release next = world.ship("1.0.2");
  ErrorCode second = ErrorCode::internal;
  auto other = world.deployer("other", "another-machine");
  bool asked = false;
  world.faults.on_call([&](const simulation::PortCall& call) {
    if (!asked && call.process == "ci" && call.method == "create") {
      asked = true;
      second = code_of([&] { other.promote(next, "staging"); });
    }
    return Fault{};
  });
  auto ci = world.deployer("ci");
  CHECK(ci.promote(next, "staging").outcome == Outcome::succeeded);
  CHECK(second == ErrorCode::lease_held);
}

TEST_CASE("S38: every deployment ends with an event, whatever its end") {
  World world;
  bring_live(world, "1.0.1");
  auto ci = world.deployer("ci");
  ci.promote(world.ship("1.0.2", AppBehaviour::unhealthy()), "staging");
  ci.promote(world.ship("1.0.3"), "production");
  std::vector<std::string> outcomes;
  for (const Event& event : world.events())
    if (event.kind == EventKind::deployment_finished) outcomes.push_back(event.details.at("outcome"));
  CHECK(outcomes == std::vector<std::string>{"succeeded", "succeeded", "rolled_back", "blocked"});
}

TEST_CASE("S43: how long the old container took to stop is recorded, and a stop timeout that was hit is a warning") {
  World world;
  AppBehaviour deaf;
  deaf.ignores_term = true;
  auto ci = world.deployer("ci");
  REQUIRE(ci.promote(world.ship("1.0.1", deaf), "staging").outcome == Outcome::succeeded);
  const Deployment done = ci.promote(world.ship("1.0.2"), "staging");
  CHECK(done.stop_ms.at(world.host("staging").url()) >= 10'000);
  CHECK(mentions(world.messages(EventKind::warning), "SIGTERM"));
}

TEST_CASE("S10: an older version does not silently replace a newer one") {
  World world;
  const Release older = world.ship("1.0.1");
  auto ci = world.deployer("ci");
  REQUIRE(ci.promote(older, "staging").outcome == Outcome::succeeded);
  bring_live(world, "1.0.2");
  CHECK(ci.promote(older, "production").outcome == Outcome::blocked);
  CHECK(world.serving("production") == "1.0.2");
  CHECK(ci.promote(older, "production", {.allow_downgrade = true}).outcome == Outcome::succeeded);
}
