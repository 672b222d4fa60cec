// What happens to a world by itself: hosts that go away, disks that fill, tags that somebody moves.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "deploy/simulation.hpp"
#include "simulation/fake_fleet.hpp"
#include "simulation/fault_plan.hpp"

namespace deploy::simulation {

/// Where it happens.
struct Scene {
  const Config& config;
  VirtualClock& clock;
  FaultPlan& faults;
  FakeRegistry& registry;
  FakeFleet& fleet;
  const std::map<std::string, Digest>& published;             ///< by version
  std::function<void(const std::string& host)> touched = {};  ///< told before a host's containers or ports change by it
};

/// Carries out an action that is no command and no fault of a call, on `host` where one is concerned.
void happen(const Scene& scene, const Action& action, const Host& host);

/// The port on the host that an environment's probe asks at, or else its first published one; 0 for none.
[[nodiscard]] std::uint16_t port_of(const Environment& environment);
/// The image of a release as it is tagged.
[[nodiscard]] ImageReference image_of(const Config& config, const std::string& version);

}  // namespace deploy::simulation
