// The Engine port over the Docker Engine's HTTP API (Docker 20.10 and newer, podman's compatible API).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "deploy/ports/engine.hpp"
#include "http/client.hpp"
#include "support/credentials.hpp"

namespace deploy::docker {

/// Bytes free where a folder of the Engine's host is, -1 when that cannot be found out.
using FreeBytes = std::function<std::int64_t(const std::string& folder, const CallLimits& limits)>;

/// `client` leads to the Engine; `host` (Host::url()) names it in errors; `credentials` are asked at each pull.
/// Nothing is sent before the first call, which negotiates the API version. The result is thread-safe. `free_bytes` looks at the disk of a host
/// that is not this one; the Engine API cannot. Without it only a local Engine's disk is known.
[[nodiscard]] std::unique_ptr<Engine> open_engine(http::Client client, std::string host, CredentialStore credentials, FreeBytes free_bytes = {});

}  // namespace deploy::docker
