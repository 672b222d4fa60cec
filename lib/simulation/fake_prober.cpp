#include "simulation/fake_prober.hpp"

#include <algorithm>
#include <variant>

#include "deploy/error.hpp"

namespace deploy::simulation {

namespace {
using std::chrono::milliseconds;

constexpr milliseconds kRefusal{1};  // a closed port says so at once

struct Attempt {
  const HealthProbe& probe;
  const ProbeTarget& target;
  const CallLimits& limits;
  FakeFleet& fleet;
  VirtualClock& clock;

  ProbeTry finish(ProbeAnswer answer, milliseconds latency, const std::string& detail) const {
    const milliseconds spent = std::min(latency, probe.timeout);
    clock.sleep(spent, limits.stop);
    if (limits.stop.stop_requested()) throw Error(ErrorCode::cancelled, "probe", "the probe was cancelled", {{"host", target.host.url()}});
    if (latency >= probe.timeout) return {{}, spent, ProbeAnswer::failure, "no answer within " + std::to_string(spent.count()) + " ms"};
    return {{}, spent, answer, detail};
  }

  /// Whatever listens at `port`; `judge` says what its answer means.
  template <class Judge>
  ProbeTry connect(std::uint16_t port, Judge judge) const {
    FakeMachine& machine = fleet.machine(target.host);
    const auto container = machine.serving(port);
    if (!container && machine.is_occupied(port)) return judge(AppReply{AppReply::Kind::answered, 404, "another program"}, kRefusal);
    const AppReply answer = container ? reply(*container, machine.moment()) : AppReply{};
    if (answer.kind == AppReply::Kind::refused) return finish(ProbeAnswer::failure, kRefusal, "connection refused");
    return judge(answer, container->app.latency);
  }

  ProbeTry operator()(const HttpCheck& check) const {
    return connect(check.port, [&](const AppReply& answer, milliseconds latency) {
      if (answer.kind == AppReply::Kind::hangs) return finish(ProbeAnswer::failure, probe.timeout, "");
      const bool status = std::find(check.status.begin(), check.status.end(), answer.status) != check.status.end();
      const bool body = !check.body || answer.body.find(*check.body) != std::string::npos;
      const std::string found = std::to_string(answer.status) + ": " + answer.body;
      return finish(status && body ? ProbeAnswer::success : ProbeAnswer::failure, latency, found);
    });
  }

  ProbeTry operator()(const TcpCheck& check) const {
    return connect(check.port, [&](const AppReply&, milliseconds latency) { return finish(ProbeAnswer::success, latency, "connected"); });
  }

  ProbeTry operator()(const ExecCheck& check) const {
    const auto container = fleet.machine(target.host).find(target.container);
    if (!container || !container->info.running()) return finish(ProbeAnswer::failure, kRefusal, "the container is not running");
    try {
      const ExecOutcome outcome = fleet.engine(target.host).exec(target.container, check.command, {probe.timeout, limits.stop});
      return finish(outcome.exit_code == 0 ? ProbeAnswer::success : ProbeAnswer::failure, container->app.latency, "exit code " + std::to_string(outcome.exit_code));
    } catch (const Error& error) {
      if (error.code() == ErrorCode::timeout) return {{}, probe.timeout, ProbeAnswer::failure, error.what()};
      throw;
    }
  }

  ProbeTry operator()(const EngineCheck&) const {
    const auto container = fleet.engine(target.host).inspect(target.container, {probe.timeout, limits.stop});
    if (!container) return finish(ProbeAnswer::failure, kRefusal, "no such container");
    const bool well = container->running() && container->health == EngineHealth::healthy;
    return finish(well ? ProbeAnswer::success : ProbeAnswer::failure, kRefusal, well ? "healthy" : "not healthy: " + container->health_log);
  }
};
}  // namespace

ProbeTry FakeProber::attempt(const HealthProbe& probe, const ProbeTarget& target, const CallLimits& limits) {
  if (!fleet_.machine(target.host).engine_up()) return {{}, milliseconds{0}, ProbeAnswer::unknown, "cannot connect to " + target.host.url()};
  return std::visit(Attempt{probe, target, limits, fleet_, clock_}, probe.check);
}

}  // namespace deploy::simulation
