#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "simulation/fake_fleet.hpp"
#include "simulation/fake_prober.hpp"

using namespace deploy;
using namespace deploy::simulation;
using namespace std::chrono_literals;

TEST_SUITE("threads") {
TEST_CASE("several threads deploy to their own hosts in one simulation") {
  VirtualClock clock;
  FakeRegistry registry;
  FakeFleet fleet(registry, clock);
  const auto name = ImageReference::parse("registry.test/app");
  const ImageReference image = name.with_digest(registry.publish(name.with_tag("1"), AppBehaviour::slow(2s)));
  std::atomic<int> served{0};

  const auto deploy_to = [&](const Host& host) {
    clock.act_here();
    Engine& engine = fleet.engine(host);
    ContainerRequest request;
    request.name = "app";
    request.image = image;
    request.spec.ports = {PortBinding::parse("8080:80")};
    engine.pull(image, {}, {});
    engine.start(engine.create(request, {}), {});
    HealthProbe probe;
    HttpCheck check;
    check.port = 8080;
    probe.check = check;
    FakeProber prober(fleet, clock);
    while (prober.attempt(probe, {host, ""}, {}).answer != ProbeAnswer::success) clock.sleep(100ms, {});
    ++served;
  };

  {
    std::vector<std::jthread> hosts;
    for (int i = 0; i < 4; ++i) hosts.emplace_back(deploy_to, Host::parse("ssh://host" + std::to_string(i)));
  }
  CHECK(served == 4);
}
}
