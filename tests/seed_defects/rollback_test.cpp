#include "helpers.hpp"

using namespace deploy;
using namespace deploy::test;

TEST_CASE("S2: going back leads to the last good version, past every rejected one") {
  World world;
  bring_live(world, "1.0.37");
  auto ci = world.deployer("ci");
  for (const char* version : {"1.0.38", "1.0.39"}) {
    const Deployment rejected = ci.promote(world.ship(version, AppBehaviour::unhealthy()), "staging");
    CHECK(rejected.outcome == Outcome::rolled_back);
    CHECK(rejected.live->version == "1.0.37");
  }
  CHECK(world.serving("staging") == "1.0.37");
}

TEST_CASE("S3: seed-run-39: a version that staging rejected is never gone back to") {
  World world;
  bring_live(world, "1.0.36");
  bring_live(world, "1.0.37");
  auto ci = world.deployer("ci");
  REQUIRE(ci.promote(world.ship("1.0.38", AppBehaviour::unhealthy()), "staging").outcome == Outcome::rolled_back);
  const Release bad = world.ship("1.0.39", AppBehaviour::failing_after(5s));  // healthy at first: it comes as far as the bake
  CHECK(ci.promote(bad, "staging").live->version == "1.0.37");
  const Deployment back = ci.rollback("production");
  CHECK(back.outcome == Outcome::succeeded);
  CHECK(back.live->version == "1.0.36");
}

TEST_CASE("S4: what was verified in staging alone is no target for production") {
  World world;
  bring_live(world, "1.0.1");
  auto ci = world.deployer("ci");
  REQUIRE(ci.promote(world.ship("1.0.2"), "staging").outcome == Outcome::succeeded);  // never reaches production
  REQUIRE(ci.promote(world.ship("1.0.3"), "staging").outcome == Outcome::succeeded);
  REQUIRE(ci.promote(ci.find_release("1.0.3"), "production").outcome == Outcome::succeeded);
  CHECK(ci.status("production").rollback_target == "1.0.1");
  CHECK(ci.rollback("production").live->version == "1.0.1");
  CHECK(code_of([&] { ci.rollback("production", {.to = "1.0.2"}); }) == ErrorCode::no_rollback_target);
}

TEST_CASE("S5: what is pulled is what is run, by digest") {
  World world;
  const Release release = bring_live(world, "1.0.1");
  const auto calls = world.faults.log(world.host("production").url(), true);
  CHECK(position(calls, "pull " + release.image.str()) < position(calls, "create"));
  CHECK(world.engine("production").inspect("myapp-prod", {})->image == release.image.str());
}

TEST_CASE("S7: a pull that fails leaves the old version serving, never stopped") {
  World world;
  bring_live(world, "1.0.1");
  auto ci = world.deployer("ci");
  const Release next = world.ship("1.0.2");
  REQUIRE(ci.promote(next, "staging").outcome == Outcome::succeeded);
  const auto before = world.engine("production").inspect("myapp-prod", {});
  world.faults.forget_calls();
  world.faults.add({.port = "engine", .method = "pull", .times = FaultRule::kAlways, .fault = Fault::fail(ErrorCode::refused)});
  const Deployment failed = ci.promote(next, "production");
  CHECK(failed.outcome == Outcome::rolled_back);
  CHECK(failed.live->version == "1.0.1");
  CHECK_FALSE(failed.gap.has_value());
  const auto after = world.engine("production").inspect("myapp-prod", {});
  CHECK(after->id == before->id);
  CHECK(after->started == before->started);
  CHECK_FALSE(mentions(world.changes("production"), " stop "));
  world.faults.clear();
  CHECK(ci.promote(next, "production").outcome == Outcome::succeeded);  // the digest is not to blame, and not quarantined
}

TEST_CASE("S8: a step that fails ends the deployment; nothing goes on as if it had worked") {
  World world;
  bring_live(world, "1.0.1");
  auto ci = world.deployer("ci");
  const Release next = world.ship("1.0.2");
  world.faults.add({.port = "engine", .host = world.host("staging").url(), .method = "stop", .fault = Fault::fail(ErrorCode::refused)});
  world.faults.forget_calls();
  const Deployment failed = ci.promote(next, "staging");
  CHECK(failed.outcome == Outcome::rolled_back);
  CHECK(mentions(failed.reasons, "stop on"));
  CHECK_FALSE(mentions(world.changes("staging"), "start myapp-staging.candidate"));
  CHECK(world.serving("staging") == "1.0.1");
}

