// What containers say, and commands run inside them. Contracts as of the Engine port's methods of the same names.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "deploy/ports/engine.hpp"
#include "docker/connection.hpp"

namespace deploy::docker {

/// At most kLogLimit bytes, the newest.
[[nodiscard]] std::string logs(Connection& engine, const std::string& id, int lines, const CallLimits& limits);
void follow_logs(Connection& engine, const std::string& id, int lines, const std::function<void(std::string_view)>& sink, const CallLimits& limits);
/// At most kExecLimit bytes of output, the newest.
[[nodiscard]] ExecOutcome exec(Connection& engine, const std::string& id, const std::vector<std::string>& command, const CallLimits& limits);

inline constexpr std::size_t kLogLimit = 1u << 20;
inline constexpr std::size_t kExecLimit = 1u << 20;

}  // namespace deploy::docker
