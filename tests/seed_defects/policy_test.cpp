#include "helpers.hpp"

using namespace deploy;
using namespace deploy::test;

namespace {
std::vector<std::string> doctors_words(World& world, const std::string& name) {
  std::vector<std::string> out;
  for (const DoctorCheck& check : world.deployer("anyone").doctor())
    if (check.name == name) out.push_back(check.subject + ": " + check.message + "; " + check.advice);
  return out;
}
}  // namespace

TEST_CASE("S33: an approval that arrives days later does not rely on what staging was like then") {
  World world;
  ask_for_approval(world);
  world.config.environments.back().max_age = 24h;
  world.config.environments.back().approval->expires = 24h * 30;
  bring_live(world, "1.0.1");
  const Release next = world.ship("1.0.2", AppBehaviour::failing_after(48h));  // good on Friday, broken on Monday
  auto ci = world.deployer("ci");
  REQUIRE(ci.promote(next, "staging").outcome == Outcome::succeeded);
  world.deployer("bob").approve(next, "production");
  world.clock.sleep(72h, {});
  world.faults.forget_calls();
  const Deployment blocked = ci.promote(next, "production");
  CHECK(blocked.outcome == Outcome::blocked);
  CHECK(mentions(blocked.reasons, "evidence_age: last verified in staging"));
  CHECK(mentions(blocked.reasons, "mend staging and promote again"));
  CHECK(world.changes("production").empty());
  CHECK(world.serving("production") == "1.0.1");
}

TEST_CASE("S33: staging that is still well days later is probed again, and that is enough") {
  World world;
  ask_for_approval(world);
  world.config.environments.back().max_age = 24h;
  world.config.environments.back().approval->expires = 24h * 30;
  const Release release = world.ship("1.0.1");
  auto ci = world.deployer("ci");
  REQUIRE(ci.promote(release, "staging").outcome == Outcome::succeeded);
  world.clock.sleep(72h, {});
  world.deployer("bob").approve(release, "production");
  CHECK(ci.promote(release, "production").outcome == Outcome::succeeded);
  CHECK(mentions(world.messages(EventKind::verified), "1.0.1 is healthy in staging today also"));
}

TEST_CASE("S34: environments that share a host and its credentials are told from isolated ones") {
  World shared, apart;
  shared.config.environments.back().hosts = shared.config.environments.front().hosts;
  CHECK(mentions(doctors_words(shared, "isolation"), "staging and production share this host and its credentials"));
  CHECK(doctors_words(apart, "isolation").empty());
}

TEST_CASE("S40: every container is labelled as ours and comes back after a reboot") {
  World world;
  const Release release = bring_live(world, "1.0.1");
  const auto live = world.engine("production").inspect("myapp-prod", {});
  CHECK(live->restart_policy == "unless-stopped");
  CHECK(live->labels.at("io.libdeploy.application") == "myapp");
  CHECK(live->labels.at("io.libdeploy.environment") == "production");
  CHECK(live->labels.at("io.libdeploy.version") == "1.0.1");
  CHECK(live->labels.at("io.libdeploy.digest") == release.digest.str());
  bring_live(world, "1.0.2");
  world.machine("production").reboot(30s);
  CHECK(world.serving("production") == "nothing");
  world.clock.sleep(31s, {});
  CHECK(world.serving("production") == "1.0.2");  // and 1.0.1, which is kept to go back to, stays down
}

TEST_CASE("S41: ports are bound where the configuration says, and a preview that everybody can reach is pointed out") {
  World world;
  CHECK(mentions(doctors_words(world, "exposure"), "staging 8081:80: this port is published on every address"));
  CHECK(doctors_words(world, "exposure").size() == 1);  // production is there to be reached
  world.config.environments.front().container.ports = {PortBinding::parse("127.0.0.1:8081:80")};
  CHECK(doctors_words(world, "exposure").empty());
  bring_live(world, "1.0.1");
  CHECK(world.engine("staging").inspect("myapp-staging", {})->ports.front().str() == PortBinding::parse("127.0.0.1:8081:80").str());
}

TEST_CASE("S45: images that nobody can go back to are removed after a success; what a rollback needs never is") {
  World world;
  for (Environment& environment : world.config.environments) environment.rollback.keep = 2;
  std::vector<Release> all;
  for (const char* version : {"1.0.1", "1.0.2", "1.0.3", "1.0.4", "1.0.5"}) all.push_back(bring_live(world, version));
  auto& engine = world.engine("production");
  for (std::size_t i = 0; i < all.size(); ++i) CHECK(engine.find_image(all[i].image.str(), {}).has_value() == (i >= 2));
  world.registry.fail_with(ErrorCode::unreachable);  // going back needs nothing but the host
  auto ci = world.deployer("ci");
  CHECK(ci.rollback("production").live->version == "1.0.4");
  CHECK(ci.rollback("production").live->version == "1.0.3");
}

TEST_CASE("S45: a pull that would fill the disk of a host is not begun") {
  World world;
  bring_live(world, "1.0.1");
  const Release next = world.ship("1.0.2");
  world.machine("staging").set_free_disk(50 << 20);
  world.faults.forget_calls();
  const Deployment failed = world.deployer("ci").promote(next, "staging");
  CHECK(failed.outcome == Outcome::rolled_back);
  CHECK(mentions(failed.reasons, "50 MiB of disk left"));
  CHECK_FALSE(mentions(world.changes("staging"), " pull "));
  CHECK(world.serving("staging") == "1.0.1");
}
