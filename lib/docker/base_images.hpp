// Which registries a build will ask.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace deploy::docker {

/// Registries of the images that the Dockerfile builds on (FROM) or copies from (COPY --from), as
/// ImageReference::registry() has them. `build_args` override the defaults of ARGs before the first FROM. What cannot be
/// read as an image reference is left to the builder to complain about.
[[nodiscard]] std::set<std::string> base_registries(std::string_view dockerfile, const std::map<std::string, std::string>& build_args);

}  // namespace deploy::docker
