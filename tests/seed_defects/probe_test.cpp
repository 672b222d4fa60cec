#include "helpers.hpp"

using namespace deploy;
using namespace deploy::test;

TEST_CASE("S6: a container that exits after its start is not healthy, and is rolled back") {
  World world;
  bring_live(world, "1.0.1");
  auto ci = world.deployer("ci");
  const Release crashing = world.ship("1.0.2", AppBehaviour::crashing(1s, 3));
  const auto begun = world.clock.elapsed();
  const Deployment failed = ci.promote(crashing, "staging");
  CHECK(failed.outcome == Outcome::rolled_back);
  CHECK(failed.evidence.at(0).exit_code == 3);
  CHECK(world.clock.elapsed() - begun < 30s);  // the exit ends the wait, not the deadline
  CHECK(world.serving("staging") == "1.0.1");
}

TEST_CASE("S21: a slow starter passes") {
  World world;
  bring_live(world, "1.0.1");
  auto ci = world.deployer("ci");
  CHECK(ci.promote(world.ship("1.0.2", AppBehaviour::slow(25s)), "staging").outcome == Outcome::succeeded);
}

TEST_CASE("S21: a service that hangs is given up at the deadline") {
  World world;
  bring_live(world, "1.0.1");
  auto ci = world.deployer("ci");
  const auto begun = world.clock.elapsed();
  CHECK(ci.promote(world.ship("1.0.2", AppBehaviour::hanging()), "staging").outcome == Outcome::rolled_back);
  CHECK(world.clock.elapsed() - begun < 66s);
  CHECK(world.serving("staging") == "1.0.1");
}

TEST_CASE("S22: a redirect is not health, and neither is the right status with the wrong body") {
  World world;
  auto* http = std::get_if<HttpCheck>(&world.config.environments.front().probe.check);
  http->body = "ok";
  bring_live(world, "1.0.1");
  auto ci = world.deployer("ci");
  CHECK(ci.promote(world.ship("1.0.2", AppBehaviour::unhealthy(302)), "staging").outcome == Outcome::rolled_back);
  AppBehaviour wrong;
  wrong.body = "maintenance";
  CHECK(ci.promote(world.ship("1.0.3", wrong), "staging").outcome == Outcome::rolled_back);
}

TEST_CASE("S23: the probe asks the host that was deployed to") {
  World world(2);
  bring_live(world, "1.0.1");
  const auto calls = world.faults.log();
  CHECK(mentions(calls, world.host("production", 0).url() + " attempt"));
  CHECK(mentions(calls, world.host("production", 1).url() + " attempt"));
}

TEST_CASE("S24: health counts only for a container that runs the intended digest") {
  World world;
  const Release old = bring_live(world, "1.0.1");
  AppBehaviour impostor;
  impostor.runs_instead = old.digest;
  auto ci = world.deployer("ci");
  const Deployment failed = ci.promote(world.ship("1.0.2", impostor), "staging");
  CHECK(failed.outcome == Outcome::rolled_back);
  CHECK(mentions(failed.reasons, "instead of"));
}

TEST_CASE("S28: evidence is taken before the failed container is set aside, and the container is kept") {
  World world;
  bring_live(world, "1.0.1");
  auto ci = world.deployer("ci");
  AppBehaviour app = AppBehaviour::crashing(1s, 137);
  app.oom_killed = true;
  app.output = {"allocating", "too much"};
  const Deployment failed = ci.promote(world.ship("1.0.2", app), "staging");
  const HostEvidence& evidence = failed.evidence.at(0);
  CHECK(evidence.exit_code == 137);
  CHECK(evidence.oom_killed);
  CHECK(evidence.logs.find("too much") != std::string::npos);
  CHECK_FALSE(evidence.probe.tries.empty());
  CHECK(mentions(world.container_names("staging"), "myapp-staging.failed."));
  CHECK(ci.show(failed.id).evidence.at(0).logs == evidence.logs);  // and it stands in the ledger
}
