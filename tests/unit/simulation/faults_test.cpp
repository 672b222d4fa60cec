#include <doctest/doctest.h>

#include "world.hpp"

using namespace deploy;
using namespace deploy::test;
using namespace std::chrono_literals;

namespace {
/// A container of version 1.0.1 on staging, put there by the operator.
std::string place(World& world, const AppBehaviour& app = {}) {
  const Release release = world.publish("1.0.1", app);
  ContainerRequest request;
  request.name = "myapp-staging";
  request.image = release.image;
  request.spec = world.environment("staging").container;
  Engine& engine = world.engine("staging");
  engine.pull(request.image, {}, {});
  const std::string id = engine.create(request, {});
  engine.start(id, {});
  return id;
}

Engine& engine_of(World& world, const Ports& ports) { return ports.fleet->engine(world.host("staging")); }

ErrorCode code_thrown_by(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    return error.code();
  }
  return ErrorCode::internal;
}
}  // namespace

TEST_CASE("a call that fails before its effect changes nothing, one that fails after it has done its work") {
  World world;
  const std::string id = place(world);
  const Ports ports = world.ports();
  world.faults.add({.method = "stop", .fault = Fault::fail(ErrorCode::unreachable)});
  world.faults.add({.method = "remove", .fault = Fault::fail_after()});
  CHECK(code_thrown_by([&] { engine_of(world, ports).stop(id, 10s, {}); }) == ErrorCode::unreachable);
  CHECK(world.serving("staging") == "1.0.1");
  CHECK(code_thrown_by([&] { engine_of(world, ports).remove(id, {}); }) == ErrorCode::connection_lost);
  CHECK(world.serving("staging") == "nothing");
}

TEST_CASE("a rule can spare the first calls, and hit a given number of them") {
  World world;
  const Ports ports = world.ports();
  world.faults.add({.method = "info", .skip = 1, .times = 2, .fault = Fault::fail(ErrorCode::timeout)});
  std::string pattern;
  for (int i = 0; i < 5; ++i) pattern += code_thrown_by([&] { (void)engine_of(world, ports).info({}); }) == ErrorCode::timeout ? 'x' : '.';
  CHECK(pattern == ".xx..");
}

TEST_CASE("a process that dies takes its effect or not, and has no effect afterwards") {
  World world;
  const std::string id = place(world);
  const Ports ports = world.ports("alice");
  world.faults.add({.method = "rename", .fault = Fault::crash_after()});
  CHECK_THROWS_AS(engine_of(world, ports).rename(id, "other", {}), SimulatedCrash);
  CHECK(world.container_names("staging") == std::vector<std::string>{"other"});
  CHECK_FALSE(world.process("alice").alive());
  CHECK_THROWS_AS(engine_of(world, ports).remove(id, {}), SimulatedCrash);
  CHECK_FALSE(ports.store->renew({"staging", 1}, 60s, world.clock.now()));
  ports.store->release({"staging", 1});
  CHECK(world.container_names("staging").size() == 1);
}

TEST_CASE("a process killed while a call is under way does not hear of its end, which comes all the same") {
  World world;
  const std::string id = place(world, {.ignores_term = true});
  const Ports ports = world.ports("alice");
  world.clock.after(5s, [&] { world.process("alice").kill(); });
  CHECK_THROWS_AS(engine_of(world, ports).stop(id, 10s, {}), SimulatedCrash);
  CHECK(world.serving("staging") == "nothing");
}

TEST_CASE("a hanging call costs its whole timeout") {
  World world;
  const Ports ports = world.ports();
  world.faults.add({.port = "registry", .fault = Fault::hang()});
  CHECK(code_thrown_by([&] { (void)ports.registry->find(world.config.image.repository.with_tag("x"), {.timeout = 7s}); }) == ErrorCode::timeout);
  CHECK(world.clock.elapsed() == 7s);
}

TEST_CASE("a host that is cut off makes its probes unknown, not failed") {
  World world;
  place(world);
  const Ports ports = world.ports();
  const auto ask = [&] { return ports.prober->attempt(world.environment("staging").probe, {world.host("staging"), ""}, {}).answer; };
  CHECK(ask() == ProbeAnswer::success);
  world.faults.cut(world.host("staging").url());
  CHECK(ask() == ProbeAnswer::unknown);
  CHECK(code_thrown_by([&] { (void)engine_of(world, ports).info({}); }) == ErrorCode::unreachable);
  world.faults.mend(world.host("staging").url());
  CHECK(ask() == ProbeAnswer::success);
}

TEST_CASE("the lease of a dead process can be taken over on its machine at once, elsewhere once it has expired") {
  World world;
  const LeaseHolder same{"somebody", "machine", 1, "start"};
  const auto never = [](const Lease&) { return false; };
  const auto take = [&](const Ports& ports) { return ports.store->acquire("staging", same, 60s, world.clock.now(), never).has_value(); };
  const Ports first = world.ports("alice", "one"), near = world.ports("bob", "one"), far = world.ports("carol", "two");
  CHECK(take(first));
  CHECK_FALSE(take(near));
  world.process("alice").kill();
  CHECK_FALSE(take(far));
  CHECK(take(near));
  world.process("bob").kill();
  world.clock.advance(61s);
  CHECK(take(far));
}

TEST_CASE("the log names what was changed where") {
  World world;
  const std::string id = place(world);
  const Ports ports = world.ports();
  (void)engine_of(world, ports).inspect(id, {});
  engine_of(world, ports).stop(id, 10s, {});
  CHECK(world.changes("staging") == std::vector<std::string>{"ssh://deploy@staging.test stop myapp-staging"});
  CHECK(world.changes("production").empty());
}
