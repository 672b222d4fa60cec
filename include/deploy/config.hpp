// deploy.json as a value.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "deploy/environment.hpp"
#include "deploy/host.hpp"
#include "deploy/image.hpp"
#include "deploy/secret.hpp"

namespace deploy {

/// Since: 0.9
struct ImageConfig {
  ImageReference repository = ImageReference::parse("scratch");
  std::string context = ".";           ///< absolute after loading
  std::string dockerfile = "Dockerfile";  ///< relative to the context
  std::string target;                  ///< stage of a multi-stage Dockerfile; "" is the last
  std::map<std::string, std::string> build_args;
  std::string version = "1.0.{build}";
  std::vector<std::string> tags = {"{version}", "build-{build}"};
  std::vector<std::string> floating_tags;
  std::string floating_after;          ///< environment whose verification moves the floating tags; filled with the last one
};

struct RegistryConfig {
  std::optional<SecretSource> username, password;  ///< none: ~/.docker/config.json, else anonymous
  bool insecure = false;                           ///< plain HTTP; loopback registries are always tried so
};

struct GitConfig {
  std::string tag = "{version}";
  std::string push;        ///< remote to push to; "": the tag stays local
  std::string after;       ///< environment whose verification writes the tag; filled with the last one
};

enum class SshClient { libssh2, openssh };
[[nodiscard]] std::string_view to_string(SshClient client);

struct SshConfig {
  SshClient client = SshClient::libssh2;
  std::string identity;                     ///< absolute after loading; "": the usual ones, and the agent
  std::optional<SecretSource> passphrase;
  std::string known_hosts;                  ///< absolute after loading; "": ~/.ssh/known_hosts
  std::optional<Host> jump;                 ///< ssh://...
  std::optional<SecretSource> agent;        ///< where the path of the agent's socket is to be had: {"env": "SSH_AUTH_SOCK"}; none: no agent
  std::string config;                       ///< openssh only: a configuration file instead of ~/.ssh/config
};

/// Certificates for tcp:// engines. Since: 0.9
struct TlsConfig {
  std::string ca, cert, key;  ///< PEM files, absolute after loading
};

/// The whole configuration, validated. Since: 0.9
struct Config {
  std::string application;
  std::string state = "sqlite:.deploy/ledger.db";  ///< absolute path after loading
  ImageConfig image;
  Host engine = Host::parse("unix:///var/run/docker.sock");
  RegistryConfig registry;
  std::optional<GitConfig> git;
  SshConfig ssh;
  TlsConfig tls;
  std::vector<Environment> environments;           ///< in the order of `after`: an upstream stands before its downstream
  std::string directory;                           ///< relative paths are relative to it
  std::string file;                                ///< "" when it came from text

  /// Reads and validates a file. Throws Error{invalid_config}; details `file`, `line`, `column`, `pointer`; the message
  /// lists every fault found, one per line. Throws Error{io} when the file cannot be read.
  [[nodiscard]] static Config load(const std::string& path);
  /// The same from text; relative paths are relative to `directory`.
  [[nodiscard]] static Config parse(std::string_view text, const std::string& directory);

  /// nullptr when there is none of that name.
  [[nodiscard]] const Environment* find_environment(std::string_view name) const noexcept;
  /// Throws Error{not_found} that lists the known names and suggests the nearest.
  [[nodiscard]] const Environment& environment(std::string_view name) const;
};

/// A commented deploy.json that validates; `application` names it. Since: 0.9
[[nodiscard]] std::string config_template(std::string_view application);

/// The JSON Schema that the library validates against (the text of examples/deploy.schema.json). Since: 0.9
[[nodiscard]] std::string_view config_schema() noexcept;

}  // namespace deploy
