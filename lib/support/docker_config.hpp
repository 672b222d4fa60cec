// Docker's own config.json, as far as registry logins go.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "support/credentials.hpp"

namespace deploy {

/// Docker Hub's address in config.json and towards credential helpers.
inline constexpr std::string_view kDockerHubKey = "https://index.docker.io/v1/";

struct DockerConfig {
  std::map<std::string, Credential> auths;          ///< by registry_of_key(); entries without any login are left out
  std::map<std::string, std::string> helpers;       ///< credHelpers, by registry_of_key()
  std::string store;                                ///< credsStore, "" for none
};

/// Throws Error{invalid_config}; never tells a value.
[[nodiscard]] DockerConfig parse_docker_config(std::string_view text);

/// What a credential helper prints: {"ServerURL","Username","Secret"}. nullopt when it holds no secret. Throws Error{protocol}
/// that names `program` and never tells a value.
[[nodiscard]] std::optional<Credential> parse_helper_answer(std::string_view text, std::string_view program);

/// The registry that a key of config.json means: scheme and path fall away, Docker Hub's names become "docker.io".
[[nodiscard]] std::string registry_of_key(std::string_view key);

}  // namespace deploy
