// The ImageBuilder port over the Docker Engine's HTTP API (the classic builder, which needs no session with the client).
#pragma once

#include <memory>
#include <string>

#include "deploy/ports/image_builder.hpp"
#include "http/client.hpp"
#include "support/credentials.hpp"

namespace deploy::docker {

/// `client` leads to the Engine; `host` (Host::url()) names it in errors; `credentials` are asked for the registries of
/// base images at each build, and at each push. The result is thread-safe.
[[nodiscard]] std::unique_ptr<ImageBuilder> open_builder(http::Client client, std::string host, CredentialStore credentials);

}  // namespace deploy::docker
