// Hashes that bind a decision to what it was made about.
#pragma once

#include <string>

#include "deploy/environment.hpp"

namespace deploy {

/// Over everything of an environment that a promotion depends on. An approval is bound to it: any change voids the approval.
/// Secrets stand in it by where they come from, never by value.
[[nodiscard]] std::string policy_hash(const Environment& environment);

/// Over what runs: container spec and hosts. Another hash means that the same digest has to be deployed again.
[[nodiscard]] std::string container_hash(const Environment& environment);

}  // namespace deploy
