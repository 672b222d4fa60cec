// A Deployer with a lease as short as a test wants it: CONFIG ACTOR TTL_MS STOP_AT VERSION ENV
//
// Promotes, and prints events as lines of JSON. At the event "step_started" of the step STOP_AT it stops itself (SIGSTOP): between
// the intent and the act. Ends with 0 after any outcome, with 75 when it was fenced, else with 1; says why on standard error.
#include <signal.h>

#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>

#include "deploy/deployer.hpp"
#include "deploy/error.hpp"
#include "deployer_adapters.hpp"

namespace {
constexpr int kFenced = 75;
std::chrono::milliseconds ttl{0};  // of this process: set once, before there is a Deployer
}  // namespace

deploy::LeaseTiming deploy::lease_timing() { return {ttl, ttl / 4, ttl / 8}; }

int main(int argc, char** argv) {
  const std::span<char*> words(argv, static_cast<std::size_t>(argc));
  if (words.size() != 7) return 2;
  ttl = std::chrono::milliseconds{std::atoi(words[3])};
  const std::string stop_at = words[4];
  const auto tell = [&](const deploy::Event& event) {
    std::printf("%s\n", deploy::to_json(event).c_str());
    std::fflush(stdout);
    if (event.kind == deploy::EventKind::step_started && event.step == stop_at) ::raise(SIGSTOP);
  };
  try {
    deploy::Deployer deployer(deploy::Config::load(words[1]), {.actor = words[2], .on_event = tell, .ports = {}});
    static_cast<void>(deployer.promote(deployer.find_release(words[5]), words[6]));
    return 0;
  } catch (const deploy::Error& error) {
    std::fprintf(stderr, "%s: %s\n", std::string(to_string(error.code())).c_str(), error.what());
    return error.code() == deploy::ErrorCode::fenced ? kFenced : 1;
  }
}
