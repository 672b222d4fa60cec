// One probe by itself: the prober of services and the arithmetic of verdicts, without an Engine.
#include <fmt/format.h>

#include <algorithm>

#include "deploy/error.hpp"
#include "deployer_adapters.hpp"
#include "probe/prober.hpp"
#include "promotion/probe_tracker.hpp"

namespace deploy {

namespace {
using std::chrono::milliseconds;

class NoFleet final : public Fleet {
 public:
  Engine& engine(const Host& host) override { throw Error(ErrorCode::unsupported, "probe", "a probe that is run by itself has no Engine to ask", {{"host", host.url()}}); }
};

/// As a host that is asked from the controller.
Host host_at(const std::string& address) {
  const bool bare_ipv6 = address.find(':') != std::string::npos && !address.starts_with('[');
  return Host::parse(fmt::format("tcp://{}:1", bare_ipv6 ? "[" + address + "]" : address));
}

void check_kind(const HealthProbe& probe) {
  if (std::holds_alternative<HttpCheck>(probe.check) || std::holds_alternative<TcpCheck>(probe.check)) return;
  throw Error(ErrorCode::unsupported, "probe", fmt::format("a probe of kind {} asks an Engine about a container; by itself only http and tcp can be run", kind_of(probe)));
}

void keep(ProbeReport& report, const ProbeTry& found) {
  if (report.tries.size() == kProbeTraceLimit) report.tries.erase(report.tries.begin());
  report.tries.push_back(found);
}

void stop_if(const std::stop_token& stop) {
  if (stop.stop_requested()) throw Error(ErrorCode::cancelled, "probe", "stopped on request while probing");
}
}  // namespace

ProbeReport run_probe(const HealthProbe& given, const std::string& address, const std::function<void(const ProbeTry&)>& on_try, const std::stop_token& stop) {
  check_kind(given);
  HealthProbe probe = given;
  probe.from = ProbeFrom::controller;
  const ProbeTarget target{host_at(address), ""};
  NoFleet fleet;
  const auto prober = open_prober(fleet, {});
  const auto clock = make_system_clock();
  const milliseconds began = clock->elapsed();
  ProbeTracker tracker(probe, began);
  ProbeReport report;
  for (;;) {
    stop_if(stop);
    probe.timeout = std::max(milliseconds{1}, std::min(tracker.time_left(clock->elapsed()), given.timeout));
    const TimePoint time = clock->now();
    ProbeTry found = prober->attempt(probe, target, {probe.timeout, stop});
    found.time = time;
    tracker.record(found.answer, clock->elapsed());
    keep(report, found);
    if (on_try) on_try(found);
    const milliseconds now = clock->elapsed();
    if (const auto verdict = tracker.verdict(now)) {
      report.verdict = *verdict;
      report.reason = tracker.reason(now) + (*verdict == Verdict::healthy ? "" : "; the last one: " + found.detail);
      report.waited = now - began;
      return report;
    }
    clock->sleep(tracker.next_delay(now), stop);
  }
}

}  // namespace deploy
