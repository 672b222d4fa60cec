#include "deploy/health_probe.hpp"


namespace deploy {

namespace {
struct KindOf {
  std::string_view operator()(const HttpCheck&) const { return "http"; }
  std::string_view operator()(const TcpCheck&) const { return "tcp"; }
  std::string_view operator()(const ExecCheck&) const { return "exec"; }
  std::string_view operator()(const EngineCheck&) const { return "engine"; }
};
}  // namespace

std::string_view kind_of(const HealthProbe& probe) { return std::visit(KindOf{}, probe.check); }

std::string_view to_string(ProbeFrom from) {
  switch (from) {
    case ProbeFrom::host: return "host";
    case ProbeFrom::controller: return "controller";
  }
  return "host";
}

std::string_view to_string(ProbeAnswer answer) {
  switch (answer) {
    case ProbeAnswer::success: return "success";
    case ProbeAnswer::failure: return "failure";
    case ProbeAnswer::unknown: return "unknown";
  }
  return "unknown";
}

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::healthy: return "healthy";
    case Verdict::unhealthy: return "unhealthy";
    case Verdict::unknown: return "unknown";
  }
  return "unknown";
}

}  // namespace deploy
