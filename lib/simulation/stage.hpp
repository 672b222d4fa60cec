// The world that a configuration describes, in memory, with everybody who acts in it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "deploy/deployer.hpp"
#include "simulation/fake_builder.hpp"
#include "simulation/fake_source.hpp"
#include "simulation/observed.hpp"
#include "simulation/process_ports.hpp"

namespace deploy::simulation {

/// The configuration as it is rehearsed: what a good answer to a probe is, and whose signature counts, is not for an
/// application in memory to know; all else is as it was written.
[[nodiscard]] Config rehearsed(Config config);

/// An application in words: good, slow, late, unhealthy, crashing, fading (unhealthy after a while), hanging, silent, deaf (to
/// SIGTERM), swapped (another image runs), unstartable. Throws Error{invalid_argument}.
[[nodiscard]] AppBehaviour behaviour(const std::string& word);

class Stage {
 public:
  Stage(const Config& original, std::uint64_t seed);

  const Config config;
  VirtualClock clock;
  FaultPlan faults;
  FakeRegistry registry;
  FakeFleet fleet{registry, clock};
  FakeSource source;
  FakeBuilder builder{registry, clock};
  MemoryStore store;
  Oracle oracle;
  Turns turns;

  /// A process of this actor on this machine; a new one when the last one died.
  struct Controller {
    std::shared_ptr<Process> process;
    std::unique_ptr<Deployer> deployer;
  };
  Controller& controller(const std::string& actor, const std::string& machine);
  /// Leases of a process are kept alive while it is at work, as the thread of its own does that production has for it.
  void at_work(const std::string& process, bool working);
  void hold_still(const std::string& process, bool still);
  Caller caller;

  [[nodiscard]] const Host& host(const std::string& url) const;  ///< "": the first host of the last environment

 private:
  void keep_alive(const LeaseClaim& claim, const std::string& process);

  FakeProber prober_{fleet, clock};
  ObservedStore observed_store_;
  ObservedFleet observed_fleet_;
  ObservedProber observed_prober_;
  LeaseBook leases_;
  std::set<std::string> working_, still_;
  std::map<std::string, Controller> controllers_;
  int born_ = 0;
};

}  // namespace deploy::simulation
