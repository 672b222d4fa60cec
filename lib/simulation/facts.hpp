// What an observer knows of one environment, from the ledger's entries and from what it saw. It is kept apart from the
// library's own State on purpose: an error there must not hide here.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "deploy/deployment.hpp"
#include "deploy/environment.hpp"

namespace deploy::simulation {

/// How the probing of a host went since its container was last changed.
struct ProbedHost {
  std::string container;                                   ///< id
  std::optional<std::chrono::milliseconds> good_since{};   ///< first success
  bool last_good = false;                                  ///< of the tries that brought an answer
  std::int64_t touched = 0;                                ///< Witness::touched at that time
};

/// A deployment that was started and not finished.
struct OpenFacts {
  struct Step {
    std::string kind, host;
  };
  struct Intent {
    int step = -1;
    std::string kind;
    bool undo = false;
  };
  std::string id, kind, version, digest, parent, actor;
  std::map<int, Step> plan;
  std::map<std::string, Intent> intents;          ///< the newest, by host
  std::map<std::string, std::string> old;         ///< by host: the container that was live when it began
  std::set<int> undone;
  bool verified = false;
  bool switched = false;                          ///< something beside the live container was to be changed
  bool failed = false;                            ///< a probe found the release unhealthy
};

struct EnvironmentFacts {
  struct Verified {
    std::string digest;
    TimePoint first{};
  };
  struct Decision {
    std::string actor, digest;
    bool granted = false;
    TimePoint time{};
  };
  std::vector<Verified> verified;                 ///< in order of first verification
  std::vector<Decision> decisions;
  bool frozen = false;
  std::optional<LiveVersion> live;
  std::string last_outcome;
  std::vector<OpenFacts> open;                    ///< oldest first
  std::map<std::string, ProbedHost> probed;       ///< by host
  TimePoint asked{};                              ///< when the gates were asked last

  std::int64_t token = 0;                         ///< the newest that was given out
  std::string holder;                             ///< the process that has it; "" when it was given back
  std::set<std::string> outdated;                 ///< processes whose lease was taken over
  std::set<std::string> refused;                  ///< of those: the ones that have been told
  std::set<std::string> on_the_way;               ///< hosts where one of them had a call on its way just then

  [[nodiscard]] const Verified* find_verified(const std::string& digest) const {
    for (const Verified& each : verified)
      if (each.digest == digest) return &each;
    return nullptr;
  }
};

}  // namespace deploy::simulation
