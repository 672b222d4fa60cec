// The body of a container's creation.
#pragma once

#include <string>

#include "deploy/ports/engine.hpp"
#include "support/json.hpp"

namespace deploy::docker {

/// Only what the request asks for; what it leaves open is the Engine's default. The first network is the network mode,
/// the others are connected afterwards.
[[nodiscard]] json::Object container_body(const ContainerRequest& request);

/// `no`, `always`, `unless-stopped`, `on-failure[:N]`. Throws Error{invalid_argument}.
[[nodiscard]] json::Object restart_policy_body(const std::string& policy);

}  // namespace deploy::docker
