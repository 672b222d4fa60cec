#include <doctest/doctest.h>

#include "deploy/error.hpp"
#include "refusal.hpp"
#include "simulation/fake_builder.hpp"
#include "simulation/fake_fleet.hpp"
#include "simulation/fake_prober.hpp"
#include "simulation/fake_source.hpp"

using namespace deploy;
using namespace deploy::simulation;
using namespace std::chrono_literals;

namespace {
const ImageReference kApp = ImageReference::parse("registry.test/app");
const HttpCheck kHealth = [] {
  HttpCheck check;
  check.port = 8080;
  return check;
}();

struct Served {
  VirtualClock clock;
  FakeRegistry registry;
  FakeFleet fleet{registry, clock};
  FakeProber prober{fleet, clock};
  Host host = Host::parse("unix:///run/docker.sock");
  std::string id;

  explicit Served(const AppBehaviour& app) {
    ContainerRequest request;
    request.name = "app";
    request.image = kApp.with_digest(registry.publish(kApp.with_tag("1"), app));
    request.spec.ports = {PortBinding::parse("8080:80")};
    Engine& engine = fleet.engine(host);
    engine.pull(request.image, {}, {});
    id = engine.create(request, {});
    engine.start(id, {});
  }

  std::string ask(const decltype(HealthProbe::check)& check) {
    HealthProbe probe;
    probe.check = check;
    return prober.attempt(probe, {host, id}, {}).detail;
  }
};
}  // namespace

TEST_CASE("a probe sees a slow application refuse, then say that it starts, then answer") {
  Served served({.listens_after = 5s, .healthy_after = 25s});
  CHECK(served.ask(kHealth) == "connection refused");
  served.clock.advance(6s);
  CHECK(served.ask(kHealth) == "503, expected 200: starting");
  served.clock.advance(20s);
  CHECK(served.ask(kHealth) == "200 in 3 ms");
  CHECK(served.ask(TcpCheck{8080}) == "connected in 3 ms");
  CHECK(served.ask(ExecCheck{{"true"}}) == "exit 0 in 0 ms");
}

TEST_CASE("a hanging application costs a probe its whole timeout") {
  Served served(AppBehaviour::hanging());
  const auto begin = served.clock.elapsed();
  CHECK(served.ask(kHealth) == "no answer within 5s");
  CHECK(served.clock.elapsed() - begin == 5s);
}

TEST_CASE("body and JSON of an answer are judged as those of a real service") {
  Served served({.body = R"({"status":"degraded"})"});
  HttpCheck check = kHealth;
  check.body = "degraded";
  CHECK(served.ask(check) == "200 in 3 ms");
  check.json = {{"/status", "\"ok\""}};
  CHECK(test::contains(served.ask(check), "degraded"));
}

TEST_CASE("an image's own health check is starting, healthy, unhealthy") {
  Served served({.healthy_after = 10s, .unhealthy_after = 20s, .has_healthcheck = true});
  const auto health = [&] { return served.fleet.engine(served.host).inspect(served.id, {})->health; };
  CHECK(health() == EngineHealth::starting);
  served.clock.advance(10s);
  CHECK(health() == EngineHealth::healthy);
  served.clock.advance(10s);
  CHECK(health() == EngineHealth::unhealthy);
}

TEST_CASE("the fake registry moves floating tags alone, and names both digests when it refuses") {
  FakeRegistry registry;
  const Digest one = registry.publish(kApp.with_tag("1.0.1")), two = registry.publish(kApp.with_tag("1.0.2"));
  registry.tag(kApp.with_digest(one), "latest", TagMove::allow, {});
  registry.tag(kApp.with_digest(two), "latest", TagMove::allow, {});
  CHECK(registry.find(kApp.with_tag("latest"), {})->digest == two);
  registry.tag(kApp.with_digest(one), "1.0.1", TagMove::refuse, {});
  const std::string refusal = test::refusal([&] { return registry.tag(kApp.with_digest(two), "1.0.1", TagMove::refuse, {}), 0; });
  CHECK(test::contains(refusal, one.str()));
  CHECK(test::contains(refusal, two.str()));
  CHECK(registry.find(kApp.with_tag("1.0.1"), {})->digest == one);
  CHECK(registry.uploads() == 2);
}

TEST_CASE("a registry that is away fails pulls on every host") {
  VirtualClock clock;
  FakeRegistry registry;
  FakeFleet fleet(registry, clock);
  const Digest digest = registry.publish(kApp.with_tag("1"));
  registry.fail_with(ErrorCode::unauthorized);
  Engine& engine = fleet.engine(Host::parse("ssh://a.test"));
  CHECK_THROWS_AS(engine.pull(kApp.with_digest(digest), {}, {}), Error);
  registry.mend();
  engine.pull(kApp.with_digest(digest), {}, {});
  CHECK(engine.find_image(kApp.with_digest(digest).str(), {}));
}

TEST_CASE("each build gives another digest, and what was chosen for it") {
  VirtualClock clock;
  FakeRegistry registry;
  FakeBuilder builder(registry, clock);
  builder.next(AppBehaviour::unhealthy());
  std::vector<Digest> digests;
  for (const char* tag : {"1", "2"}) {
    builder.tag(builder.build({}, {}, {}), kApp.with_tag(tag), {});
    digests.push_back(builder.push(kApp.with_tag(tag), {}, {}));
  }
  CHECK(digests[0] != digests[1]);
  CHECK(registry.fetch(kApp.with_tag("1")).app.status == 503);
  CHECK(registry.fetch(kApp.with_digest(digests[1])).app.status == 200);
}

TEST_CASE("the fake source refuses a tag that is elsewhere, here or on the remote") {
  FakeSource source;
  const std::string commit = source.state({})->commit;
  source.tag("1.0.1", commit, "text", "origin", {});
  CHECK(source.find_tag("1.0.1", "origin", {})->commit == commit);
  CHECK_FALSE(source.find_tag("1.0", "origin", {}));
  source.commit("second");
  const std::string refusal = test::refusal([&] { return source.tag("1.0.1", source.state({})->commit, "text", "origin", {}), 0; });
  CHECK(test::contains(refusal, commit));
  CHECK(test::contains(refusal, source.state({})->commit));
}
