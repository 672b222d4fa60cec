// Millions of runs:  soak [RUNS [FIRST-SEED [THREADS]]]
//          or one:   soak replay PLACE SEED
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <string_view>
#include <thread>

#include "deploy/simulation.hpp"
#include "places.hpp"

namespace {

using namespace deploy;
using namespace deploy::simulation;

std::uint64_t number(const char* text) { return std::strtoull(text, nullptr, 10); }

int replay(const std::string& name, std::uint64_t seed) {
  const Config& config = test::place(name);
  Script script = random_script(config, seed);
  std::printf("%s\n", script.str().c_str());
  const SimulationReport report = simulate(config, script);
  for (const std::string& line : report.story) std::printf("%s\n", line.c_str());
  if (!report.violation) return std::printf("no promise was broken\n"), 0;
  std::printf("\nBROKEN (%d): %s\n\nthe shortest script:\n", report.violation->invariant, report.violation->sentence.c_str());
  script = shrink(config, script);
  std::printf("%s\n", script.str().c_str());
  for (const std::string& line : simulate(config, script).story) std::printf("%s\n", line.c_str());
  return 1;
}

class Soak {
 public:
  Soak(std::uint64_t first, std::uint64_t runs) : next_(first), end_(first + runs) {}

  int run(unsigned threads) {
    const auto begun = std::chrono::steady_clock::now();
    {
      std::vector<std::jthread> workers;
      for (unsigned i = 0; i < threads; ++i) workers.emplace_back([this] { work(); });
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    std::printf("%llu runs, %llu checked events in %.1f s (%.0f runs/s); %llu broke a promise\n", static_cast<unsigned long long>(done_), static_cast<unsigned long long>(events_),
                took.count(), static_cast<double>(done_) / took.count(), static_cast<unsigned long long>(broken_));
    for (const auto& [outcome, count] : outcomes_) std::printf("  %-30s %lld\n", outcome.c_str(), static_cast<long long>(count));
    return broken_ == 0 ? 0 : 1;
  }

 private:
  void work() {
    for (std::uint64_t seed = next_++; seed < end_ && broken_ < 20; seed = next_++) {
      const auto& [name, config] = test::places()[seed % test::places().size()];
      const SimulationReport report = simulate(config, random_script(config, seed));
      ++done_;
      events_ += static_cast<std::uint64_t>(report.events);
      const std::lock_guard lock(mutex_);
      for (const auto& [outcome, count] : report.outcomes) outcomes_[outcome] += count;
      if (!report.violation) continue;
      ++broken_;
      std::printf("BROKEN (%d): %s\n  soak replay %s %llu\n", report.violation->invariant, report.violation->sentence.c_str(), name.c_str(), static_cast<unsigned long long>(seed));
    }
  }

  std::atomic<std::uint64_t> next_, done_{0}, events_{0}, broken_{0};
  std::uint64_t end_;
  std::mutex mutex_;
  std::map<std::string, std::int64_t> outcomes_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc == 4 && std::string_view(argv[1]) == "replay") return replay(argv[2], number(argv[3]));
  const std::uint64_t runs = argc > 1 ? number(argv[1]) : 1'000'000, first = argc > 2 ? number(argv[2]) : 1;
  const unsigned threads = argc > 3 ? static_cast<unsigned>(number(argv[3])) : std::thread::hardware_concurrency() + 1;
  return Soak(first, runs).run(threads);
}
