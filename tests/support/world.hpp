// A whole setup in memory, in one line: staging before production, a registry, a ledger, time, and what goes wrong.
//
//   World world;
//   auto alice = world.deployer("alice");
//   const Release release = world.ship("1.0.37");
//   CHECK(alice.promote(release, "staging").outcome == Outcome::succeeded);
//   CHECK(world.serving("staging") == "1.0.37");
//   CHECK(world.changes("production").empty());
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "deploy/config.hpp"
#include "deploy/deployer.hpp"
#include "simulation/fake_builder.hpp"
#include "simulation/fake_fleet.hpp"
#include "simulation/fake_prober.hpp"
#include "simulation/fake_registry.hpp"
#include "simulation/fake_source.hpp"
#include "simulation/fault_plan.hpp"
#include "simulation/memory_store.hpp"
#include "simulation/process_ports.hpp"
#include "simulation/virtual_clock.hpp"

namespace deploy::test {

using simulation::AppBehaviour;
using simulation::Fault;
using simulation::FaultRule;
using simulation::SimulatedCrash;

/// What was found on one host of an environment.
struct Found {
  std::string host;
  std::string container;  ///< name of what answers at the probe's port; "" when nobody does
  std::string version;    ///< of the image that really runs, "" when no release of ours
  bool healthy = false;
};

/// Everything that outlives a process. Parts are public: a test changes and asks them by hand.
class World {
 public:
  explicit World(int production_hosts = 1);

  simulation::VirtualClock clock;
  simulation::FaultPlan faults;
  simulation::FakeRegistry registry;
  simulation::FakeFleet fleet{registry, clock};
  simulation::FakeProber prober{fleet, clock};
  simulation::FakeBuilder builder{registry, clock};
  simulation::FakeSource source;
  MemoryStore store;
  Config config;  ///< change it before a deployer is opened

  /// A new process of this actor, on this machine. Several may live at a time.
  [[nodiscard]] Deployer deployer(const std::string& actor = "alice", const std::string& machine = "controller");
  /// The same without the Deployer: ports that count, fail and die as the world's plan says.
  [[nodiscard]] Ports ports(const std::string& actor = "alice", const std::string& machine = "controller");
  /// The newest process of this actor: is it alive? kill it.
  [[nodiscard]] simulation::Process& process(const std::string& actor = "alice");

  /// The ledger's file is gone; hosts, registry and time are as they were. Deployers opened before are not to be used any more.
  void lose_ledger() { store.lose(); }

  /// Puts an image under the version's tag into the registry. The release is complete, but not registered in the ledger.
  Release publish(const std::string& version, const AppBehaviour& app = {});
  /// The same, and registers it (as `builder`, who is nobody's approver).
  Release ship(const std::string& version, const AppBehaviour& app = {});

  [[nodiscard]] const Environment& environment(const std::string& name) const;
  [[nodiscard]] const Host& host(const std::string& environment, std::size_t index = 0) const;
  [[nodiscard]] simulation::FakeMachine& machine(const std::string& environment, std::size_t index = 0);
  /// The engine as somebody at the host's own keyboard has it: uncounted and without faults.
  [[nodiscard]] simulation::FakeEngine& engine(const std::string& environment, std::size_t index = 0);

  [[nodiscard]] std::vector<Found> live(const std::string& environment);
  /// "1.0.37" when every host serves it, healthy and under the live name; "nothing" when no host serves anything;
  /// otherwise a sentence for each host.
  [[nodiscard]] std::string serving(const std::string& environment);
  [[nodiscard]] std::vector<std::string> container_names(const std::string& environment, std::size_t index = 0);  ///< sorted
  /// Mutating calls on the environment's hosts, e.g. "ssh://deploy@prod1.test stop myapp-prod".
  [[nodiscard]] std::vector<std::string> changes(const std::string& environment) const;

  [[nodiscard]] std::vector<Event> events() const;
  [[nodiscard]] std::vector<std::string> messages(EventKind kind) const;

 private:
  [[nodiscard]] Found look(const Environment& where, const Host& host);
  [[nodiscard]] std::string version_of(const std::string& image_id) const;

  simulation::LeaseBook leases_;
  std::map<std::string, std::shared_ptr<simulation::Process>> processes_;  // by actor
  std::map<std::string, std::string> versions_;                            // by image id
  mutable std::mutex mutex_;
  std::vector<Event> events_;
};

// Inline, so that tests of parts need no Deployer.
inline Deployer World::deployer(const std::string& actor, const std::string& machine) {
  const auto keep = [this](const Event& event) {
    const std::lock_guard lock(mutex_);
    events_.push_back(event);
  };
  return Deployer(config, DeployerOptions{actor, keep, ports(actor, machine)});
}

inline Release World::ship(const std::string& version, const AppBehaviour& app) {
  const Release published = publish(version, app);
  return deployer("builder").add_release(config.image.repository.with_tag(published.version.tag()), published.version);
}

}  // namespace deploy::test
