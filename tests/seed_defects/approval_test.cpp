#include "helpers.hpp"

using namespace deploy;
using namespace deploy::test;

TEST_CASE("S1: a denied approval changes nothing in production") {
  World world;
  ask_for_approval(world);
  bring_live(world, "1.0.1");
  const Release next = world.ship("1.0.2");
  auto ci = world.deployer("ci");
  REQUIRE(ci.promote(next, "staging").outcome == Outcome::succeeded);
  world.faults.forget_calls();
  world.deployer("bob").deny(next, "production", "not on a Friday");
  world.deployer("carol").approve(next, "production");  // deny wins
  const Deployment denied = ci.promote(next, "production");
  CHECK(denied.outcome == Outcome::blocked);
  CHECK(mentions(denied.reasons, "denied by bob"));
  CHECK(world.changes("production").empty());
  CHECK(world.serving("production") == "1.0.1");
}

TEST_CASE("S1: an approval that expired changes nothing in production") {
  World world;
  ask_for_approval(world);
  bring_live(world, "1.0.1");
  const Release next = world.ship("1.0.2");
  auto ci = world.deployer("ci");
  REQUIRE(ci.promote(next, "staging").outcome == Outcome::succeeded);
  world.deployer("bob").approve(next, "production");
  world.clock.sleep(25h, {});
  world.faults.forget_calls();
  CHECK(ci.promote(next, "production").outcome == Outcome::blocked);
  CHECK(world.changes("production").empty());
}

TEST_CASE("S1: a host that cannot be reached is an error, and nothing was changed") {
  World world;
  bring_live(world, "1.0.1");
  const Release next = world.ship("1.0.2");
  auto ci = world.deployer("ci");
  REQUIRE(ci.promote(next, "staging").outcome == Outcome::succeeded);
  world.faults.forget_calls();
  world.faults.cut(world.host("production").url());
  CHECK(code_of([&] { ci.promote(next, "production"); }) == ErrorCode::unreachable);
  world.faults.mend(world.host("production").url());
  CHECK(world.changes("production").empty());
  CHECK(world.serving("production") == "1.0.1");
}

TEST_CASE("S11: a version that is there already is never built or registered over") {
  World world;
  const Release first = world.ship("1.0.7");
  const Release moved = world.publish("1.0.7");  // somebody pushes the same tag again, with other bytes
  REQUIRE(moved.digest != first.digest);
  auto ci = world.deployer("ci");
  CHECK(code_of([&] { ci.add_release(world.config.image.repository.with_tag("1.0.7"), Version::parse("1.0.7")); }) == ErrorCode::tag_moved);
  CHECK(ci.find_release("1.0.7").digest == first.digest);
}

TEST_CASE("S12: a tag that is moved between approval and deployment changes nothing of what is deployed") {
  World world;
  ask_for_approval(world);
  bring_live(world, "1.0.1");
  const Release approved = world.ship("1.0.2");
  auto ci = world.deployer("ci");
  REQUIRE(ci.promote(approved, "staging").outcome == Outcome::succeeded);
  world.deployer("bob").approve(approved, "production");
  const Release other = world.publish("1.0.2", AppBehaviour::unhealthy());
  const Deployment done = ci.promote(approved, "production");
  CHECK(done.outcome == Outcome::succeeded);
  CHECK(done.digest == approved.digest.str());
  CHECK(mentions(done.warnings, "tag_moved"));
  CHECK(mentions(done.warnings, other.digest.str()));
  CHECK(world.serving("production") == "1.0.2");
}

TEST_CASE("S12: an approval is for one digest; another digest is not approved by it") {
  World world;
  ask_for_approval(world);
  const Release one = world.ship("1.0.1"), two = world.ship("1.0.2");
  auto ci = world.deployer("ci");
  REQUIRE(ci.promote(one, "staging").outcome == Outcome::succeeded);
  REQUIRE(ci.promote(two, "staging").outcome == Outcome::succeeded);
  world.deployer("bob").approve(one, "production");
  CHECK(ci.promote(two, "production").outcome == Outcome::blocked);
}

