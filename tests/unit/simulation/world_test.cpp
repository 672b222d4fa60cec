// The world with a real Deployer in it: what tests of promotions rely on.
#include <doctest/doctest.h>

#include "world.hpp"

using namespace deploy;
using namespace deploy::test;
using namespace std::chrono_literals;

TEST_CASE("a release goes through the whole world, and production is touched only when it is asked for") {
  test::World world(2);
  Deployer alice = world.deployer("alice");
  const Release release = world.ship("1.0.37");
  CHECK(alice.promote(release, "staging").outcome == Outcome::succeeded);
  CHECK(world.serving("staging") == "1.0.37");
  CHECK(world.serving("production") == "nothing");
  CHECK(world.changes("production").empty());
  CHECK(alice.promote(release, "production").outcome == Outcome::succeeded);
  CHECK(world.serving("production") == "1.0.37");
  CHECK(world.registry.find(world.config.image.repository.with_tag("latest"), {})->digest == release.digest);
}

TEST_CASE("a process that dies in the middle leaves what the next one mends") {
  test::World world;
  {
    Deployer alice = world.deployer("alice");
    const Release first = world.ship("1.0.37");
    CHECK(alice.promote(first, "staging").outcome == Outcome::succeeded);
    const Release second = world.ship("1.0.38");
    world.faults.add({.process = "alice", .method = "stop", .fault = Fault::crash_after()});
    CHECK_THROWS_AS((void)alice.promote(second, "staging"), SimulatedCrash);
    CHECK(world.serving("staging") == "nothing");
  }
  Deployer bob = world.deployer("bob");
  CHECK(bob.resume("staging").size() == 1);
  CHECK(world.serving("staging") == "1.0.38");
  CHECK(bob.resume("staging").empty());
}

TEST_CASE("an engine that cannot change a restart policy is served all the same, and what that may mean is said") {
  test::World world;
  world.faults.add({.method = "set_restart_policy", .times = FaultRule::kAlways, .fault = Fault::fail(ErrorCode::unsupported)});
  Deployer alice = world.deployer("alice");
  CHECK(alice.promote(world.ship("1.0.37"), "staging").outcome == Outcome::succeeded);
  CHECK(alice.promote(world.ship("1.0.38"), "staging").outcome == Outcome::succeeded);
  CHECK(world.messages(EventKind::warning).size() == 1);
  CHECK(alice.rollback("staging").outcome == Outcome::succeeded);
  CHECK(world.serving("staging") == "1.0.37");
}
