// Hosts that go away, and containers that somebody stops: what is blamed, what is waited for, what can be gone on from.
#include <doctest/doctest.h>

#include "deploy/error.hpp"
#include "world.hpp"

using namespace deploy;
using namespace deploy::test;
using namespace std::chrono_literals;

namespace {
const CallLimits kQuick{std::chrono::milliseconds{1000}, {}};

struct Live : test::World {
  Live() { REQUIRE(alice.promote(ship("1.0.1"), "staging").outcome == Outcome::succeeded); }
  Deployer alice = deployer("alice");

  /// Somebody at the host's own keyboard stops what carries the live name, as the first probe is on its way.
  void stop_at_the_first_probe() {
    faults.on_call([this](const simulation::PortCall& call) {
      if (call.method == "attempt" && !stopped_) {
        stopped_ = true;
        simulation::FakeEngine& local = engine("staging");
        local.stop(local.inspect("myapp-staging", kQuick)->id, 0ms, kQuick);
      }
      return Fault{};
    });
  }

  void cut_off(const std::string& method, ErrorCode code, int times = FaultRule::kAlways) {
    faults.add({.port = "engine", .method = method, .times = times, .fault = Fault::fail(code)});
  }

 private:
  bool stopped_ = false;
};
}  // namespace

TEST_CASE("a candidate that is stopped from outside while it is probed is started again, and not blamed for it") {
  Live world;
  world.stop_at_the_first_probe();
  CHECK(world.alice.promote(world.ship("1.0.2"), "staging").outcome == Outcome::succeeded);
  CHECK(world.serving("staging") == "1.0.2");
}

TEST_CASE("the way back waits for an engine that is away for a moment") {
  Live world;
  world.faults.add({.port = "engine", .method = "start", .skip = 1, .times = 2, .fault = Fault::fail(ErrorCode::unreachable)});
  const Deployment failed = world.alice.promote(world.ship("1.0.2", AppBehaviour::unhealthy()), "staging");
  CHECK(failed.outcome == Outcome::rolled_back);
  CHECK(world.serving("staging") == "1.0.1");
}

TEST_CASE("a crash-looping candidate whose restart policy cannot be set just now is stopped all the same, and gets it then") {
  Live world;
  world.faults.add({.port = "engine", .method = "set_restart_policy", .skip = 1, .fault = Fault::fail(ErrorCode::refused)});
  const Deployment failed = world.alice.promote(world.ship("1.0.2", AppBehaviour::crashing(0s)), "staging");
  CHECK(failed.outcome == Outcome::rolled_back);
  CHECK(failed.reasons.size() == 1);
  CHECK(world.serving("staging") == "1.0.1");
  for (const std::string& name : world.container_names("staging"))
    if (name.find(".failed.") != std::string::npos) CHECK(world.engine("staging").inspect(name, kQuick)->restart_policy == "no");
}

TEST_CASE("a host that goes away before the switch leaves live what was live, and nothing is gone back to") {
  Live world;
  world.cut_off("pull", ErrorCode::unreachable);
  world.faults.add({.port = "prober", .times = FaultRule::kAlways, .fault = Fault::fail(ErrorCode::unreachable)});
  const Deployment failed = world.alice.promote(world.ship("1.0.2"), "staging");
  CHECK(failed.outcome == Outcome::stranded);
  REQUIRE(failed.live);
  CHECK(failed.live->version == "1.0.1");
  CHECK(world.alice.status("staging").live->version == "1.0.1");
  CHECK(world.alice.history("staging").size() == 2);
}

TEST_CASE("a deployment that was held with the old version still running can be gone on from") {
  for (const char* method : {"rename", "stop"}) {
    CAPTURE(method);
    Live world;
    world.cut_off(method, ErrorCode::connection_lost);
    const Release next = world.ship("1.0.2");
    CHECK(world.alice.promote(next, "staging").outcome == Outcome::held);
    world.faults.clear();
    CHECK(world.alice.promote(next, "staging").outcome == Outcome::succeeded);
    CHECK(world.serving("staging") == "1.0.2");
    for (const std::string& name : world.container_names("staging")) CHECK(name.find(".candidate.") == std::string::npos);
  }
}
