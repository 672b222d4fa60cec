// Every gate: when it allows, when it denies, and that each denial says what would open it.
#include "promotion/gates.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

#include "promotion/freeze_window.hpp"
#include "promotion/policy.hpp"

using namespace deploy;
using namespace std::chrono_literals;

namespace {
const TimePoint kNow = parse_rfc3339("2026-11-24T12:00:00.000Z");  // a Tuesday

Release make_release(const std::string& version, char digit) {
  Release out;
  out.version = Version::parse(version);
  out.digest = Digest::parse("sha256:" + std::string(64, digit));
  out.image = ImageReference::parse("registry.test/acme/app").with_digest(out.digest);
  out.creator = "builder";
  return out;
}

LiveVersion as_live(const Release& release) { return {release.version.str(), release.digest.str()}; }

/// staging before production; 1.0.2 has been verified in staging for two hours and is live there; production runs 1.0.1. Every gate allows.
struct Case {
  Case() {
    Environment staging, production;
    staging.name = "staging";
    production.name = "production";
    production.after = "staging";
    config.environments = {staging, production};
    state.releases = {older, release};
    state.environments["staging"].verified = {{release.digest.str(), "1.0.2", kNow - 2h, kNow - 1h, 10}};
    state.environments["staging"].live = as_live(release);
    state.environments["production"].live = as_live(older);
  }

  Environment& production() { return config.environments.back(); }
  EnvironmentState& staging() { return state.environments["staging"]; }
  std::vector<GateAnswer> ask() const { return ask_gates({config, config.environments.back(), release, state, "ci", kNow, allow_downgrade, available, may_renew, trouble}); }
  GateAnswer answer(const std::string& gate) const {
    const auto all = ask();
    const auto it = std::find_if(all.begin(), all.end(), [&](const GateAnswer& a) { return a.gate == gate; });
    REQUIRE_MESSAGE(it != all.end(), "there is no gate ", gate);
    return *it;
  }

  Release older = make_release("1.0.1", 'a'), release = make_release("1.0.2", 'b');
  Config config;
  State state;
  bool allow_downgrade = false, may_renew = false;
  std::optional<bool> available = true;
  std::string trouble;
};

struct Denial {
  const char* name;
  const char* gate;
  std::function<void(Case&)> arrange;
  const char* opener;                 ///< what the reason has to name
  std::optional<TimePoint> opens{};   ///< when it opens by itself
};

void ask_for_approval(Case& c) {
  c.production().approval.emplace();
  c.production().approval->approvers = {"ann", "ben"};
}

void open_deployment(Case& c) {
  c.state.environments["production"].open["d1"].id = "d1";
  c.state.environments["production"].open_order = {"d1"};
}

void too_old(Case& c) { c.production().max_age = 30min; }

const std::vector<Denial>& denials() {
  static const std::vector<Denial> all{
      {"an interrupted deployment", "interrupted", open_deployment, "'deployctl resume production'"},
      {"never verified upstream", "upstream_verified", [](Case& c) { c.staging().verified.clear(); }, "promote it there first"},
      {"upstream held", "upstream_settled", [](Case& c) { c.production().stop_the_line = true; c.staging().last_outcome = Outcome::held; }, "'deployctl rollback staging' that succeeds opens it"},
      {"upstream stranded", "upstream_settled", [](Case& c) { c.production().stop_the_line = true; c.staging().last_outcome = Outcome::stranded; }, "ended stranded"},
      {"soaking", "soak", [](Case& c) { c.production().soak = 3h; }, "opens at 2026-11-24T13:00:00.000Z", kNow + 1h},
      {"soak that has not begun", "soak", [](Case& c) { c.production().soak = 3h; c.staging().verified.clear(); }, "promote it there first"},
      {"old evidence", "evidence_age", too_old, "'deployctl promote' probes it there again"},
      {"old evidence of what is gone", "evidence_age", [](Case& c) { too_old(c); c.may_renew = true; c.staging().live = as_live(c.older); }, "1.0.1 is live there now; promote 1.0.2 to staging again"},
      {"old evidence of what is broken", "evidence_age", [](Case& c) { too_old(c); c.may_renew = true; c.trouble = "unhealthy: 503"; }, "unhealthy: 503; mend staging"},
      {"no evidence", "evidence_age", [](Case& c) { too_old(c); c.staging().verified.clear(); }, "promote it there first"},
      {"nobody has approved", "approval", ask_for_approval, "may approve: ann, ben"},
      {"denied", "approval", [](Case& c) { ask_for_approval(c); c.state.environments["production"].decisions = {{false, c.release.digest.str(), policy_hash(c.production()), "ann", "", kNow}}; },
       "their own 'approve' withdraws it"},
      {"frozen", "freeze", [](Case& c) { c.state.environments["production"].frozen = true; }, "'deployctl unfreeze production' opens it"},
      {"line stopped", "freeze_all", [](Case& c) { c.state.environments[std::string(kEveryEnvironment)].frozen = true; }, "'deployctl unfreeze --all' opens it"},
      {"in a freeze window", "freeze_window", [](Case& c) { c.production().freeze = {{parse_week_minute("Mon 16:00"), parse_week_minute("Wed 08:00"), "Mon 16:00", "Wed 08:00", "UTC"}}; },
       "it opens by itself then", parse_rfc3339("2026-11-25T08:00:00.000Z")},
      {"in windows without a gap", "freeze_window",
       [](Case& c) { c.production().freeze = {{0, parse_week_minute("Thu 00:00"), "Mon 00:00", "Thu 00:00", "UTC"}, {parse_week_minute("Thu 00:00"), 0, "Thu 00:00", "Mon 00:00", "UTC"}}; },
       "shorten one in the configuration"},
      {"quarantined", "quarantine", [](Case& c) { c.state.quarantined[c.release.digest.str()] = {"1.0.2", "it failed", "ci", kNow}; }, "'deployctl quarantine lift sha256:bbb"},
      {"a downgrade", "downgrade", [](Case& c) { c.state.environments["production"].live = LiveVersion{"1.0.3", "sha256:" + std::string(64, 'c')}; }, "'--allow-downgrade' insists"},
      {"gone from the registry", "digest_available", [](Case& c) { c.available = false; }, "push that image again"},
  };
  return all;
}
}  // namespace

