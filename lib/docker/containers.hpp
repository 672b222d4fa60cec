// Containers of one Engine. The contract of each function is that of the Engine port's method of the same name.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "deploy/ports/engine.hpp"
#include "docker/connection.hpp"

namespace deploy::docker {

/// A container that cannot be joined to all of its networks is removed again.
std::string create(Connection& engine, const ContainerRequest& request, const CallLimits& limits);
void start(Connection& engine, const std::string& id, const CallLimits& limits);
/// Waits for the answer as long as `limits` says, beyond `grace`.
void stop(Connection& engine, const std::string& id, std::chrono::milliseconds grace, const CallLimits& limits);
void rename(Connection& engine, const std::string& id, const std::string& name, const CallLimits& limits);
void set_restart_policy(Connection& engine, const std::string& id, const std::string& policy, const CallLimits& limits);
void remove(Connection& engine, const std::string& id, const CallLimits& limits);
[[nodiscard]] std::optional<ContainerInfo> inspect(Connection& engine, const std::string& id_or_name, const CallLimits& limits);
[[nodiscard]] std::vector<ContainerInfo> list(Connection& engine, const std::map<std::string, std::string>& labels, const CallLimits& limits);
[[nodiscard]] std::vector<ContainerInfo> list_publishing(Connection& engine, const std::vector<PortBinding>& ports, const CallLimits& limits);

}  // namespace deploy::docker
