// Health checks against applications in memory.
#pragma once

#include "deploy/ports/prober.hpp"
#include "simulation/fake_fleet.hpp"

namespace deploy::simulation {

/// Asks the container that serves the probe's port on that host at that moment, or the target's container for checks
/// inside it. Answers take virtual time, timeouts the probe's whole `timeout`. Thread-safe.
class FakeProber final : public Prober {
 public:
  FakeProber(FakeFleet& fleet, VirtualClock& clock) : fleet_(fleet), clock_(clock) {}

  [[nodiscard]] ProbeTry attempt(const HealthProbe& probe, const ProbeTarget& target, const CallLimits& limits) override;

 private:
  FakeFleet& fleet_;
  VirtualClock& clock_;
};

}  // namespace deploy::simulation
