// A holder that loses its lease while it works: what it still does, and who goes on.
#include <doctest/doctest.h>

#include <functional>

#include "deploy/error.hpp"
#include "ledger/lease.hpp"
#include "world.hpp"

using namespace deploy;
using namespace deploy::test;
using namespace std::chrono_literals;

namespace {
ErrorCode code_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.code();
  }
  return ErrorCode::internal;
}

/// alice promotes a release. Just after her `number`th intent (from 0) she sleeps past her lease; meanwhile bob, on another machine, resumes.
struct Overslept {
  Overslept(int number, const AppBehaviour& app) {
    Deployer alice = world.deployer("alice"), bob = world.deployer("bob", "another-machine");
    REQUIRE(alice.promote(world.ship("1.0.1"), "staging").outcome == Outcome::succeeded);
    const Release next = world.ship("1.0.2", app);
    int intents = 0;
    bool asleep = false;
    world.faults.on_call([&](const simulation::PortCall& call) {
      if (call.process != "alice" || slept_at != 0) return Fault{};
      if (asleep) {
        bob.resume("staging");
        served = world.serving("staging");
        slept_at = world.faults.count();
      } else if (call.method == "append" && call.subject.find("step_intended") != std::string::npos && intents++ == number) {
        world.clock.advance(kLeaseTtl + 1s);
        asleep = true;  // from her next call on: the intent itself is written in time
      }
      return Fault{};
    });
    code = code_of([&] { alice.promote(next, "staging"); });
  }

  /// What she changed after she woke up.
  [[nodiscard]] std::vector<std::string> late_acts() const {
    std::vector<std::string> acts;
    for (const auto& call : world.faults.calls())
      if (call.process == "alice" && call.number > slept_at && call.mutating && call.port != "store") acts.push_back(call.str());
    return acts;
  }

  World world;
  std::int64_t slept_at = 0;
  std::string served;
  ErrorCode code = ErrorCode::internal;
};
}  // namespace

TEST_CASE("who slept past the lease between an intent and its act, and was replaced meanwhile, does not act any more: on the way there and on the way back") {
  for (const auto& [app, least] : std::vector<std::pair<AppBehaviour, int>>{{AppBehaviour{}, 8}, {AppBehaviour::unhealthy(), 12}}) {
    int number = 0;
    for (;; ++number) {
      CAPTURE(number);
      Overslept run(number, app);
      if (run.slept_at == 0) break;  // there were no more intents
      CHECK(run.code == ErrorCode::fenced);
      CHECK(run.late_acts() == std::vector<std::string>{});
      CHECK((run.served == "1.0.1" || run.served == "1.0.2"));
      CHECK(run.world.serving("staging") == run.served);
    }
    CHECK(number >= least);
  }
}

TEST_CASE("who slept past the lease and was not replaced takes it up again and goes on") {
  World world;
  Deployer alice = world.deployer("alice");
  const Release release = world.ship("1.0.1");
  bool slept = false;
  world.faults.on_call([&](const simulation::PortCall& call) {
    if (call.method == "create" && !slept) slept = true, world.clock.advance(kLeaseTtl * 3);
    return Fault{};
  });
  CHECK(alice.promote(release, "staging").outcome == Outcome::succeeded);
  CHECK(slept);
  CHECK_FALSE(alice.status("staging").lease.has_value());
}

TEST_CASE("on another machine a dead holder's lease is taken over when it has expired, not before; on its own at once") {
  for (const bool elsewhere : {true, false}) {
    World world;
    const Release release = world.ship("1.0.1");
    {
      Deployer alice = world.deployer("alice");
      world.faults.add({.process = "alice", .method = "start", .fault = Fault::crash_before()});
      CHECK_THROWS_AS((void)alice.promote(release, "staging"), SimulatedCrash);
    }
    Deployer bob = world.deployer("bob", elsewhere ? "another-machine" : "controller");
    CHECK(bob.status("staging").lease->holder.actor == "alice");
    if (elsewhere) {
      CHECK(code_of([&] { bob.resume("staging"); }) == ErrorCode::lease_held);
      CHECK(bob.status("staging").lease_condition == LeaseCondition::held);
      world.clock.advance(kLeaseTtl);
      CHECK(bob.status("staging").lease_condition == LeaseCondition::expired);
    }
    CHECK(bob.resume("staging").size() == 1);
    CHECK(world.serving("staging") == "1.0.1");
    CHECK_FALSE(bob.status("staging").lease.has_value());
  }
}

TEST_CASE("a long ledger is opened from its checkpoint: another deployer folds what came after, and nothing that came before") {
  World world;
  Deployer alice = world.deployer("alice");
  const Release release = world.ship("1.0.1");
  REQUIRE(alice.promote(release, "staging").outcome == Outcome::succeeded);
  CHECK_FALSE(world.store.checkpoint().has_value());
  while (!world.store.checkpoint()) alice.freeze("staging", "again");
  const std::int64_t at = world.store.checkpoint()->head.seq;
  CHECK(at >= 500);
  CHECK(at == world.store.head().seq);
  alice.unfreeze("staging");
  world.faults.forget_calls();
  Deployer bob = world.deployer("bob");
  CHECK(world.faults.count() > 0);
  int reads = 0;
  for (const auto& call : world.faults.calls()) reads += call.method == "read" ? 1 : 0;
  CHECK(reads <= 3);  // the checkpoint's own entry, and what is new
  CHECK(bob.status("staging").live->version == "1.0.1");
  CHECK_FALSE(bob.status("staging").frozen);
  CHECK(bob.ledger_verify(alice.ledger_head()) == at + 1);
  CHECK(bob.history("staging").size() == 1);
}

TEST_CASE("a checkpoint that cannot be written fails nothing, is said, and is tried again by the next call") {
  World world;
  Deployer alice = world.deployer("alice");
  world.faults.add({.port = "store", .method = "save_checkpoint", .fault = Fault::fail(ErrorCode::io)});
  for (int i = 0; i < 501; ++i) alice.freeze("staging", "again");
  const auto warnings = world.messages(EventKind::warning);
  REQUIRE(warnings.size() == 1);
  CHECK(warnings.front().find("checkpoint was not written") != std::string::npos);
  CHECK(world.store.checkpoint().has_value());
}
