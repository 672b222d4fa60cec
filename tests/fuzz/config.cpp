// A whole deploy.json. What is accepted must make sense further on: requests for the Engine, commands for ssh.
#include "deploy/config.hpp"

#include "docker/requests.hpp"
#include "ssh/openssh_command.hpp"
#include "support/json.hpp"
#include "target.hpp"

namespace deploy::fuzz {

namespace {
const ImageReference& image() {
  static const ImageReference reference = ImageReference::parse("localhost:5000/a@sha256:" + std::string(64, 'a'));
  return reference;
}

/// Every literal value stands in the request as it stood in the file.
void hold_arrives(const ContainerSpec& spec) {
  ContainerRequest request{.name = spec.name, .image = image(), .spec = spec, .env = {}, .labels = spec.labels};
  for (const auto& [name, value] : spec.env)
    if (const auto* text = std::get_if<std::string>(&value)) request.env.emplace_back(name, Secret(*text));
  const http::Request built = docker::requests::create(request);
  const json::Document body = json::parse(built.body, "the request");
  std::vector<std::string> env;
  for (const auto& [name, value] : request.env) env.push_back(name + "=" + value.reveal());
  hold(json::strings(body, "Env") == env, "every variable arrives byte for byte");
  hold(!spec.command || json::strings(body, "Cmd") == *spec.command, "every argument arrives byte for byte");
  hold(json::string_map(body, "Labels") == spec.labels, "every label arrives byte for byte");
}

void hold_means_something(const Environment& environment) {
  for (const PortBinding& port : environment.container.ports) hold(PortBinding::parse(port.str()) == port, "parse(str()) gives the same port");
  for (const Host& host : environment.hosts) {
    hold(Host::parse(host.url()) == host, "parse(url()) gives the same host");
    if (host.kind() != HostKind::ssh) continue;
    const auto argv = ssh::master_command({host.user(), host.name(), host.port()}, {}, {"/tmp/x"}, "");
    hold(!argv.back().starts_with('-') || argv[argv.size() - 2] == "--", "a host is no option of the ssh program");
  }
  hold_arrives(environment.container);
}

/// The same values as strict JSON, without comments and trailing commas, are accepted again and mean the same.
void hold_again(const Config& config, std::string_view text) {
  const Config second = Config::parse(text, "/srv/app");
  hold(second.environments == config.environments && second.application == config.application, "an accepted configuration is accepted again");
}
}  // namespace

void try_input(std::string_view input) {
  const auto config = accepted([&] { return Config::parse(input, "/srv/app"); });
  if (!config) return;
  for (const Environment& environment : config->environments) hold_means_something(environment);
  hold_again(*config, input);
  std::string strict;
  if (!refusal([&] { strict = json::dump(json::parse(input, "the text")); })) hold_again(*config, strict);
}

}  // namespace deploy::fuzz