TEST_CASE("an approval is void when the policy it was given under has changed") {
  World world;
  ask_for_approval(world);
  const Release release = world.ship("1.0.1");
  REQUIRE(world.deployer("ci").promote(release, "staging").outcome == Outcome::succeeded);
  world.deployer("bob").approve(release, "production");
  world.config.environments.back().container.env["MODE"] = std::string("debug");
  CHECK(world.deployer("ci").promote(release, "production").outcome == Outcome::blocked);
}

TEST_CASE("S29: whoever built a release, or asks for its promotion, does not approve it") {
  World world;
  ask_for_approval(world);
  world.config.environments.back().approval->approvers = {"builder", "ci", "bob"};
  const Release release = world.ship("1.0.1");
  REQUIRE(world.deployer("ci").promote(release, "staging").outcome == Outcome::succeeded);
  CHECK(code_of([&] { world.deployer("builder").approve(release, "production"); }) == ErrorCode::unauthorized);
  CHECK(code_of([&] { world.deployer("mallory").approve(release, "production"); }) == ErrorCode::unauthorized);
  world.deployer("ci").approve(release, "production");
  CHECK(world.deployer("ci").promote(release, "production").outcome == Outcome::blocked);
  CHECK(world.deployer("dora").promote(release, "production").outcome == Outcome::succeeded);
}

TEST_CASE("S30: an approval says digest, what it replaces, environment, policy and expiry, and the ledger keeps all of it") {
  World world;
  ask_for_approval(world);
  const Release live = bring_live(world, "1.0.1"), next = world.ship("1.0.2");
  auto bob = world.deployer("bob");
  const Decision drafted = bob.draft_decision(next, "production");
  CHECK(drafted.digest == next.digest.str());
  CHECK(drafted.environment == "production");
  CHECK(drafted.replaces == LiveVersion{"1.0.1", live.digest.str()});
  CHECK(drafted.creator == "builder");
  CHECK(drafted.expires == world.clock.now() + 24h);
  for (const std::string& line : {"digest: " + next.digest.str(), "replaces: 1.0.1 " + live.digest.str(), std::string("environment: production"), "policy: " + drafted.policy_hash,
                                  "expires: " + to_rfc3339(*drafted.expires)})
    CHECK_MESSAGE(drafted.text.find("\n" + line + "\n") != std::string::npos, line);
  const Decision recorded = bob.decide(next, "production", {true, "seen in staging", "", "", ""});
  std::string entry;
  bob.ledger_export([&](std::string_view line) { entry = line; });
  for (const std::string& part : {next.digest.str(), live.digest.str(), std::string("seen in staging"), recorded.policy_hash, to_rfc3339(*recorded.expires), std::string("\"actor\":\"bob\"")})
    CHECK_MESSAGE(entry.find(part) != std::string::npos, part);
}

TEST_CASE("S31: who may approve stands in the configuration, and its hash in every decision: a change voids them all") {
  World world;
  ask_for_approval(world);
  const Release release = world.ship("1.0.1");
  auto ci = world.deployer("ci");
  REQUIRE(ci.promote(release, "staging").outcome == Outcome::succeeded);
  const Decision given = world.deployer("bob").decide(release, "production");
  CHECK(given.policy_hash == ci.plan(release, "production").plan.policy_hash);
  REQUIRE_FALSE(ci.plan(release, "production").blocked());
  world.config.environments.back().approval->approvers.push_back("mallory");
  auto after = world.deployer("ci");
  CHECK(after.plan(release, "production").plan.policy_hash != given.policy_hash);
  const Deployment blocked = after.promote(release, "production");
  CHECK(blocked.outcome == Outcome::blocked);
  CHECK(mentions(blocked.reasons, "the decision of bob does not count: the policy has changed since"));
}
