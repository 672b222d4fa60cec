#include "probe/prober.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "probe/addresses.hpp"
#include "probe/engine_probe.hpp"
#include "probe/http_probe.hpp"
#include "probe/tcp_probe.hpp"
#include "support/time_budget.hpp"

namespace deploy {

namespace probe {
std::string Route::authority() const {
  return (address.find(':') == std::string::npos ? address : "[" + address + "]") + ":" + std::to_string(port);
}

std::string Route::name() const { return through.empty() ? authority() : authority() + " on " + through; }
}  // namespace probe

namespace {
using probe::Asked;
using probe::Finding;
using probe::Route;
using std::chrono::milliseconds;

class ServiceProber final : public Prober {
 public:
  ServiceProber(Fleet& fleet, CarrierFactory carriers) : fleet_(fleet), carriers_(std::move(carriers)), addresses_(fleet) {}

  ProbeTry attempt(const HealthProbe& probe, const ProbeTarget& target, const CallLimits& limits) override {
    const auto begin = SteadyClock::now();
    CallLimits bounded = limits;
    bounded.timeout = std::min(limits.timeout, probe.timeout);
    const Finding found = std::visit([&](const auto& check) { return guarded(check, probe.from, target, bounded); }, probe.check);
    const auto latency = std::chrono::duration_cast<milliseconds>(SteadyClock::now() - begin);
    const bool good = found.answer == ProbeAnswer::success;
    return {TimePoint{}, latency, found.answer, good ? fmt::format("{} in {} ms", found.detail, latency.count()) : found.detail};
  }

 private:
  static Asked asked(const HttpCheck&, bool through_host) { return through_host ? Asked::service_through_host : Asked::service; }
  static Asked asked(const TcpCheck&, bool through_host) { return through_host ? Asked::service_through_host : Asked::service; }
  static Asked asked(const ExecCheck&, bool) { return Asked::engine_exec; }
  static Asked asked(const EngineCheck&, bool) { return Asked::engine_state; }

  template <class Check>
  Finding guarded(const Check& check, ProbeFrom from, const ProbeTarget& target, const CallLimits& limits) {
    try {
      return ask(check, from, target, TimeBudget(limits));
    } catch (const Error& error) {
      return probe::judge(error, asked(check, through_host(from, target.host)));
    }
  }

  Finding ask(const HttpCheck& check, ProbeFrom from, const ProbeTarget& target, const TimeBudget& time) {
    const Route route = route_to(from, target, check.port, time);
    return probe::try_http(check, route, time.rest("probe", route.name()));
  }

  Finding ask(const TcpCheck& check, ProbeFrom from, const ProbeTarget& target, const TimeBudget& time) {
    const Route route = route_to(from, target, check.port, time);
    return probe::try_tcp(route, time.rest("probe", route.name()));
  }

  Finding ask(const ExecCheck& check, ProbeFrom, const ProbeTarget& target, const TimeBudget& time) {
    return probe::try_exec(check, fleet_.engine(target.host), target.container, time.rest("probe", "exec"));
  }

  Finding ask(const EngineCheck&, ProbeFrom, const ProbeTarget& target, const TimeBudget& time) {
    return probe::try_engine(fleet_.engine(target.host), target.container, time.rest("probe", "engine"));
  }

  static bool through_host(ProbeFrom from, const Host& host) { return from == ProbeFrom::host && host.kind() == HostKind::ssh; }

  Route route_to(ProbeFrom from, const ProbeTarget& target, std::uint16_t port, const TimeBudget& time) {
    const Host& host = target.host;
    if (from == ProbeFrom::controller || host.kind() == HostKind::tcp) return {host.name(), port, "", nullptr};
    const std::string address = addresses_.of(target, port, time.rest("probe", host.url()));
    if (!through_host(from, host)) return {address, port, "", nullptr};
    return {address, port, host.url(), carriers_(host, address, port)};
  }

  Fleet& fleet_;
  CarrierFactory carriers_;
  probe::Addresses addresses_;
};
}  // namespace

std::unique_ptr<Prober> open_prober(Fleet& fleet, CarrierFactory carriers) {
  return std::make_unique<ServiceProber>(fleet, std::move(carriers));
}

}  // namespace deploy
