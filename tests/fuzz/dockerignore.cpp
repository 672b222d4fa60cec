// Rules of a .dockerignore file, and paths that they decide about; Dockerfiles, for the registries that a build asks.
#include "docker/dockerignore.hpp"

#include "docker/base_images.hpp"
#include "target.hpp"

namespace deploy::fuzz {

void try_input(std::string_view input) {
  const auto parts = parts_of(input);
  const auto rules = accepted([&] { return docker::DockerIgnore::parse(part(parts, 0), ".dockerignore"); });
  if (!rules) return;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const bool excluded = rules->excludes(parts[i]);
    hold(excluded == rules->excludes(parts[i]), "a verdict does not change");
    (void)rules->may_include_below(parts[i]);
    hold(!docker::DockerIgnore().excludes(parts[i]), "no rules exclude nothing");
  }
  (void)docker::base_registries(part(parts, 0), {{"BASE", std::string(part(parts, 1))}});
}

}  // namespace deploy::fuzz
