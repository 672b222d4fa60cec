// A host for the contract of the Engine port, real or in memory. Both kinds offer the same members, so that each test is
// written once and runs on both:
//
//   Engine& engine();
//   ImageReference waiting();    an image on the registry, by digest: its container runs until it is stopped
//   ImageReference crashing();   one whose container ends by itself with exit code 3
//   ImageReference missing();    a digest that the registry does not have
//   ContainerRequest request(name, image);   with a name and a label that are this run's own
//   std::uint16_t free_port();
//   void occupy(port);           some other program listens there until the world ends
//   void pass(time);             time goes by
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "deploy/ports/engine.hpp"
#include "deploy/ports/image_builder.hpp"
#include "simulation/fake_engine.hpp"
#include "support/unique_fd.hpp"

namespace deploy::test {

inline const CallLimits kLimits{.timeout = std::chrono::seconds(30)};
inline constexpr const char* kWorldLabel = "io.libdeploy.contract";

/// The Engine, registry and label that the test services announce; throws when they are not up.
class RealHost {
 public:
  static constexpr bool kMayLackPolicyChange = false;  ///< a quirk: see Engine::set_restart_policy
  RealHost() : RealHost("DOCKER") {}
  ~RealHost();  ///< removes this world's containers

  Engine& engine() { return *engine_; }
  ImageBuilder& builder() { return *builder_; }
  ImageReference waiting() { return tool("wait"); }
  ImageReference crashing() { return tool("exit"); }
  ImageReference missing();
  ContainerRequest request(const std::string& name, const ImageReference& image);
  std::uint16_t free_port();
  void occupy(std::uint16_t port);
  void pass(std::chrono::milliseconds time);

  /// A request for a container of the tool with these arguments.
  ContainerRequest runs(const std::string& name, std::vector<std::string> arguments);
  /// Creates, starts, waits for its end.
  ContainerInfo run_to_end(const ContainerRequest& request);
  [[nodiscard]] const std::string& id() const { return id_; }
  [[nodiscard]] std::string registry() const;

 protected:
  /// `service`: whose socket it is, "DOCKER" or "PODMAN". Images are built by Docker all the same.
  explicit RealHost(const std::string& service);

 private:
  ImageReference tool(const std::string& act);

  std::string id_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<ImageBuilder> builder_;
  std::vector<UniqueFd> occupied_;
};

/// podman's compatible API.
class PodmanHost : public RealHost {
 public:
  static constexpr bool kMayLackPolicyChange = true;
  PodmanHost() : RealHost("PODMAN") {}
};

class SimulatedHost {
 public:
  static constexpr bool kMayLackPolicyChange = false;
  SimulatedHost();

  Engine& engine() { return engine_; }
  ImageReference waiting() { return waiting_; }
  ImageReference crashing() { return crashing_; }
  ImageReference missing();
  ContainerRequest request(const std::string& name, const ImageReference& image);
  std::uint16_t free_port() { return next_port_++; }
  void occupy(std::uint16_t port) { machine_.occupy(port); }
  void pass(std::chrono::milliseconds time) { clock_.advance(time); }

 private:
  simulation::VirtualClock clock_;
  simulation::FakeRegistry registry_;
  simulation::FakeMachine machine_{"unix:///simulated.sock", clock_};
  simulation::FakeEngine engine_{machine_, registry_, clock_};
  ImageReference waiting_, crashing_;
  std::uint16_t next_port_ = 20000;
};

/// A digest that no registry has.
[[nodiscard]] Digest digest_of_nothing();
[[nodiscard]] std::string required_variable(const char* name);

}  // namespace deploy::test
