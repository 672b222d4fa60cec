// What happens to the world by itself, and how everything is mended in the end.
#include <variant>

#include "simulation/player.hpp"

namespace deploy::simulation {

namespace {
using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kDown{20'000}, kQuiet{600'000};
constexpr std::int64_t kDisk = 50'000'000'000;

std::uint16_t port_of(const Environment& env) {
  if (const auto* http = std::get_if<HttpCheck>(&env.probe.check)) return http->port;
  if (const auto* tcp = std::get_if<TcpCheck>(&env.probe.check)) return tcp->port;
  return env.container.ports.empty() ? std::uint16_t{0} : env.container.ports.front().host_first;
}
}  // namespace

void Player::happen(const Action& action) {
  const Host& host = stage_.host(action.host);
  FakeMachine& machine = stage_.fleet.machine(host);
  const Environment* env = stage_.config.find_environment(action.environment);
  const auto live = env != nullptr ? machine.find(env->container.name) : std::nullopt;
  const auto shipped = shipped_.find(action.release);
  switch (action.verb) {
    case Verb::cut: return stage_.faults.cut(host.url());
    case Verb::mend: return stage_.faults.mend(host.url());
    case Verb::jump: return stage_.clock.jump(action.duration);
    case Verb::registry_down: return stage_.registry.fail_with(ErrorCode::unreachable);
    case Verb::registry_up: return stage_.registry.mend();
    case Verb::fill_disk: return machine.set_free_disk(1'000'000);
    case Verb::free_disk: return machine.set_free_disk(kDisk);
    case Verb::vacate:
      if (env != nullptr) machine.vacate(port_of(*env));
      return;
    case Verb::move_tag:
      if (shipped != shipped_.end()) stage_.registry.point(stage_.config.image.repository.name(), image(action.release).tag().value(), shipped_.begin()->second);
      return;
    case Verb::erase:
      if (shipped != shipped_.end()) stage_.registry.erase(shipped->second);
      return;
    default: break;
  }
  stage_.oracle.touched(host.url());
  switch (action.verb) {
    case Verb::reboot:
      if (machine.engine_up()) machine.reboot(kDown);
      return;
    case Verb::restart_engine:
      if (machine.engine_up()) machine.restart_engine();
      return;
    case Verb::occupy:
      if (env != nullptr) machine.occupy(port_of(*env));
      return;
    case Verb::stop_by_hand:
      if (live && machine.engine_up()) machine.stop(live->info.id, 0ms, 0ms);
      return;
    case Verb::remove_by_hand:
      if (live && machine.engine_up()) machine.remove(live->info.id);
      return;
    default: return;
  }
}

void Player::mend_all() {
  stage_.registry.mend();
  for (const Environment& env : stage_.config.environments)
    for (const Host& host : env.hosts) {
      FakeMachine& machine = stage_.fleet.machine(host);
      stage_.faults.mend(host.url());
      machine.set_free_disk(kDisk);
      machine.vacate(port_of(env));
    }
  stage_.clock.advance(kQuiet);  // hosts are up again, leases have lapsed
}

/// Promise 6: whatever happened, once everything works again one `resume` ends it, and a second one finds nothing to do.
void Player::finish_all() {
  mend_all();
  Action resume;
  resume.verb = Verb::resume;
  resume.actor = "mechanic";
  resume.machine = "workshop";
  Deployer& deployer = *stage_.controller(resume.actor, resume.machine).deployer;
  try {
    tell(resume, carry_out(resume, deployer));
    for (const Environment& env : stage_.config.environments)
      if (!stage_.oracle.facts(env.name).open.empty()) stage_.oracle.report(6, "after resume a deployment to " + env.name + " is unfinished still");
    stage_.oracle.check_settled();
    const std::int64_t changes = stage_.oracle.changes(), entries = stage_.store.head().seq;
    const bool unfinished = !deployer.resume().empty();
    if (stage_.oracle.changes() != changes) stage_.oracle.report(6, "the second resume has changed a host");
    if (stage_.store.head().seq != entries || unfinished) stage_.oracle.report(6, "the second resume has written to the ledger");
    deployer.ledger_verify();
  } catch (const Error& error) {
    if (error.code() == ErrorCode::unsupported) throw;
    stage_.oracle.report(6, std::string("resume could not be carried out though everything works again: ") + error.what());
  }
}

}  // namespace deploy::simulation
