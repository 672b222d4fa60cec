// What may go from a host after a success: containers and images that nobody can need any more. Pure.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "deploy/config.hpp"
#include "deploy/ports/engine.hpp"
#include "ledger/state.hpp"

namespace deploy {

/// Containers of one environment on one host, sorted into what stays and what goes. What runs, what has another kind of name, and the
/// newest failed candidate stay. Of the retained ones `rollback.keep` stay: what one can go back to before anything else, then the newest.
struct Retention {
  std::vector<std::string> retained;  ///< names that stay to go back to
  std::vector<std::string> retired;   ///< ids to be removed
};
[[nodiscard]] Retention sort_containers(std::vector<ContainerInfo> all, const Environment& environment, const std::vector<Verification>& targets);

/// What has just been verified somewhere, and is live there as soon as that is recorded.
struct Arrival {
  std::string environment, digest;
};

/// Digests whose images stay on every host, whatever environment asks: live ones, the `rollback.keep` best ones to go back to, what an
/// unfinished deployment works with, and what could be promoted next.
[[nodiscard]] std::set<std::string> needed_digests(const State& state, const Config& config, const Arrival& arrival);

/// References to take away, one image after the other, its tags before its digests. Only images that are releases of ours, that no container
/// on the host was made from, and that carry no tag but those which the build gave them.
[[nodiscard]] std::vector<std::string> superfluous_images(const std::vector<ImageInfo>& images, const State& state, const Config& config, const Arrival& arrival);

}  // namespace deploy
