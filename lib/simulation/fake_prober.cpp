#include "simulation/fake_prober.hpp"

#include <algorithm>
#include <string>
#include <variant>

#include "deploy/error.hpp"
#include "probe/engine_probe.hpp"
#include "probe/expectation.hpp"
#include "probe/finding.hpp"

namespace deploy::simulation {

namespace {
using probe::Asked;
using probe::Finding;
using std::chrono::milliseconds;

constexpr milliseconds kRefusal{1};  // a closed port says so at once

// One try. What an answer means is decided by the code that decides it for real services.
struct Attempt {
  const ProbeTarget& target;
  const CallLimits& limits;
  FakeFleet& fleet;
  VirtualClock& clock;

  Finding operator()(const HttpCheck& check) const {
    return connect(check.port, [&](const AppReply& answer) {
      if (const auto wrong = probe::mismatch(check, answer.status, answer.body)) return probe::failure(*wrong);
      return probe::success(std::to_string(answer.status));
    });
  }

  Finding operator()(const TcpCheck& check) const {
    return connect(check.port, [](const AppReply&) { return probe::success("connected"); }, true);
  }

  Finding operator()(const ExecCheck& check) const {
    try {
      return probe::try_exec(check, fleet.engine(target.host), target.container, limits);
    } catch (const Error& error) {
      return probe::judge(error, Asked::engine_exec);
    }
  }

  Finding operator()(const EngineCheck&) const {
    try {
      return probe::try_engine(fleet.engine(target.host), target.container, limits);
    } catch (const Error& error) {
      return probe::judge(error, Asked::engine_state);
    }
  }

  /// Whatever listens at `port`; a connection is made even where no answer follows.
  template <class Judge>
  Finding connect(std::uint16_t port, Judge judge, bool connection_suffices = false) const {
    FakeMachine& machine = fleet.machine(target.host);
    if (!machine.engine_up()) return probe::unknown("cannot connect to " + target.host.url());
    const auto container = machine.serving(port);
    if (!container && machine.is_occupied(port)) return spend(kRefusal), judge(AppReply{AppReply::Kind::answered, 404, "another program"});
    const AppReply answer = container ? reply(*container, machine.moment()) : AppReply{};
    if (answer.kind == AppReply::Kind::refused) return spend(kRefusal), probe::failure("connection refused");
    const bool silent = answer.kind == AppReply::Kind::hangs || container->app.latency >= limits.timeout;
    if (silent && !connection_suffices) return spend(limits.timeout), probe::failure("no answer within " + to_string(limits.timeout));
    return spend(std::min(container->app.latency, limits.timeout)), judge(answer);
  }

  void spend(milliseconds duration) const {
    clock.sleep(duration, limits.stop);
    if (limits.stop.stop_requested()) throw Error(ErrorCode::cancelled, "probe", "the probe was cancelled", {{"host", target.host.url()}});
  }
};
}  // namespace

ProbeTry FakeProber::attempt(const HealthProbe& probe, const ProbeTarget& target, const CallLimits& limits) {
  const milliseconds begin = clock_.elapsed();
  const CallLimits bounded{std::min(limits.timeout, probe.timeout), limits.stop};
  const Finding found = std::visit(Attempt{target, bounded, fleet_, clock_}, probe.check);
  const milliseconds latency = clock_.elapsed() - begin;
  const bool good = found.answer == ProbeAnswer::success;
  return {TimePoint{}, latency, found.answer, good ? found.detail + " in " + std::to_string(latency.count()) + " ms" : found.detail};
}

}  // namespace deploy::simulation