TEST_CASE("S9: going back is probed, and leads further back when the last version does not come up again") {
  World world;
  bring_live(world, "1.0.1");
  auto ci = world.deployer("ci");
  REQUIRE(ci.promote(world.ship("1.0.2"), "staging").outcome == Outcome::succeeded);
  // The candidate starts; the old version does not, neither when it is undone nor when it is looked after once more.
  world.faults.add({.port = "engine", .method = "start", .subject = "myapp-staging", .skip = 1, .times = 2, .fault = Fault::fail(ErrorCode::refused)});
  const Deployment failed = ci.promote(world.ship("1.0.3", AppBehaviour::unhealthy()), "staging");
  CHECK(failed.outcome == Outcome::rolled_back);
  CHECK(failed.live->version == "1.0.1");
  CHECK(world.serving("staging") == "1.0.1");
  CHECK(ci.status("staging").live->version == "1.0.1");
}

TEST_CASE("S9: when nothing comes up again the outcome is stranded, and a person is told why") {
  World world;
  bring_live(world, "1.0.1");
  auto ci = world.deployer("ci");
  world.faults.add({.port = "engine", .host = world.host("staging").url(), .method = "start", .skip = 1, .times = FaultRule::kAlways, .fault = Fault::fail(ErrorCode::refused)});
  const Deployment failed = ci.promote(world.ship("1.0.2", AppBehaviour::unhealthy()), "staging");
  CHECK(failed.outcome == Outcome::stranded);
  CHECK(mentions(failed.reasons, "could not undo 'stop myapp-staging"));
  CHECK(ci.status("staging").stranded);
}

TEST_CASE("S25: two rollbacks in a row do not come back to the bad version") {
  World world;
  for (const char* version : {"1.0.1", "1.0.2", "1.0.3"}) bring_live(world, version);
  auto ci = world.deployer("ci");
  CHECK(ci.rollback("production").live->version == "1.0.2");
  CHECK(ci.rollback("production").live->version == "1.0.1");
  CHECK(world.serving("production") == "1.0.1");
  CHECK(code_of([&] { ci.rollback("production"); }) == ErrorCode::no_rollback_target);
  CHECK(ci.promote(ci.find_release("1.0.3"), "production").outcome == Outcome::blocked);  // quarantined until a person lifts it
  ci.lift_quarantine(ci.find_release("1.0.3").digest, "it was the database");
  CHECK(ci.promote(ci.find_release("1.0.3"), "production").outcome == Outcome::succeeded);
}

TEST_CASE("S26: a first deployment that fails leaves the environment empty, as it was, and says so") {
  World world;
  auto ci = world.deployer("ci");
  const Deployment failed = ci.promote(world.ship("1.0.1", AppBehaviour::unhealthy()), "staging");
  CHECK(failed.outcome == Outcome::rolled_back);
  CHECK_FALSE(failed.live.has_value());
  CHECK(mentions(failed.reasons, "no_rollback_target"));
  CHECK(world.serving("staging") == "nothing");
  CHECK(code_of([&] { ci.rollback("staging"); }) == ErrorCode::no_rollback_target);
  CHECK(ci.promote(world.ship("1.0.2"), "staging").outcome == Outcome::succeeded);
}

TEST_CASE("S27: when the host cannot be asked the verdict is unknown: it is held, not taken for a failure") {
  World world;
  bring_live(world, "1.0.1");
  auto ci = world.deployer("ci");
  const Release next = world.ship("1.0.2");
  const std::string host = world.host("staging").url();
  world.faults.on_call([&](const simulation::PortCall& call) {
    if (call.host == host && call.port == "prober") world.faults.cut(host);  // the link drops when probing begins
    return Fault{};
  });
  const Deployment held = ci.promote(next, "staging");
  CHECK(held.outcome == Outcome::held);
  CHECK(mentions(held.reasons, "unknown"));
  world.faults.clear();
  CHECK(world.serving("staging") == "1.0.2");
  const auto state = ci.promote(next, "staging");
  CHECK(state.outcome == Outcome::succeeded);  // not quarantined: nobody said that it is bad
}

TEST_CASE("S45: only containers beyond `keep` are retired, and never what one can go back to") {
  World world;
  world.config.environments.front().rollback.keep = 2;
  for (const char* version : {"1.0.1", "1.0.2", "1.0.3", "1.0.4", "1.0.5"}) bring_live(world, version);
  const auto names = world.container_names("staging");
  CHECK(names.size() == 3);
  CHECK(mentions(names, "myapp-staging.v1.0.3."));
  CHECK(mentions(names, "myapp-staging.v1.0.4."));
  CHECK_FALSE(mentions(names, "myapp-staging.v1.0.2."));
}
