#include "world.hpp"

#include <algorithm>
#include <stdexcept>
#include <variant>

namespace deploy::test {

namespace {
using namespace std::chrono_literals;

Environment make_environment(const std::string& name, const std::string& container, std::uint16_t port) {
  Environment environment;
  environment.name = name;
  environment.container.name = container;
  environment.container.ports = {PortBinding::parse(std::to_string(port) + ":80")};
  HttpCheck check;
  check.path = "/health";
  check.port = port;
  environment.probe.check = check;
  environment.rollback.bake = 10s;
  return environment;
}

Config make_config(int production_hosts) {
  Config config;
  config.application = "myapp";
  config.state = "";  // the store is given
  config.directory = "/source";
  config.image.context = "/source";
  config.image.repository = ImageReference::parse("registry.test/acme/myapp");
  config.image.floating_tags = {"latest"};
  config.image.floating_after = "production";
  Environment staging = make_environment("staging", "myapp-staging", 8081);
  staging.hosts = {Host::parse("ssh://deploy@staging.test")};
  Environment production = make_environment("production", "myapp-prod", 8080);
  production.after = "staging";
  for (int i = 1; i <= production_hosts; ++i) production.hosts.push_back(Host::parse("ssh://deploy@prod" + std::to_string(i) + ".test"));
  config.environments = {staging, production};
  return config;
}

std::uint16_t port_of(const Environment& environment) {
  if (const auto* http = std::get_if<HttpCheck>(&environment.probe.check)) return http->port;
  if (const auto* tcp = std::get_if<TcpCheck>(&environment.probe.check)) return tcp->port;
  return environment.container.ports.empty() ? std::uint16_t{0} : environment.container.ports.front().host_first;
}

bool same(const Found& a, const Found& b) { return a.version == b.version && a.container == b.container && a.healthy == b.healthy; }

std::string describe(const Found& found) {
  if (found.container.empty()) return found.host + " serves nothing";
  return found.host + " serves " + (found.version.empty() ? "an unknown image" : found.version) + " as " + found.container + (found.healthy ? "" : ", not healthy");
}
}  // namespace

World::World(int production_hosts) : config(make_config(production_hosts)) {}

Ports World::ports(const std::string& actor, const std::string& machine) {
  auto process = std::make_shared<simulation::Process>(actor, machine, clock, faults);
  {
    const std::lock_guard lock(mutex_);
    processes_[actor] = process;
  }
  return simulation::make_ports(process, {&store, &fleet, &builder, &registry, &prober, &source}, leases_);
}

simulation::Process& World::process(const std::string& actor) {
  const std::lock_guard lock(mutex_);
  return *processes_.at(actor);
}

Release World::publish(const std::string& version, const AppBehaviour& app) {
  Release release;
  release.application = config.application;
  release.version = Version::parse(version);
  release.digest = registry.publish(config.image.repository.with_tag(release.version.tag()), app);
  release.image = config.image.repository.with_digest(release.digest);
  release.creator = "builder";
  release.created = clock.now();
  const std::lock_guard lock(mutex_);
  versions_[simulation::StoredImage{.digest = release.digest}.id()] = version;
  return release;
}

const Environment& World::environment(const std::string& name) const {
  const auto found = std::find_if(config.environments.begin(), config.environments.end(), [&](const Environment& each) { return each.name == name; });
  if (found == config.environments.end()) throw std::out_of_range("the world has no environment " + name);
  return *found;
}

const Host& World::host(const std::string& name, std::size_t index) const { return environment(name).hosts.at(index); }

simulation::FakeMachine& World::machine(const std::string& environment, std::size_t index) { return fleet.machine(host(environment, index)); }

simulation::FakeEngine& World::engine(const std::string& environment, std::size_t index) { return fleet.engine(host(environment, index)); }

Found World::look(const Environment& where, const Host& host) {
  simulation::FakeMachine& machine = fleet.machine(host);
  const auto container = machine.serving(port_of(where));
  if (!container) return {host.url(), "", "", false};
  const auto answer = simulation::reply(*container, machine.moment());
  const bool healthy = answer.kind == simulation::AppReply::Kind::answered && answer.status == 200;
  return {host.url(), container->info.name, version_of(container->info.image_id), healthy};
}

std::vector<Found> World::live(const std::string& name) {
  const Environment& found = environment(name);
  std::vector<Found> all;
  for (const Host& host : found.hosts) all.push_back(look(found, host));
  return all;
}

std::string World::serving(const std::string& name) {
  const auto all = live(name);
  const Found& first = all.front();
  const bool alike = std::all_of(all.begin(), all.end(), [&](const Found& found) { return same(found, first); });
  if (alike && first.container.empty()) return "nothing";
  if (alike && first.healthy && !first.version.empty() && first.container == environment(name).container.name) return first.version;
  std::string text;
  for (const Found& found : all) text += (text.empty() ? "" : "; ") + describe(found);
  return text;
}

std::vector<std::string> World::container_names(const std::string& environment, std::size_t index) {
  std::vector<std::string> names;
  for (const auto& container : machine(environment, index).containers()) names.push_back(container.info.name);
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> World::changes(const std::string& name) const {
  std::vector<std::string> lines;
  const auto& hosts = environment(name).hosts;
  for (const auto& call : faults.calls()) {
    const bool here = std::any_of(hosts.begin(), hosts.end(), [&](const Host& host) { return host.url() == call.host; });
    if (here && call.mutating) lines.push_back(call.str());
  }
  return lines;
}

std::vector<Event> World::events() const {
  const std::lock_guard lock(mutex_);
  return events_;
}

std::vector<std::string> World::messages(EventKind kind) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> lines;
  for (const Event& event : events_)
    if (event.kind == kind) lines.push_back(event.message);
  return lines;
}

std::string World::version_of(const std::string& image_id) const {
  const std::lock_guard lock(mutex_);
  if (const auto found = versions_.find(image_id); found != versions_.end()) return found->second;
  for (const auto& [tag, digest] : registry.tags(config.image.repository.name()))  // built, not published
    if (Tag::parse(tag).kind == TagKind::version && simulation::StoredImage{.digest = digest}.id() == image_id) return tag;
  return "";
}

}  // namespace deploy::test
