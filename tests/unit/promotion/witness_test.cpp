// The host as witness: what drifted, and what the ledger can learn from it.
#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

#include "deploy/error.hpp"
#include "world.hpp"

using namespace deploy;
using namespace deploy::test;
using namespace std::chrono_literals;

namespace {
using Names = std::vector<std::string>;

bool any_mentions(const Names& lines, const std::string& text) {
  return std::any_of(lines.begin(), lines.end(), [&](const std::string& line) { return line.find(text) != std::string::npos; });
}

Release bring_live_everywhere(World& world, const std::string& version) {
  const Release release = world.ship(version);
  auto ci = world.deployer("ci");
  REQUIRE(ci.promote(release, "staging").outcome == Outcome::succeeded);
  REQUIRE(ci.promote(release, "production").outcome == Outcome::succeeded);
  return release;
}

Names drift_of(World& world, const std::string& environment) {
  Names out;
  for (const Drift& d : world.deployer("anyone").verify(environment).drift) out.push_back(d.what + ": " + d.expected + " / " + d.found);
  return out;
}

std::string id_of(World& world, const std::string& name) { return world.engine("production").inspect(name, {})->id; }

/// `docker run -d` by hand, under the live name.
void run_by_hand(World& world, const ImageReference& image, const std::string& environment = "production", std::size_t host = 0) {
  simulation::FakeEngine& engine = world.engine(environment, host);
  engine.pull(image, nullptr, {});
  ContainerRequest request{world.environment(environment).container.name, image, {}, {}, {}};
  request.spec.ports = world.environment(environment).container.ports;
  engine.start(engine.create(request, {}), {});
}

std::string message_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}
}  // namespace

TEST_CASE("hosts that are as recorded have no drift, before and after a way back") {
  World world(2);
  world.config.environments.back().container.ports = {PortBinding::parse("8080:80"), PortBinding::parse("9000-9002:9000-9002")};
  world.config.environments.back().container.env = {{"MODE", std::string("live")}};
  bring_live_everywhere(world, "1.0.1");
  bring_live_everywhere(world, "1.0.2");
  CHECK(drift_of(world, "production") == Names{});
  REQUIRE(world.deployer("ci").rollback("production").outcome == Outcome::succeeded);
  CHECK(drift_of(world, "production") == Names{});
}

TEST_CASE("a container that was stopped, removed or restarted by hand is drift") {
  World world;
  bring_live_everywhere(world, "1.0.1");
  world.engine("production").stop(id_of(world, "myapp-prod"), 1s, {});
  CHECK(any_mentions(drift_of(world, "production"), "stopped: running / exited"));
  world.engine("production").remove(id_of(world, "myapp-prod"), {});
  CHECK(any_mentions(drift_of(world, "production"), "missing: 1.0.1"));
}

TEST_CASE("restarts are counted against the ledger") {
  World world;
  world.config.environments.back().rollback.bake = 1s;
  bring_live_everywhere(world, "1.0.1");
  const Release crashing = world.ship("1.0.2", AppBehaviour::crashing(60s));
  REQUIRE(world.deployer("ci").promote(crashing, "staging").outcome == Outcome::succeeded);
  REQUIRE(world.deployer("ci").promote(crashing, "production").outcome == Outcome::succeeded);
  world.clock.sleep(90s, {});
  CHECK(any_mentions(drift_of(world, "production"), "restarts: 0 / 1"));
}

TEST_CASE("another digest under the live name is drift, whatever its labels say") {
  World world;
  const Release live = bring_live_everywhere(world, "1.0.1");
  const Release other = world.publish("1.0.9");
  world.engine("production").remove(id_of(world, "myapp-prod"), {});
  run_by_hand(world, other.image);
  const auto drift = drift_of(world, "production");
  CHECK(any_mentions(drift, "digest: " + live.digest.str() + " / " + other.digest.str()));
  CHECK(any_mentions(drift, "configuration: "));
}

