#include "simulation/incident.hpp"

#include <variant>

namespace deploy::simulation {

namespace {
using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kDown{20'000};
constexpr std::int64_t kDisk = 50'000'000'000, kFullDisk = 1'000'000;

void happen_on(const Scene& scene, FakeMachine& machine, const Action& action) {
  const Environment* env = scene.config.find_environment(action.environment);
  const auto live = env != nullptr ? machine.find(env->container.name) : std::nullopt;
  if (action.verb == Verb::fill_disk) return machine.set_free_disk(kFullDisk);
  if (action.verb == Verb::free_disk) return machine.set_free_disk(kDisk);
  if (action.verb == Verb::vacate && env != nullptr) return machine.vacate(port_of(*env));
  if (scene.touched) scene.touched(machine.url());
  if (action.verb == Verb::occupy && env != nullptr) return machine.occupy(port_of(*env));
  if (!machine.engine_up()) return;
  if (action.verb == Verb::reboot) return machine.reboot(kDown);
  if (action.verb == Verb::restart_engine) return machine.restart_engine();
  if (action.verb == Verb::stop_by_hand && live) machine.stop(live->info.id, 0ms, 0ms);
  if (action.verb == Verb::remove_by_hand && live) machine.remove(live->info.id);
}
}  // namespace

std::uint16_t port_of(const Environment& env) {
  if (const auto* http = std::get_if<HttpCheck>(&env.probe.check)) return http->port;
  if (const auto* tcp = std::get_if<TcpCheck>(&env.probe.check)) return tcp->port;
  return env.container.ports.empty() ? std::uint16_t{0} : env.container.ports.front().host_first;
}

ImageReference image_of(const Config& config, const std::string& version) { return config.image.repository.with_tag(Version::parse(version).tag()); }

void happen(const Scene& scene, const Action& action, const Host& host) {
  const auto published = scene.published.find(action.release);
  if (action.verb == Verb::cut) return scene.faults.cut(host.url());
  if (action.verb == Verb::mend) return scene.faults.mend(host.url());
  if (action.verb == Verb::jump) return scene.clock.jump(action.duration);
  if (action.verb == Verb::registry_down) return scene.registry.fail_with(ErrorCode::unreachable);
  if (action.verb == Verb::registry_up) return scene.registry.mend();
  if (action.verb == Verb::move_tag || action.verb == Verb::erase) {
    if (published == scene.published.end()) return;
    if (action.verb == Verb::erase) return scene.registry.erase(published->second);
    return scene.registry.point(scene.config.image.repository.name(), image_of(scene.config, action.release).tag().value(), scene.published.begin()->second);
  }
  happen_on(scene, scene.fleet.machine(host), action);
}

}  // namespace deploy::simulation
