// A person's switches and policies in whole promotions: age of evidence, releases one does not go back from, the stopped line.
#include <doctest/doctest.h>

#include <algorithm>

#include "deploy/error.hpp"
#include "world.hpp"

using namespace deploy;
using namespace deploy::test;
using namespace std::chrono_literals;

namespace {
bool mentions(const std::vector<std::string>& lines, const std::string& text) {
  return std::any_of(lines.begin(), lines.end(), [&](const std::string& line) { return line.find(text) != std::string::npos; });
}

Release bring_live(World& world, const std::string& version) {
  const Release release = world.ship(version);
  auto ci = world.deployer("ci");
  REQUIRE(ci.promote(release, "staging").outcome == Outcome::succeeded);
  REQUIRE(ci.promote(release, "production").outcome == Outcome::succeeded);
  return release;
}

/// Registered with the mark, by somebody else.
Release ship_marked(World& world, const std::string& version, const AppBehaviour& app = {}) {
  const Release release = world.publish(version, app);
  return world.deployer("builder").add_release(world.config.image.repository.with_tag(version), release.version, {.rollback_never = true});
}

/// A process that lives on is not needed: what counts stands in the ledger.
Deployer anyone(World& world) { return world.deployer("anyone"); }
}  // namespace

TEST_CASE("evidence that is too old is renewed under the upstream's lease, and the entry says so") {
  World world;
  world.config.environments.back().max_age = 72h;
  const Release release = world.ship("1.0.1");
  auto ci = world.deployer("ci");
  REQUIRE(ci.promote(release, "staging").outcome == Outcome::succeeded);
  const TimePoint first = ci.status("staging").verified.front().verified;
  world.clock.sleep(73h, {});
  CHECK(ci.plan(release, "production").gates.at(4).reason.find("probed there again") != std::string::npos);
  CHECK(ci.status("staging").verified.front().verified == first);  // planning probes nothing
  CHECK(ci.promote(release, "production").outcome == Outcome::succeeded);
  CHECK(ci.status("staging").verified.front().verified > first);
  std::vector<std::string> entries;
  ci.ledger_export([&](std::string_view line) { entries.emplace_back(line); });
  CHECK(mentions(entries, "\"probed_again_for\":\"production\""));
  CHECK(world.serving("staging") == "1.0.1");
}

TEST_CASE("evidence is not renewed for a promotion that is denied anyway") {
  World world;
  world.config.environments.back().max_age = 72h;
  const Release release = world.ship("1.0.1");
  auto ci = world.deployer("ci");
  REQUIRE(ci.promote(release, "staging").outcome == Outcome::succeeded);
  world.clock.sleep(73h, {});
  ci.freeze("production", "a sale");
  world.faults.forget_calls();
  CHECK(ci.promote(release, "production").outcome == Outcome::blocked);
  CHECK(world.faults.log(world.host("staging").url()).empty());
}

TEST_CASE("while somebody else works upstream, evidence cannot be renewed, and nothing is changed") {
  World world;
  world.config.environments.back().max_age = 72h;
  const Release release = world.ship("1.0.1");
  auto ci = world.deployer("ci");
  REQUIRE(ci.promote(release, "staging").outcome == Outcome::succeeded);
  world.clock.sleep(73h, {});
  REQUIRE(world.store.acquire("staging", {"other", "elsewhere", 1, ""}, 1h, world.clock.now(), {}).has_value());
  const Deployment blocked = ci.promote(release, "production");
  CHECK(blocked.outcome == Outcome::blocked);
  CHECK(mentions(blocked.reasons, "other"));
  CHECK(world.changes("production").empty());
}

TEST_CASE("a release marked 'rollback: never' that fails after it ran is held, with the reason, and goes back only when a person insists") {
  World world;
  bring_live(world, "1.0.1");
  const Release marked = ship_marked(world, "1.0.2", AppBehaviour::failing_after(3s));
  auto ci = world.deployer("ci");
  const Deployment held = ci.promote(marked, "staging");
  CHECK(held.outcome == Outcome::held);
  CHECK(mentions(held.reasons, "'rollback: never'"));
  CHECK(mentions(held.reasons, "deployctl rollback staging --force"));
  CHECK_FALSE(held.evidence.empty());
  CHECK(ci.status("staging").rollback_target.empty());
  CHECK(ci.status("staging").rollback_barrier == "1.0.2");
  const Deployment denied = ci.rollback("staging");
  CHECK(denied.outcome == Outcome::blocked);
  REQUIRE(denied.gates.size() == 1);
  CHECK(denied.gates.front().gate == "rollback_never");
  CHECK(mentions(denied.reasons, "--force' insists"));
  const Deployment back = ci.rollback("staging", {.to = "", .force = true});
  CHECK(back.outcome == Outcome::succeeded);
  CHECK(world.serving("staging") == "1.0.1");
}