TEST_CASE("ports, variables and restart policy that differ are drift, and values of variables stay unsaid") {
  World world;
  world.config.environments.back().container.env = {{"MODE", std::string("live")}, {"TOKEN", std::string("hunter2")}};
  const Release release = bring_live_everywhere(world, "1.0.1");
  world.engine("production").set_restart_policy(id_of(world, "myapp-prod"), "no", {});
  CHECK(drift_of(world, "production") == Names{"configuration: restart policy unless-stopped / restart policy no"});
  world.engine("production").remove(id_of(world, "myapp-prod"), {});
  ContainerRequest request{"myapp-prod", release.image, {}, {}, {}};
  request.spec.ports = {PortBinding::parse("8088:80")};
  request.env.emplace_back("TOKEN", Secret("hunter3"));
  world.engine("production").start(world.engine("production").create(request, {}), {});
  const auto drift = drift_of(world, "production");
  CHECK(any_mentions(drift, "ports: 8080:80 / 8088:80"));
  CHECK(any_mentions(drift, "env: as the configuration says / MODE is not set, TOKEN has another value"));
  CHECK_FALSE(any_mentions(drift, "hunter"));
}

TEST_CASE("a retained container that is gone, and one that should not run, are drift") {
  World world;
  bring_live_everywhere(world, "1.0.1");
  bring_live_everywhere(world, "1.0.2");
  const auto names = world.container_names("production");
  const auto retained = std::find_if(names.begin(), names.end(), [](const std::string& name) { return name.find(".v1.0.1.") != std::string::npos; });
  REQUIRE(retained != names.end());
  world.engine("production").stop(id_of(world, "myapp-prod"), 1s, {});
  world.engine("production").start(id_of(world, *retained), {});
  CHECK(any_mentions(drift_of(world, "production"), "extra: only myapp-prod runs / " + *retained + " runs too"));
  world.engine("production").remove(id_of(world, *retained), {});
  CHECK(any_mentions(drift_of(world, "production"), "retained: " + *retained + " / no such container to go back to"));
}

TEST_CASE("a host that cannot be asked is drift of its own, and the others are asked all the same") {
  World world(2);
  bring_live_everywhere(world, "1.0.1");
  world.faults.cut(world.host("production", 0).url());
  world.engine("production", 1).stop(world.engine("production", 1).inspect("myapp-prod", {})->id, 1s, {});
  const auto drift = drift_of(world, "production");
  CHECK(any_mentions(drift, "unreachable: "));
  CHECK(any_mentions(drift, "stopped: "));
}

TEST_CASE("a lost ledger is rebuilt from labels and names: what is live, what can be gone back to in its order, what had failed") {
  World world;
  for (const char* version : {"1.0.1", "1.0.2", "1.0.3"}) {
    bring_live_everywhere(world, version);
    world.clock.sleep(1h, {});
  }
  REQUIRE(world.deployer("ci").promote(world.ship("1.0.4", AppBehaviour::unhealthy()), "staging").outcome == Outcome::rolled_back);
  world.lose_ledger();
  auto ci = world.deployer("ci");
  CHECK_FALSE(ci.status("staging").live.has_value());
  const Names adopted = ci.adopt("staging");
  CHECK(adopted.size() == 4);
  CHECK(any_mentions(adopted, "quarantined: 1.0.4"));
  ci.adopt("production");
  for (const char* environment : {"staging", "production"}) {
    const EnvironmentStatus status = ci.status(environment);
    CHECK(status.live->version == "1.0.3");
    CHECK(status.rollback_target == "1.0.2");
    CHECK(drift_of(world, environment) == Names{});
    CHECK(ci.adopt(environment).empty());
  }
  const auto before = ci.find_release("1.0.2");
  CHECK(before.image.str() == world.config.image.repository.with_digest(before.digest).str());
  CHECK(ci.plan(ci.find_release("1.0.3"), "production").nothing_to_do());
  CHECK(ci.rollback("production").live->version == "1.0.2");
  CHECK(ci.rollback("production").live->version == "1.0.1");
  CHECK(world.serving("production") == "1.0.1");
}

TEST_CASE("build numbers and the mark 'rollback: never' survive the loss of the ledger") {
  World world;
  auto ci = world.deployer("ci");
  REQUIRE(ci.promote(ci.build({.build = 41}), "staging").outcome == Outcome::succeeded);
  REQUIRE(ci.promote(ci.build({.build = 42, .rollback_never = true}), "staging").outcome == Outcome::succeeded);
  world.lose_ledger();
  auto again = world.deployer("ci");
  again.adopt("staging");
  CHECK(again.find_release("42").rollback_never);
  CHECK(again.rollback("staging").outcome == Outcome::blocked);
  CHECK(again.build().build == 43);
}

