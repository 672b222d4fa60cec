// What would happen to these environments, told as a story.
#pragma once

#include <functional>
#include <string>

#include "deploy/simulation.hpp"

namespace deploy::simulation {

using Teller = std::function<void(const std::string&)>;

/// A good release goes everywhere, a bad one is caught, a second good one goes everywhere and a person takes it back.
[[nodiscard]] Rehearsal tell_story(const Config& config, std::uint64_t seed, const Teller& tell);

}  // namespace deploy::simulation
