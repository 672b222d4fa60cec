// What only several parts of a configuration together can show to be wrong.
#pragma once

#include "config/node.hpp"
#include "deploy/config.hpp"

namespace deploy::config {

/// Names that stand twice, unknown upstreams, cycles; containers and ports that two environments would fight for; probes
/// that nothing could ever answer; `floating_after` and `git.after` that name no environment. `root` is the whole file,
/// `config` what was read from it, environments still in the file's order.
void check_config(const Node& root, const Config& config);

/// An upstream before its downstreams, otherwise in the order given. Environments in a cycle are left at the end.
[[nodiscard]] std::vector<Environment> upstream_first(std::vector<Environment> environments);

}  // namespace deploy::config
