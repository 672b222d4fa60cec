// Everything of libdeploy's C++ API. Since: 0.9
#pragma once

#include "deploy/config.hpp"
#include "deploy/deployer.hpp"
#include "deploy/deployment.hpp"
#include "deploy/digest.hpp"
#include "deploy/environment.hpp"
#include "deploy/error.hpp"
#include "deploy/event.hpp"
#include "deploy/gate.hpp"
#include "deploy/health_probe.hpp"
#include "deploy/image.hpp"
#include "deploy/plan.hpp"
#include "deploy/release.hpp"
#include "deploy/rollback_policy.hpp"
#include "deploy/simulation.hpp"
#include "deploy/status.hpp"
#include "deploy/tag.hpp"
