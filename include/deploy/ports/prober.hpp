// Port: one try of a health check.
#pragma once

#include <string>

#include "deploy/call.hpp"
#include "deploy/health_probe.hpp"
#include "deploy/host.hpp"

namespace deploy {

struct ProbeTarget {
  Host host;
  std::string container;  ///< id; for exec and engine checks
};

/// Since: 0.9
class Prober {
 public:
  virtual ~Prober() = default;
  /// One try, at most `probe.timeout` long. Never throws for what the service did; ProbeAnswer::unknown when it could not
  /// be asked. Throws Error{cancelled}, and for what makes probing as such impossible: that fails the step. `time` of the result is left for the caller to fill.
  [[nodiscard]] virtual ProbeTry attempt(const HealthProbe& probe, const ProbeTarget& target, const CallLimits& limits) = 0;
};

}  // namespace deploy
