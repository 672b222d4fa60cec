// Reads the parts of a configuration; every fault is noted on the way.
#pragma once

#include "config/node.hpp"
#include "deploy/config.hpp"

namespace deploy::config {

[[nodiscard]] ImageConfig read_image(const Node& node);
[[nodiscard]] RegistryConfig read_registry(const Node& node);
[[nodiscard]] GitConfig read_git(const Node& node);
[[nodiscard]] SshConfig read_ssh(const Node& node);
[[nodiscard]] TlsConfig read_tls(const Node& node);
[[nodiscard]] ContainerSpec read_container(const Node& node);
[[nodiscard]] HealthProbe read_probe(const Node& node);
[[nodiscard]] Environment read_environment(const Node& node);

/// Reads the whole file, and checks what only the whole shows: see check.hpp.
[[nodiscard]] Config read_config(const Node& root);

}  // namespace deploy::config
