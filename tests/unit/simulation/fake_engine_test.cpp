#include <doctest/doctest.h>

#include "deploy/error.hpp"
#include "refusal.hpp"
#include "simulation/fake_fleet.hpp"

using namespace deploy;
using namespace deploy::simulation;
using namespace std::chrono_literals;

namespace {
struct OneHost {
  VirtualClock clock;
  FakeRegistry registry;
  FakeFleet fleet{registry, clock};
  Host host = Host::parse("ssh://deploy@a.test");
  FakeEngine& engine = fleet.engine(host);
  FakeMachine& machine = fleet.machine(host);

  std::string create(const std::string& name, const AppBehaviour& app = {}, const std::string& restart = "unless-stopped", int port = 8080) {
    const auto tagged = ImageReference::parse("registry.test/app").with_tag(name);
    ContainerRequest request;
    request.name = name;
    request.image = tagged.with_digest(registry.publish(tagged, app));
    request.spec.ports = {PortBinding::parse(std::to_string(port) + ":80")};
    request.spec.restart = restart;
    engine.pull(request.image, {}, {});
    return engine.create(request, {});
  }
  std::string run(const std::string& name, const AppBehaviour& app = {}, const std::string& restart = "unless-stopped", int port = 8080) {
    const std::string id = create(name, app, restart, port);
    engine.start(id, {});
    return id;
  }
  ContainerInfo look(const std::string& name) { return engine.inspect(name, {}).value(); }
  bool running(const std::string& name) { return look(name).running(); }
};

ErrorCode code_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    return error.code();
  }
  return ErrorCode::internal;
}
}  // namespace

TEST_CASE("two containers on the fake host cannot run on one port") {
  OneHost world;
  world.run("old");
  const std::string candidate = world.create("new");
  CHECK(code_of([&] { world.engine.start(candidate, {}); }) == ErrorCode::conflict);
  CHECK_FALSE(world.running("new"));
  CHECK(world.look("new").error.find("port is already allocated") != std::string::npos);
  world.engine.stop(world.look("old").id, 10s, {});
  world.engine.start(candidate, {});
  CHECK(world.running("new"));
}

TEST_CASE("a port that another program holds is taken, too") {
  OneHost world;
  world.machine.occupy(8080);
  const std::string id = world.create("app");
  CHECK(code_of([&] { world.engine.start(id, {}); }) == ErrorCode::conflict);
  world.machine.vacate(8080);
  world.engine.start(id, {});
  CHECK(world.running("app"));
}

TEST_CASE("a container that crashes is restarted as its policy says, later each time") {
  OneHost world;
  world.run("crash-loop", AppBehaviour::crashing(2s, 3));
  world.clock.advance(1'999ms);
  CHECK(world.running("crash-loop"));
  world.clock.advance(1ms);
  CHECK(world.look("crash-loop").status == ContainerStatus::restarting);
  world.clock.advance(100ms);
  CHECK(world.running("crash-loop"));
  world.clock.advance(1min);
  CHECK(world.look("crash-loop").restart_count > 5);
  CHECK(world.look("crash-loop").restart_count < 20);
}

TEST_CASE("a crash without restarts leaves exit code and last words") {
  OneHost world;
  AppBehaviour app = AppBehaviour::crashing(2s);
  app.oom_killed = true;
  const std::string id = world.run("app", app, "no");
  world.clock.advance(1h);
  const ContainerInfo found = world.look("app");
  CHECK(found.status == ContainerStatus::exited);
  CHECK(found.exit_code == 137);
  CHECK(found.oom_killed);
  CHECK(*found.finished - *found.started == 2s);
  CHECK(world.engine.logs(id, 1, {}) == "fatal: exiting with 137\n");
}

TEST_CASE("after a reboot the containers come back that their policies bring back, the oldest first") {
  OneHost world;
  world.run("always", {}, "always");
  world.engine.stop(world.look("always").id, 10s, {});
  world.run("retained", {}, "no", 8081);
  world.run("live");
  world.machine.reboot(30s);
  CHECK(code_of([&] { (void)world.engine.list({}, {}); }) == ErrorCode::unreachable);
  world.clock.advance(31s);
  CHECK(world.running("always"));  // though it was stopped: it takes the port of the live one
  CHECK_FALSE(world.running("retained"));
  CHECK_FALSE(world.running("live"));
  CHECK(world.look("live").error.find("port is already allocated") != std::string::npos);
}

TEST_CASE("a container stopped by hand stays down over an engine restart unless its policy is always") {
  OneHost world;
  const std::string id = world.run("app");
  world.engine.stop(id, 10s, {});
  world.machine.restart_engine();
  CHECK_FALSE(world.running("app"));
}

TEST_CASE("an application that ignores TERM takes its whole grace and is killed") {
  OneHost world;
  const std::string id = world.run("stubborn", {.ignores_term = true});
  const auto begin = world.clock.elapsed();
  world.engine.stop(id, 10s, {});
  CHECK(world.clock.elapsed() - begin == 10s);
  CHECK(world.look("stubborn").exit_code == 137);
}

TEST_CASE("acts on the fake engine can be repeated") {
  OneHost world;
  const std::string id = world.run("app");
  world.engine.start(id, {});
  world.engine.stop(id, 10s, {});
  world.engine.stop(id, 10s, {});
  world.engine.rename(id, "app", {});
  world.engine.remove(id, {});
  world.engine.remove(id, {});
  CHECK_FALSE(world.engine.inspect("app", {}));
}

TEST_CASE("a name can be had once") {
  OneHost world;
  world.create("app");
  CHECK(code_of([&] { world.create("app"); }) == ErrorCode::already_exists);
  const std::string other = world.create("other");
  CHECK(code_of([&] { world.engine.rename(other, "app", {}); }) == ErrorCode::already_exists);
}

TEST_CASE("a pull that the disk has no room for fails and leaves no image") {
  OneHost world;
  world.machine.set_free_disk(1'000);
  CHECK(test::contains(test::refusal([&] { return world.create("app"); }), "no space left on device"));
  CHECK(world.engine.info({}).free_disk == 1'000);
}

TEST_CASE("a container that lacks a variable it needs exits at once") {
  OneHost world;
  world.run("app", {.requires_env = {"DATABASE"}}, "no");
  world.clock.advance(1s);
  CHECK(world.look("app").exit_code == 78);
}
