// An embedder's approval check: asked before a decision is recorded, and of every approval before it counts.
#include <doctest/doctest.h>

#include <functional>

#include "deploy/error.hpp"
#include "world.hpp"

using namespace deploy;
using namespace deploy::test;

namespace {
class Directory final : public ApprovalCheck {
 public:
  explicit Directory(std::function<std::string(const Decision&)> answer) : answer_(std::move(answer)) {}
  std::string objection(const Decision& decision, const CallLimits&) override { return answer_(decision); }

 private:
  std::function<std::string(const Decision&)> answer_;
};

/// Production wants alice or bob; everybody's deployers consult `answer`.
struct Office {
  test::World world;
  std::function<std::string(const Decision&)> answer = [](const Decision&) { return ""; };
  int asked = 0;

  Office() {
    world.config.environments[1].approval = ApprovalPolicy{};
    world.config.environments[1].approval->approvers = {"alice", "bob"};
  }
  Deployer deployer(const std::string& actor) {
    DeployerOptions options{actor, {}, world.ports(actor)};
    options.ports.approval_check = std::make_unique<Directory>([this](const Decision& decision) { return ++asked, answer(decision); });
    return Deployer(world.config, std::move(options));
  }
  static GateAnswer approval(const std::vector<GateAnswer>& gates) {
    for (const GateAnswer& gate : gates)
      if (gate.gate == "approval") return gate;
    return {};
  }
};
}  // namespace

TEST_CASE("a decision that the check objects to is not recorded, and the error says why") {
  Office office;
  const Release release = office.world.ship("1.0.1");
  office.answer = [](const Decision& d) { return d.approver + " is on leave"; };
  Deployer alice = office.deployer("alice");
  const LedgerHead before = alice.ledger_head();
  try {
    alice.approve(release, "production");
    FAIL("it was recorded");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::unauthorized);
    CHECK(error.details().at("problem") == "objected");
    CHECK(std::string(error.what()).find("alice is on leave") != std::string::npos);
  }
  CHECK(alice.ledger_head() == before);
}

TEST_CASE("an approval that the check has come to object to counts for nothing, and the gate says so") {
  Office office;
  const Release release = office.world.ship("1.0.1");
  Deployer ci = office.deployer("ci"), alice = office.deployer("alice");
  REQUIRE(ci.promote(release, "staging").outcome == Outcome::succeeded);
  alice.approve(release, "production", "fine");
  CHECK(Office::approval(ci.gates(release, "production")).allowed);
  office.answer = [](const Decision& d) {
    CHECK(d.approver == "alice");
    CHECK(d.creator == "builder");
    CHECK(d.comment == "fine");
    return std::string("she has left the company");
  };
  const Deployment blocked = ci.promote(release, "production");
  CHECK(blocked.outcome == Outcome::blocked);
  CHECK(Office::approval(blocked.gates).reason.find("the decision of alice does not count: she has left the company") != std::string::npos);
  CHECK(office.world.changes("production").empty());
  CHECK(ci.status("production").pending.at(0).not_counted.size() == 1);
}

TEST_CASE("a denial stands whatever the check says later") {
  Office office;
  const Release release = office.world.ship("1.0.1");
  Deployer ci = office.deployer("ci"), bob = office.deployer("bob"), alice = office.deployer("alice");
  REQUIRE(ci.promote(release, "staging").outcome == Outcome::succeeded);
  bob.deny(release, "production");
  alice.approve(release, "production");
  office.answer = [](const Decision& d) { return d.approver == "bob" ? "bob is gone" : ""; };
  CHECK(Office::approval(ci.gates(release, "production")).reason.find("denied by bob") != std::string::npos);
}

TEST_CASE("what the check throws comes out of the call, and nothing was changed") {
  Office office;
  const Release release = office.world.ship("1.0.1");
  Deployer ci = office.deployer("ci"), alice = office.deployer("alice");
  REQUIRE(ci.promote(release, "staging").outcome == Outcome::succeeded);
  alice.approve(release, "production");
  office.answer = [](const Decision&) -> std::string { throw Error(ErrorCode::timeout, "directory", "the directory is silent", {{"server", "ldap.test"}}); };
  try {
    ci.promote(release, "production");
    FAIL("it was promoted");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::timeout);
    CHECK(error.area() == "directory");
    CHECK(error.details().at("server") == "ldap.test");
  }
  CHECK(office.world.changes("production").empty());
}

TEST_CASE("only approvals that could count are asked about") {
  Office office;
  const Release old = office.world.ship("1.0.1"), release = office.world.ship("1.0.2");
  Deployer ci = office.deployer("ci"), alice = office.deployer("alice");
  alice.approve(old, "production");
  alice.deny(release, "production");
  office.asked = 0;
  CHECK_FALSE(Office::approval(ci.gates(release, "production")).allowed);
  CHECK(office.asked == 0);
}
