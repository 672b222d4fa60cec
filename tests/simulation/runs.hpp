// Many simulations, on every core.
#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "deploy/simulation.hpp"
#include "places.hpp"

namespace deploy::test {

using namespace deploy::simulation;

/// Calls work(0) ... work(count - 1) on one thread more than two cores have, until one of them says false: where a run's own threads
/// hand over their turns a core would have nothing to do.
template <class Work>
void on_every_core(std::size_t count, Work work) {
  std::atomic<std::size_t> next{0};
  std::atomic<bool> go_on{true};
  const auto loop = [&] {
    for (std::size_t i = next++; i < count && go_on; i = next++)
      if (!work(i)) go_on = false;
  };
  const std::jthread second(loop), third(loop);
  loop();
}

struct Finding {
  std::string place;
  std::uint64_t seed = 0;
  Violation violation;
};

/// Where a run of this seed takes place.
inline const std::pair<std::string, Config>& place_of(std::uint64_t seed) { return places()[seed % places().size()]; }

/// Runs the seeds [first, first + count) until one breaks a promise.
inline std::vector<Finding> find_broken(std::uint64_t first, std::size_t count, std::atomic<std::int64_t>* events = nullptr) {
  std::mutex mutex;
  std::vector<Finding> found;
  on_every_core(count, [&](std::size_t i) {
    const std::uint64_t seed = first + i;
    const auto& [name, config] = place_of(seed);
    const SimulationReport report = simulate(config, random_script(config, seed));
    if (events != nullptr) *events += report.events;
    if (!report.violation) return true;
    const std::lock_guard lock(mutex);
    found.push_back({name, seed, *report.violation});
    return false;
  });
  return found;
}

/// For a message: what was broken, how to replay it, and the shortest script.
inline std::string in_words(const Finding& finding) {
  const Config& config = place(finding.place);
  return "promise " + std::to_string(finding.violation.invariant) + " (" + std::string(broken_promise(finding.violation.invariant)) + "): " + finding.violation.sentence +
         "\nreplay: tests/simulation/soak replay " + finding.place + " " + std::to_string(finding.seed) + "\n" + shrink(config, random_script(config, finding.seed)).str();
}

}  // namespace deploy::test
