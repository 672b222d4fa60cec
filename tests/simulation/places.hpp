// Configurations that are simulated: each brings other gates, numbers of hosts and policies into play.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "deploy/config.hpp"

namespace deploy::test {

/// By name: plain, approval, soak, frozen, batches, parallel, careful, hasty.
[[nodiscard]] const std::vector<std::pair<std::string, Config>>& places();
[[nodiscard]] const Config& place(const std::string& name);

}  // namespace deploy::test
