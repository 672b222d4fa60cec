// The public World: deployers in memory, mixed with ports of one's own.
#include <doctest/doctest.h>

#include <algorithm>
#include <thread>

#include "deploy/error.hpp"
#include "deploy/simulation.hpp"
#include "world.hpp"

using namespace deploy;
using simulation::World;

namespace {
Config config() {
  test::World shape(2);
  return shape.config;
}

class Yes final : public Prober {
 public:
  explicit Yes(std::vector<std::thread::id>& threads) : threads_(threads) {}
  ProbeTry attempt(const HealthProbe&, const ProbeTarget&, const CallLimits&) override {
    threads_.push_back(std::this_thread::get_id());
    return {{}, std::chrono::milliseconds{1}, ProbeAnswer::success, "yes"};
  }

 private:
  std::vector<std::thread::id>& threads_;
};

DeployerOptions as(const std::string& actor) {
  DeployerOptions options;
  options.actor = actor;
  return options;
}
}  // namespace

TEST_CASE("a deployer in a world promotes, and one that turns out bad is taken back with evidence") {
  World world(config());
  Deployer deployer = world.open(as("ci"));
  const Release good = deployer.add_release(world.publish("1.0.1"), Version::parse("1.0.1"));
  const Release bad = deployer.add_release(world.publish("1.0.2", "unhealthy"), Version::parse("1.0.2"));
  CHECK(deployer.promote(good, "staging").outcome == Outcome::succeeded);
  const Deployment failed = deployer.promote(bad, "staging");
  CHECK(failed.outcome == Outcome::rolled_back);
  CHECK(failed.evidence.at(0).probe.verdict == Verdict::unhealthy);
  CHECK(failed.live->version == "1.0.1");
}

TEST_CASE("everything is done on the calling thread, hosts of a batch one after the other") {
  Config wide = config();
  wide.environments[1].strategy.max_parallel = 2;
  World world(wide);
  std::vector<std::thread::id> threads;
  DeployerOptions options = as("ci");
  options.ports.prober = std::make_unique<Yes>(threads);
  options.on_event = [&](const Event&) { threads.push_back(std::this_thread::get_id()); };
  Deployer deployer = world.open(std::move(options));
  const Release release = deployer.add_release(world.publish("1.0.1", "unhealthy"), Version::parse("1.0.1"));
  CHECK(deployer.promote(release, "staging").outcome == Outcome::succeeded);  // by the prober of our own
  CHECK(deployer.promote(release, "production").outcome == Outcome::succeeded);
  CHECK(std::all_of(threads.begin(), threads.end(), [](std::thread::id id) { return id == std::this_thread::get_id(); }));
}

TEST_CASE("deployers of one world share its ledger, and a world is used from another thread as well") {
  World world(config());
  std::string live;
  std::thread([&] {
    Deployer ci = world.open(as("ci"));
    const Release release = ci.add_release(world.publish("1.0.1"), Version::parse("1.0.1"));
    CHECK(ci.promote(release, "staging").outcome == Outcome::succeeded);
    Deployer other = world.open(as("alice"));
    live = other.status("staging").live->version;
  }).join();
  CHECK(live == "1.0.1");
}

TEST_CASE("time passes in a world when somebody says so") {
  World world(config());
  const TimePoint before = world.now();
  world.advance(std::chrono::hours{1});
  world.happen("wait for=30m");
  world.happen("jump for=30m");
  CHECK(world.now() == before + std::chrono::hours{2});
  CHECK_THROWS_AS(world.advance(std::chrono::milliseconds{-1}), const Error&);
}
