// The threads that the header promises to bear: several deployers at once, and a cancel from a thread of its own.
#include <doctest/doctest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "capi/handles.hpp"
#include "deploy.h"
#include "world.hpp"

using namespace deploy;

namespace {

/// Counts events; wakes who waits for one of them.
struct Events {
  std::atomic<int> seen{0};
  void wait_for(int wanted, const std::atomic<bool> &over) const {
    while (seen.load() < wanted && !over.load()) std::this_thread::yield();
  }
};

std::unique_ptr<deploy_deployer> open(test::World &world, const std::string &actor, Events &events) {
  const auto count = [&events](const Event &value) {
    const deploy_event event{value};
    if (deploy_event_to_json(&event)) ++events.seen;
  };
  return std::unique_ptr<deploy_deployer>(new deploy_deployer{nullptr, Deployer(world.config, DeployerOptions{actor, count, world.ports(actor)}), {}});
}

deploy_status promote(deploy_deployer &deployer, const char *version) {
  deploy_deployment *deployment = nullptr;
  deploy_error *error = nullptr;
  const deploy_status status = deploy_deployer_promote(&deployer, version, "staging", nullptr, &deployment, &error);
  deploy_deployment_free(deployment);
  deploy_error_free(error);
  return status;
}

/// One round of what a second person does meanwhile: reads everything, writes where the first one does not.
bool look_around(deploy_deployer &deployer) {
  deploy_environment_state *state = nullptr;
  deploy_deployment_list *history = nullptr;
  bool well = deploy_deployer_freeze(&deployer, "production", "while staging is deployed to", nullptr) == DEPLOY_OK;
  well &= deploy_deployer_state(&deployer, "staging", &state, nullptr) == DEPLOY_OK && deploy_environment_state_to_json(state);
  well &= deploy_deployer_history(&deployer, nullptr, &history, nullptr) == DEPLOY_OK;
  well &= deploy_deployer_unfreeze(&deployer, "production", nullptr) == DEPLOY_OK;
  deploy_environment_state_free(state);
  deploy_deployment_list_free(history);
  return well;
}

/// What stands in staging after 1.0.2 was promoted and, at that event, cancelled.
void cancel_at(int event) {
  test::World world;
  world.ship("1.0.1");
  world.ship("1.0.2");
  Events mine, theirs;
  const auto alice = open(world, "alice", mine);
  const auto bob = open(world, "bob", theirs);
  REQUIRE(promote(*alice, "1.0.1") == DEPLOY_OK);
  mine.seen = 0;

  std::atomic<bool> over{false}, well{true};
  std::atomic<deploy_status> status{DEPLOY_INTERNAL};
  {
    std::jthread first([&] {
      world.clock.act_here();
      status = promote(*alice, "1.0.2");
      over = true;
    });
    std::jthread second([&] {
      do well = well && look_around(*bob);
      while (!over);
    });
    std::jthread third([&] {
      mine.wait_for(event, over);
      deploy_deployer_cancel(alice.get());
    });
  }
  CHECK(well.load());
  std::int64_t entries = 0;
  CHECK(deploy_deployer_verify_ledger(bob.get(), &entries, nullptr) == DEPLOY_OK);
  CHECK((status == DEPLOY_OK || status == DEPLOY_CANCELLED || status == DEPLOY_CALL_CANCELLED));
  CHECK(world.serving("staging") == (status == DEPLOY_OK ? "1.0.2" : "1.0.1"));
}

}  // namespace

TEST_SUITE("threads") {
TEST_CASE("two deployers in two threads, and a cancel from a third: all new or all old, whenever it comes") {
  for (const int event : {0, 1, 5, 9, 13, 17, 21, 1000}) {
    CAPTURE(event);
    cancel_at(event);
  }
}

TEST_CASE("what only reads an object may run in several threads") {
  deploy_error *error = nullptr;
  deploy_image *image = nullptr;
  REQUIRE(deploy_image_parse("No Image", &image, &error) == DEPLOY_INVALID_ARGUMENT);
  std::atomic<int> same{0};
  const std::string expected = std::string("\"code\":\"") + deploy_status_name(DEPLOY_INVALID_ARGUMENT);
  {
    std::vector<std::jthread> readers;
    for (int i = 0; i < 4; ++i) readers.emplace_back([&] { same += std::string(deploy_error_to_json(error)).find(expected) != std::string::npos; });
  }
  CHECK(same == 4);
  deploy_error_free(error);
}
}
