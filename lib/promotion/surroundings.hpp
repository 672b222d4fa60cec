// All that a promotion acts with: the ports, the configuration, the journal, and who acts.
#pragma once

#include <functional>
#include <string>

#include "deploy/config.hpp"
#include "deploy/ports/approval_check.hpp"
#include "deploy/ports/clock.hpp"
#include "deploy/ports/fleet.hpp"
#include "deploy/ports/prober.hpp"
#include "deploy/ports/registry.hpp"
#include "deploy/ports/source.hpp"
#include "deploy/ports/workers.hpp"
#include "ledger/journal.hpp"
#include "ledger/state.hpp"
#include "promotion/narrator.hpp"
#include "promotion/signers.hpp"

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
  /// What a container of that environment said, without the secrets that it was given.
  std::function<std::string(const Environment&, std::string)> redact;
  std::string actor;
  const State& state;  ///< as of the last append or refresh; not to be read while hosts are worked on in parallel
  ReadFile read_file;                                                                                   ///< allowed signers, revoked keys
  std::function<std::string(const std::string& text, const std::string& key, const CallLimits&)> sign;  ///< an armored signature by the user's key
  Workers& workers;
  ApprovalCheck* approval_check = nullptr;  ///< null: nobody else is asked
};

}  // namespace deploy
