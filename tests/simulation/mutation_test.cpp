// A simulator that catches nothing proves nothing: bugs are planted one by one, and each must be caught.
#include <doctest/doctest.h>

#include "mutations.hpp"
#include "runs.hpp"

using namespace deploy;
using namespace deploy::test;

namespace {
constexpr std::size_t kSeeds = 3'000;  // most are caught within a hundred

struct Planted {
  explicit Planted(Mutation which) { mutate(which); }
  ~Planted() { mutate(Mutation::none); }
};
}  // namespace

// The code without them passes the same seeds, and more: see runs_test.cpp.
TEST_CASE("every deliberate bug is caught") {
  CHECK(all_mutations().size() >= 15);
  for (const auto& bug : all_mutations()) {
    const std::string name(bug.first);
    const Planted planted(bug.second);
    const auto found = find_broken(1, kSeeds);
    CHECK_MESSAGE(!found.empty(), name, " was not noticed in ", kSeeds, " seeds");
    if (!found.empty()) MESSAGE(name, ": seed ", found.front().seed, ", promise ", found.front().violation.invariant, ": ", found.front().violation.sentence);
  }
}

TEST_CASE("a run that breaks a promise is shrunk to a script that still breaks it, and the command replays it") {
  const Planted planted(Mutation::remove_old_early);
  const Config& config = place("plain");
  std::string told;
  const Rehearsal found = rehearse(config, {.seed = 1, .runs = 50, .faults = true}, [&](std::string_view line) { told += std::string(line) + "\n"; });
  REQUIRE(found.violation);
  CHECK(found.violation->invariant == 7);
  CHECK_MESSAGE(found.script.actions.size() <= 4, found.script.str());  // two versions, one after the other
  CHECK(simulate(config, Script::parse(found.script.str())).violation->invariant == 7);
  CHECK(told.find("deployctl rehearse --seed " + std::to_string(found.seed) + " --runs 1 --faults") != std::string::npos);
  CHECK(to_json(found).find("\"invariant\":7") != std::string::npos);
  const Rehearsal again = rehearse(config, {.seed = found.seed, .runs = 1, .faults = true});
  REQUIRE(again.violation);
  CHECK(again.script == found.script);
  CHECK(again.violation->invariant == 7);
}
