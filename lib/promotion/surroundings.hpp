// All that a promotion acts with: the ports, the configuration, the journal, and who acts.
#pragma once

#include <functional>
#include <string>

#include "deploy/config.hpp"
#include "deploy/ports/clock.hpp"
#include "deploy/ports/fleet.hpp"
#include "deploy/ports/prober.hpp"
#include "deploy/ports/registry.hpp"
#include "deploy/ports/source.hpp"
#include "deploy/ports/workers.hpp"
#include "ledger/journal.hpp"
#include "promotion/narrator.hpp"

namespace deploy {

struct Surroundings {
  const Config& config;
  Journal& journal;
  Fleet& fleet;
  Registry& registry;
  Prober& prober;
  Source& source;
  Clock& clock;
  Narrator& narrator;
  std::function<Secret(const SecretSource&)> resolve;
  std::string actor;
  Workers& workers;
};

}  // namespace deploy