TEST_CASE("a marked release whose container is gone when it is held is still not gone back from by itself") {
  World world;
  bring_live(world, "1.0.1");
  const Release marked = ship_marked(world, "1.0.2", AppBehaviour::crashing(1s));
  auto ci = world.deployer("ci");
  world.config.environments.front().container.restart = "no";
  REQUIRE(world.deployer("ci").promote(marked, "staging").outcome == Outcome::held);
  CHECK_FALSE(anyone(world).status("staging").live.has_value());
  CHECK(anyone(world).rollback("staging").outcome == Outcome::blocked);
  CHECK(anyone(world).promote(world.ship("1.0.3"), "staging").outcome == Outcome::succeeded);  // forward is open
  CHECK(world.serving("staging") == "1.0.3");
}

TEST_CASE("a marked release that fails before it ever ran is undone as any other") {
  World world;
  bring_live(world, "1.0.1");
  const Release marked = ship_marked(world, "1.0.2");
  world.faults.add({.port = "engine", .host = world.host("staging").url(), .method = "pull", .times = FaultRule::kAlways, .fault = Fault::fail(ErrorCode::refused)});
  auto ci = world.deployer("ci");
  CHECK(ci.promote(marked, "staging").outcome == Outcome::rolled_back);
  CHECK(world.serving("staging") == "1.0.1");
  world.faults.clear();
  world.faults.add({.port = "engine", .host = world.host("staging").url(), .method = "stop", .fault = Fault::fail(ErrorCode::refused)});
  CHECK(ci.promote(marked, "staging").outcome == Outcome::rolled_back);
  CHECK(world.serving("staging") == "1.0.1");
}

TEST_CASE("what comes after a marked release holds its changes: nothing goes back across it") {
  World world;
  bring_live(world, "1.0.1");
  const Release marked = ship_marked(world, "1.0.2");
  auto ci = world.deployer("ci");
  REQUIRE(ci.promote(marked, "staging").outcome == Outcome::succeeded);
  REQUIRE(ci.promote(marked, "production").outcome == Outcome::succeeded);
  bring_live(world, "1.0.3");
  CHECK(ci.rollback("production").live->version == "1.0.2");  // to the marked one, not across it
  CHECK(ci.rollback("production").outcome == Outcome::blocked);
  CHECK(ci.rollback("production", {.to = "1.0.1"}).outcome == Outcome::blocked);
  CHECK(world.serving("production") == "1.0.2");
  CHECK(ci.rollback("production", {.to = "1.0.1", .force = true}).outcome == Outcome::succeeded);
}

TEST_CASE("an environment that skipped the marked release does not fall back across it either") {
  World world;
  bring_live(world, "1.0.1");
  auto ci = world.deployer("ci");
  REQUIRE(ci.promote(ship_marked(world, "1.0.2"), "staging").outcome == Outcome::succeeded);
  const Release next = world.ship("1.0.3", AppBehaviour::failing_after(15s));  // good in staging's bake of 10 s
  world.config.environments.back().rollback.bake = 60s;
  REQUIRE(world.deployer("ci").promote(next, "staging").outcome == Outcome::succeeded);
  const Deployment held = anyone(world).promote(next, "production");
  CHECK(held.outcome == Outcome::held);
  CHECK(mentions(held.reasons, "1.0.2 is marked"));
}

TEST_CASE("a killed promotion of a marked release is finished by resume, and held rather than undone when a person asks for that") {
  World world;
  bring_live(world, "1.0.1");
  const Release marked = ship_marked(world, "1.0.2");
  world.faults.add({.process = "ci", .port = "engine", .host = world.host("staging").url(), .method = "start", .fault = Fault::crash_after()});
  CHECK_THROWS_AS((void)world.deployer("ci").promote(marked, "staging"), SimulatedCrash);
  world.faults.clear();
  const auto undone = anyone(world).resume("staging", true);
  REQUIRE(undone.size() == 1);
  CHECK(undone.front().outcome == Outcome::held);
  CHECK(world.serving("staging") == "1.0.2");
}

