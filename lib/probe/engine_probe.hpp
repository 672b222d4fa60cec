// Tries that ask the Engine: a command in the container, and the image's own HEALTHCHECK.
#pragma once

#include "deploy/ports/engine.hpp"
#include "probe/finding.hpp"

namespace deploy::probe {

/// Both throw deploy::Error for what kept them from an answer.
[[nodiscard]] Finding try_exec(const ExecCheck& check, Engine& engine, const std::string& container, const CallLimits& limits);
[[nodiscard]] Finding try_engine(Engine& engine, const std::string& container, const CallLimits& limits);

/// What the Engine's word about a container means. Pure.
[[nodiscard]] Finding judge_health(const ContainerInfo& container);

}  // namespace deploy::probe
