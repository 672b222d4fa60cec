// What a registry's and a token service's answers mean. Pure: bytes in, values or errors out.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "deploy/digest.hpp"
#include "deploy/error.hpp"
#include "deploy/ports/registry.hpp"
#include "deploy/secret.hpp"
#include "http/client.hpp"

namespace deploy::registry {

/// A manifest as it was served: the bytes, and the type to put them back under.
struct ServedManifest {
  Digest digest;  ///< of the bytes, computed here
  std::string media_type;
  std::string bytes;
};

/// Checks the bytes of a 200 answer against the digest that the registry claims and the one that was asked for (if any).
/// Throws Error{protocol} on a mismatch and on anything that is no manifest, {unsupported} on the obsolete schema 1.
[[nodiscard]] ServedManifest read_manifest(const http::Response& response, const std::optional<Digest>& asked);

/// What a manifest's bytes say of the image's parts; empty for an index, and for bytes that make no sense of it.
[[nodiscard]] std::vector<ManifestLayer> read_layers(const std::string& bytes);

/// The error codes and messages of an answer's body ("MANIFEST_UNKNOWN: manifest unknown"), else the beginning of the
/// body, control characters removed. "" when there is none.
[[nodiscard]] std::string error_text(const http::Response& response);

/// True for a 404 as a registry gives it; false for the HTML page of something else that listens there.
[[nodiscard]] bool is_registry_not_found(const http::Response& response);

/// `Retry-After` in seconds or as an HTTP date; nullopt when absent or malformed.
[[nodiscard]] std::optional<std::chrono::seconds> retry_after(const http::Response& response, std::chrono::sys_seconds now);

struct Token {
  Secret value;
  std::chrono::seconds lifetime{60};  ///< the token specification's default
};

/// Of a token service: `token` or `access_token`, `expires_in`. Throws Error{protocol}.
[[nodiscard]] Token read_token(const http::Response& response, const std::string& realm);

}  // namespace deploy::registry
