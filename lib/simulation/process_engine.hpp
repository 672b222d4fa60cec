// Engines and fleet as one process sees them.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "deploy/ports/fleet.hpp"
#include "simulation/process.hpp"

namespace deploy::simulation {

/// Remembers the names of containers it has met, so that the log of calls speaks of names rather than ids. Thread-safe.
class ProcessEngine final : public Engine {
 public:
  ProcessEngine(std::shared_ptr<Process> process, std::string host, Engine& engine)
      : process_(std::move(process)), host_(std::move(host)), engine_(engine) {}

  EngineInfo info(const CallLimits& limits) override;
  void pull(const ImageReference& image, const std::function<void(const PullProgress&)>& progress, const CallLimits& limits) override;
  std::optional<ImageInfo> find_image(const std::string& reference, const CallLimits& limits) override;
  std::vector<ImageInfo> list_images(const ImageReference& repository, const CallLimits& limits) override;
  void remove_image(const std::string& reference, const CallLimits& limits) override;
  std::string create(const ContainerRequest& request, const CallLimits& limits) override;
  void start(const std::string& id, const CallLimits& limits) override;
  void stop(const std::string& id, std::chrono::milliseconds grace, const CallLimits& limits) override;
  void rename(const std::string& id, const std::string& name, const CallLimits& limits) override;
  void set_restart_policy(const std::string& id, const std::string& policy, const CallLimits& limits) override;
  void remove(const std::string& id, const CallLimits& limits) override;
  std::optional<ContainerInfo> inspect(const std::string& id_or_name, const CallLimits& limits) override;
  std::vector<ContainerInfo> list(const std::map<std::string, std::string>& labels, const CallLimits& limits) override;
  std::vector<ContainerInfo> list_publishing(const std::vector<PortBinding>& ports, const CallLimits& limits) override;
  std::string logs(const std::string& id, int lines, const CallLimits& limits) override;
  void follow_logs(const std::string& id, int lines, const std::function<void(std::string_view)>& sink, const CallLimits& limits) override;
  ExecOutcome exec(const std::string& id, const std::vector<std::string>& command, const CallLimits& limits) override;

 private:
  [[nodiscard]] PortCall asks(const std::string& method, const std::string& subject) const;
  [[nodiscard]] PortCall changes(const std::string& method, const std::string& subject) const;
  [[nodiscard]] std::string name_of(const std::string& id);

  std::shared_ptr<Process> process_;
  std::string host_;
  Engine& engine_;
};

class ProcessFleet final : public Fleet {
 public:
  ProcessFleet(std::shared_ptr<Process> process, Fleet& fleet) : process_(std::move(process)), fleet_(fleet) {}
  Engine& engine(const Host& host) override;

 private:
  std::shared_ptr<Process> process_;
  Fleet& fleet_;
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<ProcessEngine>> engines_;
};

}  // namespace deploy::simulation
