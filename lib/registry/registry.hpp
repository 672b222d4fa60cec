// The registry port over HTTP (distribution API v2).
#pragma once

#include <memory>

#include "deploy/ports/registry.hpp"

namespace deploy {

class CredentialStore;

struct RegistryOptions {
  /// Registries without a trusted certificate are accepted: HTTPS unverified first, then plain HTTP. Loopback
  /// addresses are always spoken to in plain HTTP.
  bool insecure = false;
  /// Where logins are looked up; null asks anonymously everywhere. Must outlive the registry.
  const CredentialStore* credentials = nullptr;
};

/// Connects lazily, keeps connections and tokens; one object serves every registry host. Thread-safe.
///
/// Errors have area "registry" and the details `registry`, `reference`, and `status` where the registry answered:
/// {unauthorized} with what to log in to, {tag_moved} with details `existing` and `wanted`, {not_found} when the digest
/// to be tagged is not there, {refused} for rate limits and server faults that outlast the retries, {protocol} for
/// answers that are no registry's, or whose bytes do not have the digest they claim.
[[nodiscard]] std::unique_ptr<Registry> open_registry(RegistryOptions options);

}  // namespace deploy