TEST_CASE("the mark belongs to the release: it cannot be given or taken later") {
  World world;
  ship_marked(world, "1.0.1");
  auto ci = world.deployer("ci");
  CHECK(ci.find_release("1.0.1").rollback_never);
  const ImageReference image = world.config.image.repository.with_tag("1.0.1");
  CHECK(ci.add_release(image, Version::parse("1.0.1"), {.rollback_never = true}).rollback_never);
  CHECK_THROWS_AS((void)ci.add_release(image, Version::parse("1.0.1")), Error);
  CHECK(ci.build({.build = 7, .rollback_never = true}).rollback_never);
}

TEST_CASE("a stopped line stops every environment, by a switch of its own, and lets one go back") {
  World world;
  bring_live(world, "1.0.1");
  bring_live(world, "1.0.2");
  const Release next = world.ship("1.0.3");
  auto ci = world.deployer("ci");
  ci.freeze("", "the database is being moved");
  for (const char* environment : {"staging", "production"}) {
    CHECK(ci.promote(next, environment).outcome == Outcome::blocked);
    CHECK(ci.plan(next, environment).blocked());
    CHECK(ci.status(environment).stopped_by == "ci");
    CHECK(ci.status(environment).stopped_reason == "the database is being moved");
  }
  CHECK_THROWS_AS(ci.unfreeze("staging"), Error);
  CHECK(ci.rollback("production").outcome == Outcome::succeeded);
  ci.unfreeze("");
  CHECK_THROWS_AS(ci.unfreeze(""), Error);
  CHECK(ci.promote(next, "staging").outcome == Outcome::succeeded);
}

TEST_CASE("an environment with stop_the_line takes nothing while its upstream needs a person") {
  World world;
  world.config.environments.front().rollback.automatic = false;
  world.config.environments.back().stop_the_line = true;
  auto ci = world.deployer("ci");
  const Release good = world.ship("1.0.1");
  REQUIRE(ci.promote(good, "staging").outcome == Outcome::succeeded);
  REQUIRE(ci.promote(world.ship("1.0.2", AppBehaviour::failing_after(3s)), "staging").outcome == Outcome::held);
  const Deployment blocked = ci.promote(good, "production");
  CHECK(blocked.outcome == Outcome::blocked);
  CHECK(mentions(blocked.reasons, "upstream_settled"));
  REQUIRE(ci.rollback("staging").outcome == Outcome::succeeded);
  CHECK(ci.promote(good, "production").outcome == Outcome::succeeded);
}

TEST_CASE("status names the candidate and every gate that keeps it, with what opens it") {
  World world;
  world.config.environments.back().soak = 2h;
  const Release release = world.ship("1.0.1");
  auto ci = world.deployer("ci");
  CHECK(ci.status("staging").candidate == "1.0.1");
  CHECK(ci.status("staging").waiting_for.empty());
  CHECK(ci.status("production").candidate.empty());
  REQUIRE(ci.promote(release, "staging").outcome == Outcome::succeeded);
  ci.freeze("production", "a sale");
  const EnvironmentStatus status = ci.status("production");
  CHECK(status.candidate == "1.0.1");
  REQUIRE(status.waiting_for.size() == 2);
  CHECK(status.waiting_for.at(0).gate == "soak");
  CHECK(status.waiting_for.at(0).opens.has_value());
  CHECK(status.waiting_for.at(1).gate == "freeze");
  CHECK(ci.status("staging").candidate.empty());
}

TEST_CASE("status shows the freeze window that is open now, and what is quarantined") {
  World world;
  const std::string now = to_rfc3339(world.clock.now());
  world.config.environments.back().freeze = {{parse_week_minute("Mon 00:00"), parse_week_minute("Sun 23:59"), "Mon 00:00", "Sun 23:59", "UTC"}};
  auto ci = world.deployer("ci");
  CAPTURE(now);
  CHECK(ci.status("production").closed_until.has_value());
  CHECK_FALSE(ci.status("staging").closed_until.has_value());
  REQUIRE(ci.promote(world.ship("1.0.1", AppBehaviour::unhealthy()), "staging").outcome == Outcome::rolled_back);
  const auto quarantined = ci.status("production").quarantined;
  REQUIRE(quarantined.size() == 1);
  CHECK(quarantined.front().version == "1.0.1");
  CHECK(quarantined.front().by == "ci");
  ci.lift_quarantine(Digest::parse(quarantined.front().digest), "the probe was wrong");
  CHECK(ci.status("production").quarantined.empty());
}
