// Probing a container to a verdict, and baking a whole environment.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "deploy/health_probe.hpp"
#include "promotion/host_run.hpp"

namespace deploy {

/// A container that is to be proven healthy on its host.
struct Subject {
  HostRun& run;
  std::string container;  ///< id
  std::string digest;     ///< what it must run; "" for a container whose digest nobody recorded
};

/// Probes until healthy, unhealthy or unknown. A container that exits, restarts or is killed for memory ends the wait at once.
/// Throws Error{cancelled}.
[[nodiscard]] ProbeReport prove(Surroundings& around, const Environment& environment, const std::string& deployment, const Subject& subject,
                                const std::stop_token& stop);

struct BakeResult {
  bool good = true;
  std::string host;      ///< where it went wrong
  ProbeReport report;
};

/// Keeps probing all subjects for the policy's bake time.
[[nodiscard]] BakeResult bake(Surroundings& around, const Environment& environment, const std::string& deployment, const std::vector<Subject>& subjects,
                              const std::stop_token& stop);

}  // namespace deploy
