// Registry credentials: from our configuration, else from Docker's own config.json and its credential helpers.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "deploy/call.hpp"
#include "deploy/secret.hpp"

namespace deploy {

/// Either a user name with a password, or an identity token (then the password is empty).
struct Credential {
  std::string username;
  Secret password;
  Secret identity_token;
};

/// A login that the configuration gave for one registry; it wins over config.json.
struct ConfiguredLogin {
  std::string registry_host;  ///< as ImageReference::registry() has it: "docker.io", "localhost:5000"
  Credential credential;
  /// Instead of `credential`: asked at each look-up, so that a secret is only resolved when a registry is really spoken to.
  std::function<Credential(const CallLimits&)> resolve{};
};

/// Looks up registry logins. Nothing is kept between look-ups, so a renewed token or a fresh `docker login` counts at
/// once. Thread-safe.
class CredentialStore {
 public:
  /// `docker_config` is the path of Docker's config.json ("" for none; a file that does not exist is none).
  explicit CredentialStore(std::optional<ConfiguredLogin> login = std::nullopt, std::string docker_config = "");

  /// nullopt: nobody has logged in there, so ask anonymously. `registry_host` as ImageReference::registry() has it.
  /// Throws Error{invalid_config} when config.json makes no sense, {refused} when a credential helper fails, {not_found}
  /// when it is not installed, {timeout} and {cancelled} while it runs; details `registry`, `file` or `helper`.
  [[nodiscard]] std::optional<Credential> find(const std::string& registry_host, const CallLimits& limits) const;

 private:
  std::optional<ConfiguredLogin> login_;
  std::string docker_config_;
};

}  // namespace deploy
