// The switch behind lib/support/mutation.hpp, in this build alone.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "support/mutation.hpp"

namespace deploy {

/// Switches one deliberate bug on, and every other off. Not while a simulation runs.
void mutate(Mutation which);
[[nodiscard]] const std::vector<std::pair<std::string_view, Mutation>>& all_mutations();
[[nodiscard]] std::string_view to_string(Mutation mutation);

}  // namespace deploy
