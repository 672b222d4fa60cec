#include "config/check.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "config/explain.hpp"

namespace deploy::config {

namespace {
const Environment* find(const std::vector<Environment>& environments, std::string_view name) {
  const auto it = std::find_if(environments.begin(), environments.end(), [&](const Environment& e) { return e.name == name; });
  return it == environments.end() ? nullptr : &*it;
}

std::vector<std::string> names_of(const std::vector<Environment>& environments) {
  std::vector<std::string> out;
  for (const Environment& environment : environments) out.push_back(environment.name);
  return out;
}

void check_known(const Node& node, const std::vector<Environment>& environments) {
  if (!node.is_text() || node.text().empty() || find(environments, node.text()) != nullptr) return;
  const auto known = names_of(environments);
  node.fault(fmt::format("found {}, expected the name of an environment ({}){}", found(node.value()), listed(known), suggestion(node.text(), known)));
}

/// "staging -> production -> staging" when the upstreams of `start` lead back to it, else "".
std::string cycle_from(const Environment& start, const std::vector<Environment>& environments) {
  if (start.name.empty() || start.after.empty()) return "";
  std::string way = start.name;
  const Environment* at = &start;
  for (std::size_t steps = 0; steps < environments.size(); ++steps) {
    at = find(environments, at->after);
    if (at == nullptr) return "";
    way += " -> " + at->name;
    if (at->name == start.name) return way;
  }
  return "";
}

void check_upstream(const Node& node, const Environment& environment, const std::vector<Environment>& environments) {
  if (environment.after == environment.name && !environment.name.empty())
    return node["after"].fault(fmt::format("found {}, the environment itself; expected its upstream", found(node["after"].value())));
  check_known(node["after"], environments);
  if (const std::string cycle = cycle_from(environment, environments); !cycle.empty())
    node["after"].fault(fmt::format("found {}, which closes a cycle: {}; nothing could ever be promoted", found(node["after"].value()), cycle));
}

/// nullopt where the reader has complained already.
std::optional<PortBinding> port_of(const Node& node) {
  try {
    return PortBinding::parse(node.text());
  } catch (const Error&) {
    return std::nullopt;
  }
}

void check_port_clashes(const Node& node, const Host& host, const Environment& other) {
  for (const Node& item : node["container"]["ports"].items()) {
    const auto port = port_of(item);
    for (const PortBinding& theirs : other.container.ports)
      if (port && port->overlaps(theirs))
        item.fault(fmt::format("found {}, but environment \"{}\" binds \"{}\" on the same host {}", found(item.value()), other.name, theirs.str(), host.url()));
  }
}

/// Blames the later of the two.
void check_sharing(const Node& node, const Environment& environment, const Environment& other) {
  for (const Host& host : environment.hosts) {
    if (std::find(other.hosts.begin(), other.hosts.end(), host) == other.hosts.end()) continue;
    if (!environment.container.name.empty() && environment.container.name == other.container.name)
      node["container"]["name"].fault(fmt::format("found \"{}\", but environment \"{}\" has a container of that name on the same host {}",
                                                  environment.container.name, other.name, host.url()));
    check_port_clashes(node, host, other);
  }
}

std::uint16_t asked_port(const HealthProbe& probe) {
  if (const auto* http = std::get_if<HttpCheck>(&probe.check)) return http->port;
  const auto* tcp = std::get_if<TcpCheck>(&probe.check);
  return tcp == nullptr ? 0 : tcp->port;
}

// A container that publishes some ports, but not the probed one, can never be found healthy from its host.
void check_probed_port(const Node& node, const Environment& environment) {
  const std::uint16_t port = asked_port(environment.probe);
  const auto& ports = environment.container.ports;
  if (port == 0 || ports.empty() || environment.probe.from != ProbeFrom::host) return;
  const auto publishes = [&](const PortBinding& p) { return p.protocol == Protocol::tcp && p.host_first <= port && port <= p.host_last; };
  if (std::any_of(ports.begin(), ports.end(), publishes)) return;
  std::vector<std::string> written;
  for (const PortBinding& p : ports) written.push_back(p.str());
  const Node at = node["probe"][kind_of(environment.probe)]["port"];
  std::string hint;
  for (const PortBinding& p : ports)
    if (p.container_first <= port && port <= p.container_last)
      hint = fmt::format("; {} is the container's port, the host's is {}", port, p.host_first + (port - p.container_first));
  at.fault(fmt::format("found {}, but the container publishes only {}; nothing would answer there{}", port, listed(written), hint));
}
}  // namespace

void check_config(const Node& root, const Config& config) {
  const auto& environments = config.environments;
  const auto nodes = root["environments"].items();
  for (std::size_t i = 0; i < environments.size(); ++i) {
    const Environment& environment = environments[i];
    check_upstream(nodes[i], environment, environments);
    check_probed_port(nodes[i], environment);
    for (std::size_t j = 0; j < i; ++j) {
      if (!environment.name.empty() && environment.name == environments[j].name)
        nodes[i]["name"].fault(fmt::format("found \"{}\", the name of another environment", environment.name));
      check_sharing(nodes[i], environment, environments[j]);
    }
  }
  check_known(root["image"]["floating_after"], environments);
  check_known(root["git"]["after"], environments);
}

// The first environment whose upstream stands already comes next, so that an order that is right stays as it is.
std::vector<Environment> upstream_first(std::vector<Environment> environments) {
  std::vector<Environment> out;
  while (!environments.empty()) {
    const auto ready = [&](const Environment& e) { return find(environments, e.after) == nullptr || e.after == e.name; };
    const auto next = std::find_if(environments.begin(), environments.end(), ready);
    if (next == environments.end()) break;
    out.push_back(std::move(*next));
    environments.erase(next);
  }
  out.insert(out.end(), std::make_move_iterator(environments.begin()), std::make_move_iterator(environments.end()));
  return out;
}

}  // namespace deploy::config
