// The Engine port over the Docker Engine's HTTP API (Docker 20.10 and newer, podman's compatible API).
#pragma once

#include <memory>
#include <string>

#include "deploy/ports/engine.hpp"
#include "http/client.hpp"
#include "support/credentials.hpp"

namespace deploy::docker {

/// `client` leads to the Engine; `host` (Host::url()) names it in errors; `credentials` are asked at each pull.
/// Nothing is sent before the first call, which negotiates the API version. The result is thread-safe.
[[nodiscard]] std::unique_ptr<Engine> open_engine(http::Client client, std::string host, CredentialStore credentials);

}  // namespace deploy::docker
