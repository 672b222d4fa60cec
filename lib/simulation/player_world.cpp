// What happens to the world by itself, and how everything is mended in the end.
#include "simulation/incident.hpp"
#include "simulation/player.hpp"

namespace deploy::simulation {

namespace {
using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kQuiet{600'000};
constexpr std::int64_t kDisk = 50'000'000'000;

}  // namespace

void Player::happen(const Action& action) {
  const auto touched = [this](const std::string& host) { stage_.oracle.touched(host); };
  simulation::happen({stage_.config, stage_.clock, stage_.faults, stage_.registry, stage_.fleet, shipped_, touched}, action, stage_.host(action.host));
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
    static_cast<void>(deployer.resume());
    if (stage_.oracle.changes() != changes) stage_.oracle.report(6, "the second resume has changed a host");
    if (stage_.store.head().seq != entries) stage_.oracle.report(6, "the second resume has written to the ledger");
  } catch (const Error& error) {
    if (error.code() == ErrorCode::unsupported) throw;
    stage_.oracle.report(6, std::string("resume could not be carried out though everything works again: ") + error.what());
  }
}

}  // namespace deploy::simulation
