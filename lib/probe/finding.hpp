// What one try found, and what an error of one means.
#pragma once

#include <string>

#include "deploy/error.hpp"
#include "deploy/health_probe.hpp"

namespace deploy::probe {

struct Finding {
  ProbeAnswer answer = ProbeAnswer::unknown;
  std::string detail;
  bool operator==(const Finding&) const = default;
};

[[nodiscard]] inline Finding success(std::string detail) { return {ProbeAnswer::success, std::move(detail)}; }
[[nodiscard]] inline Finding failure(std::string detail) { return {ProbeAnswer::failure, std::move(detail)}; }
[[nodiscard]] inline Finding unknown(std::string detail) { return {ProbeAnswer::unknown, std::move(detail)}; }

/// What is asked: the service itself, directly or by a stream through its host; the Engine to run a command, or for what it knows.
enum class Asked { service, service_through_host, engine_exec, engine_state };

/// Whose fault was it? Errors of area "probe" come from the connection to the service, others from the way there.
/// Error{cancelled} is thrown on.
[[nodiscard]] Finding judge(const Error& error, Asked asked);

}  // namespace deploy::probe
