// The ports as one process sees them: every call passes through its fault plan on the way to the shared world.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "deploy/deployer.hpp"
#include "simulation/process.hpp"

namespace deploy::simulation {

/// What all processes share. The pointed-to parts outlive every process.
struct SharedWorld {
  LedgerStore* store = nullptr;
  Fleet* fleet = nullptr;
  ImageBuilder* builder = nullptr;
  Registry* registry = nullptr;
  Prober* prober = nullptr;
  Source* source = nullptr;
};

/// Which simulated process holds which lease: they all share one real process, so that its holder record cannot tell.
/// Thread-safe.
class LeaseBook {
 public:
  void note(const Lease& lease, std::shared_ptr<Process> holder);
  /// nullptr when no simulated process acquired it.
  [[nodiscard]] std::shared_ptr<Process> holder(const Lease& lease) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::pair<std::string, std::int64_t>, std::shared_ptr<Process>> holders_;
};

/// Ports for one process: a full set for DeployerOptions. `leases` is shared by all processes and outlives them.
[[nodiscard]] Ports make_ports(const std::shared_ptr<Process>& process, const SharedWorld& world, LeaseBook& leases);

}  // namespace deploy::simulation
