// A world for whoever wants to act in one.
#include <algorithm>

#include "deploy/error.hpp"
#include "simulation/fake_builder.hpp"
#include "simulation/fake_prober.hpp"
#include "simulation/fake_source.hpp"
#include "simulation/incident.hpp"
#include "simulation/memory_store.hpp"
#include "simulation/player.hpp"
#include "simulation/process_ports.hpp"

namespace deploy::simulation {

namespace {
class OneByOne final : public Workers {
 public:
  void run(std::size_t count, const std::function<void(std::size_t)>& part) override {
    for (std::size_t i = 0; i < count; ++i) part(i);
  }
};

template <class Port>
void fill(std::unique_ptr<Port>& given, std::unique_ptr<Port>& simulated) {
  if (!given) given = std::move(simulated);
}

void complete(Ports& given, Ports simulated) {
  fill(given.store, simulated.store);
  fill(given.fleet, simulated.fleet);
  fill(given.builder, simulated.builder);
  fill(given.registry, simulated.registry);
  fill(given.prober, simulated.prober);
  fill(given.source, simulated.source);
  fill(given.clock, simulated.clock);
  if (!given.workers) given.workers = std::make_unique<OneByOne>();
}

AppBehaviour application(const std::string& word) {
  if (word == "swapped") throw Error(ErrorCode::invalid_argument, "simulation", "\"swapped\" is for scripts: it needs another image on every host");
  return behaviour(word);
}

[[noreturn]] void no_incident(std::string_view line, const std::string& why) {
  throw Error(ErrorCode::invalid_argument, "simulation", "\"" + std::string(line) + "\" " + why + "; nothing happened");
}

Action parse_incident(std::string_view line) {
  const Script script = Script::parse(line);
  if (script.actions.size() != 1) no_incident(line, "is not one line of a script");
  const Action& action = script.actions.front();
  if (action.at > 0 || action.meanwhile || is_command(action.verb) || is_fault(action.verb) || action.verb == Verb::pause)
    no_incident(line, "does not happen to a world: commands are calls of a deployer, faults of calls belong into scripts");
  return action;
}

bool concerns_host(Verb verb) { return verb != Verb::wait && verb != Verb::jump && verb != Verb::move_tag && verb != Verb::erase && verb != Verb::registry_down && verb != Verb::registry_up; }
bool concerns_environment(Verb verb) { return verb == Verb::occupy || verb == Verb::vacate || verb == Verb::stop_by_hand || verb == Verb::remove_by_hand; }
}  // namespace

struct World::Impl {
  explicit Impl(const Config& original) : config(rehearsed(original)) { faults.keep_log(false); }

  Config config;
  VirtualClock clock;
  FaultPlan faults;
  FakeRegistry registry;
  FakeFleet fleet{registry, clock};
  FakeProber prober{fleet, clock};
  FakeSource source;
  FakeBuilder builder{registry, clock};
  MemoryStore store;
  LeaseBook leases;
  std::map<std::string, Digest> published;
  int born = 0;

  [[nodiscard]] const Host& host(const std::string& url, std::string_view line) const {
    for (const Environment& env : config.environments)
      for (const Host& host : env.hosts)
        if (host.url() == url) return host;
    no_incident(line, "names no host of the configuration");
  }
};

World::World(const Config& config) : impl_(std::make_unique<Impl>(config)) {}
World::~World() = default;

const Config& World::config() const noexcept { return impl_->config; }

Deployer World::open(DeployerOptions options) {
  const auto process = std::make_shared<Process>(options.actor + "#" + std::to_string(++impl_->born), "world", impl_->clock, impl_->faults);
  complete(options.ports, make_ports(process, {&impl_->store, &impl_->fleet, &impl_->builder, &impl_->registry, &impl_->prober, &impl_->source}, impl_->leases));
  if (!options.secrets) options.secrets = [](const SecretSource& from) { return Secret("simulated " + describe(from)); };
  return Deployer(impl_->config, std::move(options));
}

ImageReference World::publish(const std::string& version, const std::string& word) {
  const AppBehaviour app = application(word);
  ImageReference image = image_of(impl_->config, version);
  impl_->published.insert_or_assign(version, impl_->registry.publish(image, app));
  return image;
}

void World::prepare_build(const std::string& word) { impl_->builder.next(application(word)); }

void World::happen(std::string_view line) {
  const Action action = parse_incident(line);
  if (action.verb == Verb::wait) return advance(action.duration);
  if (concerns_environment(action.verb)) static_cast<void>(impl_->config.environment(action.environment));
  if ((action.verb == Verb::erase || action.verb == Verb::move_tag) && !impl_->published.contains(action.release)) no_incident(line, "names no version that was published");
  const Host& where = concerns_host(action.verb) ? impl_->host(action.host, line) : impl_->config.environments.front().hosts.front();
  simulation::happen({impl_->config, impl_->clock, impl_->faults, impl_->registry, impl_->fleet, impl_->published}, action, where);
}

TimePoint World::now() const { return impl_->clock.now(); }

void World::advance(std::chrono::milliseconds duration) {
  if (duration.count() < 0) throw Error(ErrorCode::invalid_argument, "simulation", "time does not go back; nothing happened");
  impl_->clock.advance(duration);
}

}  // namespace deploy::simulation