TEST_CASE("a container that something else started is taken over by what its image says, and the next promotion replaces it") {
  World world;
  const Release foreign = world.publish("1.0.1");
  run_by_hand(world, foreign.image.with_tag("1.0.1"));
  auto ci = world.deployer("ci");
  const Release next = world.ship("1.0.2");
  REQUIRE(ci.promote(next, "staging").outcome == Outcome::succeeded);
  const Deployment refused = ci.promote(next, "production");
  CHECK(refused.outcome == Outcome::rolled_back);
  CHECK(any_mentions(refused.reasons, "'deployctl adopt production' takes it over"));
  CHECK(world.serving("production") == "1.0.1");

  const Names adopted = ci.adopt("production");
  REQUIRE(adopted.size() == 1);
  CHECK(any_mentions(adopted, "live: 1.0.1 (" + foreign.digest.str() + "); something else started it"));
  CHECK(ci.status("production").live == LiveVersion{"1.0.1", foreign.digest.str()});
  CHECK(drift_of(world, "production") == Names{});
  REQUIRE(ci.promote(next, "production").outcome == Outcome::succeeded);
  CHECK(world.serving("production") == "1.0.2");
  CHECK(ci.rollback("production").live->version == "1.0.1");
  CHECK(world.serving("production") == "1.0.1");
}

TEST_CASE("an adopted container comes back when the release that was to replace it fails") {
  World world;
  run_by_hand(world, world.publish("1.0.1").image.with_tag("1.0.1"), "staging");
  auto ci = world.deployer("ci");
  ci.adopt("staging");
  CHECK(ci.promote(world.ship("1.0.2", AppBehaviour::unhealthy()), "staging").outcome == Outcome::rolled_back);
  CHECK(world.serving("staging") == "1.0.1");
}

TEST_CASE("what cannot be known of a foreign container is said, with what to do, and nothing is adopted") {
  World world;
  const Release nameless = world.publish("1.0.1");
  run_by_hand(world, nameless.image);  // by digest: no tag says which version it is
  auto ci = world.deployer("ci");
  const std::string message = message_of([&] { ci.adopt("production"); });
  CHECK(message.find("deployctl release add " + nameless.image.str() + " --version V") != std::string::npos);
  CHECK_FALSE(ci.status("production").live.has_value());
  ci.add_release(nameless.image, Version::parse("1.0.1"));
  CHECK(any_mentions(ci.adopt("production"), "live: 1.0.1"));
}

TEST_CASE("a foreign container that is not healthy is live, but nothing to go back to") {
  World world;
  run_by_hand(world, world.publish("1.0.1", AppBehaviour::unhealthy()).image.with_tag("1.0.1"));
  auto ci = world.deployer("ci");
  CHECK(any_mentions(ci.adopt("production"), "not verified, it is unhealthy"));
  CHECK(ci.status("production").live->version == "1.0.1");
  CHECK(ci.status("production").verified.empty());
}

TEST_CASE("hosts that do not serve the same are not adopted") {
  World world(2);
  run_by_hand(world, world.publish("1.0.1").image.with_tag("1.0.1"), "production", 0);
  auto ci = world.deployer("ci");
  CHECK(message_of([&] { ci.adopt("production"); }).find("not every host") != std::string::npos);
  run_by_hand(world, world.publish("1.0.2").image.with_tag("1.0.2"), "production", 1);
  CHECK(message_of([&] { ci.adopt("production"); }).find("bring the hosts of production to one version first") != std::string::npos);
  CHECK_FALSE(ci.status("production").live.has_value());
}

TEST_CASE("a container of another environment is nobody else's to adopt") {
  World world;
  bring_live_everywhere(world, "1.0.1");
  world.config.environments.back().container.name = "myapp-staging";
  world.config.environments.back().hosts = world.config.environments.front().hosts;
  auto ci = world.deployer("ci");
  CHECK(message_of([&] { ci.adopt("production"); }).find("belongs to environment staging of myapp") != std::string::npos);
}

TEST_CASE("images that nobody can need any more go after a success, and a failing removal is a warning alone") {
  World world;
  for (Environment& environment : world.config.environments) environment.rollback.keep = 1;
  std::vector<Release> all;
  for (const char* version : {"1.0.1", "1.0.2", "1.0.3"}) all.push_back(bring_live_everywhere(world, version));
  CHECK_FALSE(world.engine("production").find_image(all[0].image.str(), {}).has_value());
  CHECK(world.engine("production").find_image(all[1].image.str(), {}).has_value());
  CHECK(world.engine("production").find_image(all[2].image.str(), {}).has_value());
  world.faults.add({.port = "engine", .method = "remove_image", .times = FaultRule::kAlways, .fault = Fault::fail(ErrorCode::conflict)});
  const Release next = world.ship("1.0.4");
  const Deployment done = world.deployer("ci").promote(next, "staging");
  CHECK(done.outcome == Outcome::succeeded);
  CHECK(any_mentions(done.warnings, "stays on " + world.host("staging").url()));
  CHECK(done.unfinished.empty());
}

