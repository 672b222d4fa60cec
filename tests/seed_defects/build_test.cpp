#include "helpers.hpp"

using namespace deploy;
using namespace deploy::test;

TEST_CASE("S15: one build, one upload, every tag names the same digest") {
  World world;
  auto ci = world.deployer("ci");
  const auto before = world.registry.uploads();
  const Release release = ci.build();
  CHECK(world.registry.uploads() - before == 1);
  const auto tags = world.registry.tags(world.config.image.repository.name());
  CHECK(tags.at("1.0.1") == release.digest);
  CHECK(tags.at("build-1") == release.digest);
}

TEST_CASE("S16: floating tags move only after a release is verified, and back with a rollback") {
  World world;
  const auto latest = [&] { return world.registry.tags(world.config.image.repository.name()).at("latest"); };
  const Release one = bring_live(world, "1.0.1");
  CHECK(latest() == one.digest);
  const Release two = world.ship("1.0.2");
  auto ci = world.deployer("ci");
  REQUIRE(ci.promote(two, "staging").outcome == Outcome::succeeded);
  CHECK(latest() == one.digest);
  REQUIRE(ci.promote(two, "production").outcome == Outcome::succeeded);
  CHECK(latest() == two.digest);
  REQUIRE(ci.rollback("production").outcome == Outcome::succeeded);
  CHECK(latest() == one.digest);
}

TEST_CASE("S17: the git tag is written after the configured environment is verified, with version and digest") {
  World world;
  world.config.git = GitConfig{"{version}", "origin", "staging"};
  auto ci = world.deployer("ci");
  world.builder.next(AppBehaviour::unhealthy());
  const Release bad = ci.build();
  REQUIRE(ci.promote(bad, "staging").outcome == Outcome::rolled_back);
  CHECK_FALSE(world.source.find_tag(bad.version.str(), "origin", {}).has_value());
  const Release good = ci.build();
  REQUIRE(ci.promote(good, "staging").outcome == Outcome::succeeded);
  const auto tag = world.source.find_tag(good.version.str(), "origin", {});
  REQUIRE(tag.has_value());
  CHECK(tag->commit == good.commit);
  CHECK(tag->annotated);
}

TEST_CASE("S17: a git tag that cannot be pushed does not undo a healthy deployment, and resume writes it later") {
  World world;
  world.config.git = GitConfig{"{version}", "origin", "staging"};
  world.source.refuse_pushes(ErrorCode::unreachable);
  auto ci = world.deployer("ci");
  const Release release = ci.build();
  const Deployment done = ci.promote(release, "staging");
  CHECK(done.outcome == Outcome::succeeded);
  CHECK(mentions(done.warnings, "git_tag"));
  world.source.refuse_pushes(std::nullopt);
  const auto later = ci.resume("staging");
  REQUIRE(later.size() == 1);
  CHECK(later.front().warnings.empty());
  CHECK(world.source.find_tag(release.version.str(), "origin", {}).has_value());
  CHECK(ci.resume("staging").empty());
}

TEST_CASE("S18: a tag whose name begins with ours is not ours") {
  World world;
  world.config.git = GitConfig{"{version}", "origin", "staging"};
  for (int i = 10; i < 20; ++i) world.source.put_tag("origin", {"1.0." + std::to_string(i), std::string(40, 'a'), true});
  auto ci = world.deployer("ci");
  const Release release = ci.build();
  REQUIRE(release.version.str() == "1.0.1");
  REQUIRE(ci.promote(release, "staging").outcome == Outcome::succeeded);
  CHECK(world.source.find_tag("1.0.1", "origin", {})->commit == release.commit);
}

TEST_CASE("S19: a tag that exists at another commit is said, never skipped") {
  World world;
  world.config.git = GitConfig{"{version}", "origin", "staging"};
  world.source.put_tag("origin", {"1.0.1", std::string(40, 'a'), true});
  auto ci = world.deployer("ci");
  const Deployment done = ci.promote(ci.build(), "staging");
  CHECK(mentions(done.warnings, std::string(40, 'a')));
}

TEST_CASE("S20: versions come from the ledger, rise, and collide loudly") {
  World world;
  auto ci = world.deployer("ci");
  CHECK(ci.build().version.str() == "1.0.1");
  CHECK(ci.build().version.str() == "1.0.2");
  CHECK(ci.build({.build = 40}).version.str() == "1.0.40");
  CHECK(ci.build().version.str() == "1.0.41");
  CHECK(code_of([&] { ci.build({.build = 40}); }) == ErrorCode::already_exists);
  CHECK(world.deployer("another").build().version.str() == "1.0.42");  // a new process, a new workflow: the ledger is the same
}
