// Images of one Engine.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "deploy/ports/engine.hpp"
#include "docker/connection.hpp"
#include "support/credentials.hpp"

namespace deploy::docker {

void pull(Connection& engine, const CredentialStore& credentials, const ImageReference& image,
          const std::function<void(const PullProgress&)>& progress, const CallLimits& limits);
[[nodiscard]] std::optional<ImageInfo> find_image(Connection& engine, const std::string& reference, const CallLimits& limits);
/// Two calls, whatever the number of images and containers.
[[nodiscard]] std::vector<ImageInfo> list_images(Connection& engine, const ImageReference& repository, const CallLimits& limits);
/// Succeeds when there is none.
void remove_image(Connection& engine, const std::string& reference, const CallLimits& limits);

/// The value of X-Registry-Auth for that registry; errors carry the engine's host and the act.
[[nodiscard]] std::string auth_for(const Connection& engine, const CredentialStore& credentials, const Act& act, const CallLimits& limits);

}  // namespace deploy::docker
