// Checks a configuration against the world and says what to mend.
#pragma once

#include <stop_token>
#include <vector>

#include "deploy/status.hpp"
#include "promotion/surroundings.hpp"

namespace deploy {

[[nodiscard]] std::vector<DoctorCheck> examine(Surroundings& around, const std::stop_token& stop);

}  // namespace deploy
