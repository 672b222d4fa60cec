#include "probe/engine_probe.hpp"

#include <fmt/format.h>

#include "support/one_line.hpp"

namespace deploy::probe {

namespace {
constexpr std::size_t kShownBytes = 200;
}

Finding try_exec(const ExecCheck& check, Engine& engine, const std::string& container, const CallLimits& limits) {
  const ExecOutcome outcome = engine.exec(container, check.command, limits);
  if (outcome.exit_code == 0) return success("exit 0");
  return failure(fmt::format("exit {}, expected 0: {}", outcome.exit_code, one_line(outcome.output, kShownBytes)));
}

Finding judge_health(const ContainerInfo& container) {
  if (!container.running())
    return failure(fmt::format("the container is {} (exit code {}){}", to_string(container.status), container.exit_code,
                               container.oom_killed ? ", killed for lack of memory" : ""));
  switch (container.health) {
    case EngineHealth::healthy: return success("healthy");
    case EngineHealth::starting: return failure("the engine's health check is still starting");
    case EngineHealth::unhealthy: return failure("the engine's health check says unhealthy: " + one_line(container.health_log, kShownBytes));
    case EngineHealth::none:
      return failure("the image has no HEALTHCHECK for the engine to run; give the image one, or the environment an http, tcp or exec probe");
  }
  return unknown("the engine reports no known health");
}

Finding try_engine(Engine& engine, const std::string& container, const CallLimits& limits) {
  const auto found = engine.inspect(container, limits);
  return found ? judge_health(*found) : failure("there is no such container");
}

}  // namespace deploy::probe
