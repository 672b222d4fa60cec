// The parts of the world that need the Deployer.
#include "world.hpp"

namespace deploy::test {

Deployer World::deployer(const std::string& actor, const std::string& machine) {
  const auto keep = [this](const Event& event) {
    const std::lock_guard lock(mutex_);
    events_.push_back(event);
  };
  return Deployer(config, DeployerOptions{actor, keep, ports(actor, machine)});
}

Release World::ship(const std::string& version, const AppBehaviour& app) {
  const Release published = publish(version, app);
  return deployer("builder").add_release(config.image.repository.with_tag(published.version.tag()), published.version);
}

}  // namespace deploy::test
