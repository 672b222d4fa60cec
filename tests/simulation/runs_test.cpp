#include <doctest/doctest.h>

#include <chrono>
#include <set>

#include "runs.hpp"

using namespace deploy;
using namespace deploy::test;

namespace {
constexpr std::size_t kRuns = 20'000;
}

TEST_CASE("twenty thousand seeded runs with every kind of fault keep all nine promises") {
  std::atomic<std::int64_t> events{0};
  const auto begun = std::chrono::steady_clock::now();
  const auto found = find_broken(1, kRuns, &events);
  for (const Finding& finding : found) FAIL_CHECK(in_words(finding));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  MESSAGE(kRuns, " runs, ", events.load(), " checked events in ", took.count(), " s");
  CHECK(events > static_cast<std::int64_t>(kRuns) * 100);
}

TEST_CASE("the same script takes the same course, hosts in parallel and controllers in a race included") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const Config& config = place(seed % 2 == 0 ? "parallel" : "careful");
    const Script script = random_script(config, seed);
    const SimulationReport first = simulate(config, script), second = simulate(config, script);
    CHECK(first.calls == second.calls);
    CHECK(first.events == second.events);
    CHECK(first.outcomes == second.outcomes);
  }
}

TEST_CASE("a run without faults ends every deployment as the configuration says, and strands nobody") {
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    const std::string name = place_of(seed).first;
    const Config& config = place_of(seed).second;
    const SimulationReport report = simulate(config, random_script(config, seed, false));
    CHECK_MESSAGE(!report.violation, name, " ", seed, ": ", report.violation ? report.violation->sentence : "");
    CHECK_MESSAGE(report.outcomes.count("error: internal") == 0, name, " ", seed);
  }
}

TEST_CASE("every way to end, and every kind of fault, happens in the runs") {
  std::map<std::string, std::int64_t> outcomes;
  std::set<Verb> verbs;
  for (std::uint64_t seed = 1; seed <= 600; ++seed) {
    const auto& [name, config] = place_of(seed);
    const Script script = random_script(config, seed);
    for (const Action& action : script.actions) verbs.insert(action.verb);
    for (const auto& [outcome, count] : simulate(config, script).outcomes) outcomes[outcome] += count;
  }
  for (const char* outcome : {"succeeded", "rolled_back", "held", "stranded", "blocked", "killed", "error: fenced", "error: lease_held", "error: unauthorized", "error: no_rollback_target"})
    CHECK_MESSAGE(outcomes[outcome] > 0, outcome);
  for (int verb = 0; verb <= static_cast<int>(Verb::remove_by_hand); ++verb) CHECK_MESSAGE(verbs.contains(static_cast<Verb>(verb)), to_string(static_cast<Verb>(verb)));
}
