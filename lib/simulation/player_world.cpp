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
    check_git_tags(deployer);
    const std::int64_t changes = stage_.oracle.changes(), entries = stage_.store.head().seq;
    static_cast<void>(deployer.resume());
    if (stage_.oracle.changes() != changes) stage_.oracle.report(6, "the second resume has changed a host");
    if (stage_.store.head().seq != entries) stage_.oracle.report(6, "the second resume has written to the ledger");
  } catch (const Error& error) {
    if (error.code() == ErrorCode::unsupported) throw;
    stage_.oracle.report(6, std::string("resume could not be carried out though everything works again: ") + error.what());
  }
}

/// Promise 8 for the remote repository: a tag says "verified there", of that very commit; and what was verified last and needs nothing
/// more to be done has one.
void Player::check_git_tags(Deployer& deployer) {
  const auto& git = stage_.config.git;
  if (!git) return;
  const EnvironmentFacts& facts = stage_.oracle.facts(git->after);
  const auto history = deployer.history(git->after);
  for (const Release& release : deployer.releases()) {
    const std::string name = expand(git->tag, {release.version.str(), std::to_string(release.build), release.commit, git->after});
    const auto tag = stage_.source.find_tag(name, git->push, {});
    if (tag && (facts.find_verified(release.digest.str()) == nullptr || tag->commit != release.commit))
      stage_.oracle.report(8, "the git tag " + name + " is there though " + release.version.str() + ", built from " + release.commit + ", was not verified in " + git->after);
    const bool due = !history.empty() && history.front().outcome == Outcome::succeeded && history.front().kind == "promotion" && history.front().unfinished.empty() &&
                     history.front().digest == release.digest.str() && !release.commit.empty();
    if (due && !tag) stage_.oracle.report(8, release.version.str() + " was verified in " + git->after + " with nothing left to do, but there is no git tag " + name);
  }
}

}  // namespace deploy::simulation
