#include "probe/finding.hpp"

namespace deploy::probe {

namespace {
constexpr const char* kCouldNotResolve = "6";  // CURLE_COULDNT_RESOLVE_HOST, as lib/http puts it into the detail `curl`

std::string detail(const Error& error, const std::string& name) {
  const auto it = error.details().find(name);
  return it == error.details().end() ? "" : it->second;
}

/// Directly, a connection that cannot be made or is closed is the service's doing. Through a host, one that was never
/// open, or that went down with words of the tunnel, is not.
bool is_the_services_fault(const Error& error, Asked asked) {
  if (error.area() != "probe") return false;
  if (asked == Asked::service) return detail(error, "curl") != kCouldNotResolve;
  if (asked != Asked::service_through_host || error.code() == ErrorCode::unreachable) return false;
  return error.code() != ErrorCode::connection_lost || detail(error, "stderr").empty();
}
/// For a question whose effect nobody cares about, in the words of somebody who looks after a service.
std::string in_words(const Error& error) {
  if (error.code() == ErrorCode::connection_lost) return "connected, and closed without an answer: does the application listen at the container's port?";
  return error.what();
}

}  // namespace

Finding judge(const Error& error, Asked asked) {
  const bool of_engine = asked == Asked::engine_exec || asked == Asked::engine_state;
  switch (error.code()) {
    case ErrorCode::cancelled: throw error;
    case ErrorCode::timeout: return asked == Asked::engine_state ? unknown(error.what()) : failure(error.what());
    case ErrorCode::refused: return failure(error.what());
    case ErrorCode::unreachable:
    case ErrorCode::connection_lost:
    case ErrorCode::unauthorized:
    case ErrorCode::protocol: return is_the_services_fault(error, asked) ? failure(in_words(error)) : unknown(error.what());
    case ErrorCode::not_found:
    case ErrorCode::conflict: return of_engine ? failure(error.what()) : unknown(error.what());
    case ErrorCode::invalid_argument:
    case ErrorCode::invalid_config:
    case ErrorCode::already_exists:
    case ErrorCode::host_key_unknown:
    case ErrorCode::host_key_changed:
    case ErrorCode::tag_moved:
    case ErrorCode::lease_held:
    case ErrorCode::fenced:
    case ErrorCode::corrupt:
    case ErrorCode::io:
    case ErrorCode::unsupported:
    case ErrorCode::no_rollback_target:
    case ErrorCode::internal: break;
  }
  return unknown(error.what());
}

}  // namespace deploy::probe