TEST_CASE("a release for which everything speaks is allowed by every gate") {
  const Case world;
  for (const GateAnswer& gate : world.ask()) {
    CHECK_MESSAGE(gate.allowed, gate.gate, ": ", gate.reason);
    CHECK_FALSE(gate.reason.empty());
    CHECK_FALSE(gate.opens.has_value());
  }
}

TEST_CASE("every denial says what would open it, and when it opens by itself") {
  for (const Denial& denial : denials()) {
    CAPTURE(denial.name);
    Case world;
    denial.arrange(world);
    const GateAnswer answer = world.answer(denial.gate);
    CHECK_FALSE(answer.allowed);
    CHECK_MESSAGE(answer.reason.find(denial.opener) != std::string::npos, answer.reason);
    CHECK(answer.opens == denial.opens);
  }
}

TEST_CASE("no gate is without a case in which it denies") {
  for (const GateAnswer& gate : Case().ask())
    CHECK_MESSAGE(std::any_of(denials().begin(), denials().end(), [&](const Denial& d) { return d.gate == gate.gate; }), gate.gate);
}

TEST_CASE("evidence that is too old is good enough for a plan, which says that it would be probed again") {
  Case world;
  too_old(world);
  world.may_renew = true;
  const GateAnswer answer = world.answer("evidence_age");
  CHECK(answer.allowed);
  CHECK(answer.reason.find("probed there again before anything is changed") != std::string::npos);
}

TEST_CASE("evidence counts from the last time that it was verified, the soak from the first") {
  Case world;
  world.production().max_age = 90min;
  world.production().soak = 100min;
  CHECK(world.answer("evidence_age").allowed);
  CHECK(world.answer("soak").allowed);
}

TEST_CASE("trouble upstream stops only what asks to be stopped by it, and only trouble that needs a person") {
  Case world;
  world.staging().last_outcome = Outcome::held;
  CHECK(world.answer("upstream_settled").allowed);
  world.production().stop_the_line = true;
  world.staging().last_outcome = Outcome::rolled_back;
  CHECK(world.answer("upstream_settled").allowed);
}

TEST_CASE("a configuration that allows downgrades does not allow one across a release that is marked") {
  Case world;
  world.production().allow_downgrade = true;
  Release newer = make_release("1.0.3", 'c');
  world.state.releases.push_back(newer);
  world.state.environments["production"].live = as_live(newer);
  CHECK(world.answer("downgrade").allowed);
  world.state.releases.back().rollback_never = true;
  CHECK_FALSE(world.answer("downgrade").allowed);
  world.allow_downgrade = true;
  CHECK(world.answer("downgrade").allowed);
}

TEST_CASE("an approval is void when the age of evidence that it was given under has changed, or the stop of the line") {
  const std::string before = policy_hash(Case().production());
  Case age, line;
  age.production().max_age = 1h;
  line.production().stop_the_line = true;
  CHECK(policy_hash(age.production()) != before);
  CHECK(policy_hash(line.production()) != before);
}