TEST_CASE("a host on which nothing can be removed just now does not fail the deployment; resume does it later") {
  World world;
  for (Environment& environment : world.config.environments) environment.rollback.keep = 1;
  const Release first = bring_live_everywhere(world, "1.0.1");
  bring_live_everywhere(world, "1.0.2");
  world.faults.add({.port = "engine", .host = world.host("production").url(), .method = "list_images", .times = FaultRule::kAlways, .fault = Fault::fail(ErrorCode::unreachable)});
  const Release next = world.ship("1.0.3");
  auto ci = world.deployer("ci");
  REQUIRE(ci.promote(next, "staging").outcome == Outcome::succeeded);
  const Deployment done = ci.promote(next, "production");
  CHECK(done.outcome == Outcome::succeeded);
  CHECK(done.unfinished == Names{"retention"});
  world.faults.clear();
  REQUIRE(ci.resume("production").size() == 1);
  CHECK_FALSE(world.engine("production").find_image(first.image.str(), {}).has_value());
  CHECK(drift_of(world, "production") == Names{});
  CHECK(ci.resume("production").empty());
}

TEST_CASE("environments that share a host leave each other's images and containers alone") {
  World world;
  world.config.environments.back().hosts = world.config.environments.front().hosts;
  for (Environment& environment : world.config.environments) environment.rollback.keep = 1;
  const Release first = bring_live_everywhere(world, "1.0.1"), second = bring_live_everywhere(world, "1.0.2");
  auto ci = world.deployer("ci");
  for (const char* version : {"1.0.3", "1.0.4", "1.0.5"}) REQUIRE(ci.promote(world.ship(version), "staging").outcome == Outcome::succeeded);
  for (const Release& release : {first, second}) CHECK(world.engine("production").find_image(release.image.str(), {}).has_value());
  CHECK(ci.rollback("production").live->version == "1.0.1");
}

TEST_CASE("a pull that the disk has no room for is not begun, and what is missing is said") {
  World world;
  bring_live_everywhere(world, "1.0.1");
  const Release next = world.ship("1.0.2");
  world.machine("staging").set_free_disk(100 << 20);
  world.faults.forget_calls();
  const Deployment failed = world.deployer("ci").promote(next, "staging");
  CHECK(failed.outcome == Outcome::rolled_back);
  CHECK(any_mentions(failed.reasons, world.host("staging").url() + " has 100 MiB of disk left for images, and pulling 1.0.2 needs 256 MiB"));
  CHECK(any_mentions(failed.reasons, "docker image prune"));
  CHECK_FALSE(any_mentions(world.changes("staging"), " pull "));
  CHECK(world.serving("staging") == "1.0.1");
  world.machine("staging").set_free_disk(300 << 20);
  CHECK(world.deployer("ci").promote(next, "staging").outcome == Outcome::succeeded);  // nobody blames the digest
}

TEST_CASE("a big image needs room for what it is unpacked, less what the live version has brought already") {
  World world;
  simulation::StoredImage big;
  big.size = 400'000'000;
  big.digest = Digest::parse("sha256:" + std::string(64, 'e'));
  world.registry.push(world.config.image.repository.name(), "1.0.1", big);
  auto ci = world.deployer("ci");
  const Release release = ci.add_release(world.config.image.repository.with_tag("1.0.1"), Version::parse("1.0.1"));
  world.machine("staging").set_free_disk(1'000'000'000);
  CHECK(any_mentions(ci.promote(release, "staging").reasons, "needs 1145 MiB"));
  world.machine("staging").set_free_disk(1'300'000'000);
  CHECK(ci.promote(release, "staging").outcome == Outcome::succeeded);
}

TEST_CASE("the disk is looked at only when something has to be pulled") {
  World world;
  bring_live_everywhere(world, "1.0.1");
  bring_live_everywhere(world, "1.0.2");
  world.faults.forget_calls();
  REQUIRE(world.deployer("ci").rollback("production").outcome == Outcome::succeeded);
  CHECK_FALSE(any_mentions(world.faults.log(world.host("production").url()), " info"));
}
