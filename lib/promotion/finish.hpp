// What follows a verified deployment: floating tags, the git tag, retention. None of it can undo a healthy deployment.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "deploy/deployment.hpp"
#include "deploy/plan.hpp"
#include "promotion/surroundings.hpp"

namespace deploy {

/// Names of the containers that stay to go back to, by host.
using Retained = std::map<std::string, std::vector<std::string>>;

/// Does what is due; what could not be done becomes a warning and an entry of `record.unfinished`. `check` is called just before each
/// act; what it throws (the lease is lost) ends everything.
Retained settle(Surroundings& around, const Environment& environment, const Plan& plan, const std::string& deployment, Deployment& record,
                const std::function<void()>& check);

}  // namespace deploy
