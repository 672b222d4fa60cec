// The Engine port over a machine in memory: what takes time takes virtual time.
#pragma once

#include "deploy/ports/engine.hpp"
#include "simulation/fake_machine.hpp"
#include "simulation/fake_registry.hpp"

namespace deploy::simulation {

/// How long the engine takes for what.
struct EngineTimings {
  std::chrono::milliseconds start{500}, stop{200}, pull{2'000};
};

/// Thread-safe. Machine, registry and clock outlive it.
class FakeEngine final : public Engine {
 public:
  FakeEngine(FakeMachine& machine, FakeRegistry& registry, VirtualClock& clock) : machine_(machine), registry_(registry), clock_(clock) {}

  EngineTimings timings;  ///< set it before use

  [[nodiscard]] EngineInfo info(const CallLimits& limits) override;
  void pull(const ImageReference& image, const std::function<void(const PullProgress&)>& progress, const CallLimits& limits) override;
  [[nodiscard]] std::optional<ImageInfo> find_image(const std::string& reference, const CallLimits& limits) override;
  [[nodiscard]] std::vector<ImageInfo> list_images(const ImageReference& repository, const CallLimits& limits) override;
  void remove_image(const std::string& reference, const CallLimits& limits) override;
  std::string create(const ContainerRequest& request, const CallLimits& limits) override;
  void start(const std::string& id, const CallLimits& limits) override;
  void stop(const std::string& id, std::chrono::milliseconds grace, const CallLimits& limits) override;
  void rename(const std::string& id, const std::string& name, const CallLimits& limits) override;
  void set_restart_policy(const std::string& id, const std::string& policy, const CallLimits& limits) override;
  void remove(const std::string& id, const CallLimits& limits) override;
  [[nodiscard]] std::optional<ContainerInfo> inspect(const std::string& id_or_name, const CallLimits& limits) override;
  [[nodiscard]] std::vector<ContainerInfo> list(const std::map<std::string, std::string>& labels, const CallLimits& limits) override;
  [[nodiscard]] std::vector<ContainerInfo> list_publishing(const std::vector<PortBinding>& ports, const CallLimits& limits) override;
  [[nodiscard]] std::string logs(const std::string& id, int lines, const CallLimits& limits) override;
  void follow_logs(const std::string& id, int lines, const std::function<void(std::string_view)>& sink, const CallLimits& limits) override;
  [[nodiscard]] ExecOutcome exec(const std::string& id, const std::vector<std::string>& command, const CallLimits& limits) override;

 private:
  void spend(std::chrono::milliseconds duration, const CallLimits& limits, const std::string& what);
  [[nodiscard]] FakeContainer get(const std::string& id);
  [[nodiscard]] ContainerInfo view(const FakeContainer& container) const;

  FakeMachine& machine_;
  FakeRegistry& registry_;
  VirtualClock& clock_;
};

}  // namespace deploy::simulation
