// Promotes a good release and a bad one in the simulator, and says how each ended. The containers' secrets come from a vault of its own.
//
//     c++ -std=c++17 promote.cpp $(pkg-config --cflags --libs libdeploy) -o promote
//     ./promote ../deploy.json
//
// Through libdeploy.hpp beside it, over the C ABI alone; with -fno-exceptions it builds as well.
#include <iostream>
#include <map>

#include "libdeploy.hpp"

namespace {

/// The event is lent: what is to stay is copied before this returns.
void on_event(const deploy_event_info &event) {
  if (event.kind == DEPLOY_EVENT_GATE_ANSWERED || !std::string_view(event.host).empty()) return;
  std::cout << "  " << event.kind_name << ": " << event.message << '\n';
}

/// A port of our own. It is asked for every secret that the configuration names, right before a container is made.
libdeploy::Result<std::string> resolve(std::string_view name) {
  static const std::map<std::string, std::string, std::less<>> vault{{"SHOP_DB_PASSWORD", "correct horse"}};
  if (const auto found = vault.find(name); found != vault.end()) return found->second;
  return libdeploy::Error(DEPLOY_NOT_FOUND, "vault", "the vault has no " + std::string(name) + "; put it there and promote again");
}

void show(const libdeploy::Deployment &deployment) {
  auto info = libdeploy::blank<deploy_deployment_info>();
  deploy_deployment_get_info(deployment.get(), &info);
  std::cout << info.version << " to " << info.environment << ": " << info.outcome_name << "; live: " << (info.live_version ? info.live_version : "nothing") << '\n';
  const char *reason = nullptr;
  for (size_t i = 0; (reason = deploy_deployment_get_reason(deployment.get(), i)); ++i) std::cout << "  because " << reason << '\n';
  libdeploy::for_each(deploy_deployment_get_evidence, deployment.get(), [](const deploy_evidence &evidence) {
    std::cout << "  found on " << evidence.host << ": " << evidence.container_status << ", " << evidence.verdict_reason << '\n';
  });
}

/// Somebody pushes an image; we register it and promote it.
libdeploy::Result<libdeploy::Deployment> ship(const libdeploy::Simulation &world, libdeploy::Deployer &deployer, const std::string &version, const char *behaviour) {
  libdeploy::Result<std::string> image = libdeploy::publish(world, version, behaviour);
  if (!image) return image.error();
  if (auto release = deployer.add_release(std::move(image).value(), version); !release) return release.error();
  return deployer.promote(version, "staging");
}

libdeploy::Result<int> play(const std::string &path) {
  auto config = libdeploy::load(path);
  if (!config) return config.error();
  auto world = libdeploy::simulate(std::move(config).value());  // the world keeps what it needs of the configuration
  if (!world) return world.error();
  const libdeploy::Simulation here = std::move(world).value();
  auto opened = libdeploy::Deployer::open(here, "embed-cpp", on_event, resolve);
  if (!opened) return opened.error();
  libdeploy::Deployer deployer = std::move(opened).value();
  for (const auto &[version, behaviour] : {std::pair{"1.0.0", "good"}, std::pair{"1.1.0", "unhealthy"}}) {
    auto deployment = ship(here, deployer, version, behaviour);
    if (!deployment) return deployment.error();
    show(std::move(deployment).value());
  }
  return 0;
}

}  // namespace

int main(int argc, char **argv) {
  if (argc != 2) {
    std::cerr << "usage: " << argv[0] << " CONFIG\n";
    return 2;
  }
  const auto played = play(argv[1]);
  if (played) return 0;
  std::cerr << deploy_status_name(played.error().status) << " (" << played.error().area << "): " << played.error().message << '\n';
  return 1;
}
