// What follows a verified deployment: floating tags, the git tag, retention. None of it can undo a healthy deployment.
#pragma once

#include <string>

#include "deploy/deployment.hpp"
#include "deploy/plan.hpp"
#include "promotion/surroundings.hpp"

namespace deploy {

/// Does what is due; what could not be done becomes a warning and an entry of `record.unfinished`.
void settle(Surroundings& around, const Environment& environment, const Plan& plan, const std::string& deployment, Deployment& record);

}  // namespace deploy
