#include <fmt/format.h>

#include <algorithm>

#include "config/explain.hpp"
#include "config/grammar.hpp"
#include "config/read.hpp"
#include "model/text.hpp"

namespace deploy::config {

namespace {
constexpr std::int64_t kSmallestMemory = 6 << 20;  // the Engine refuses less
constexpr std::string_view kOurLabels = "io.libdeploy.";

void complain(const Node& node, const std::string& complaint) {
  if (node.is_text() && !node.text().empty() && !complaint.empty()) node.fault(fmt::format("found {}: {}", found(node.value()), complaint));
}

std::string read_container_name(const Node& node) {
  if (!node.text().empty() && !is_valid_container_name(node.text()))
    node.fault(fmt::format("found {}, expected a container's name: a letter or digit, then letters, digits, '_', '.' and '-'", found(node.value())));
  return node.text();
}

std::vector<PortBinding> read_ports(const Node& node) {
  std::vector<PortBinding> out;
  for (const Node& item : node.items()) {
    const auto port = item.parsed(std::optional<PortBinding>(), [](std::string_view text) { return std::optional(PortBinding::parse(text)); });
    if (!port) continue;
    for (const PortBinding& other : out)
      if (port->overlaps(other)) item.fault(fmt::format("found {}, which binds the same port as \"{}\" of this container", found(item.value()), other.str()));
    out.push_back(*port);
  }
  return out;
}

std::map<std::string, EnvValue> read_env(const Node& node) {
  std::map<std::string, EnvValue> out;
  for (const auto& [name, value] : node.members()) {
    if (name.empty() || name.find('=') != std::string::npos) value.fault_at_key("found a variable's name that is empty or holds '='");
    if (auto source = value.secret()) out.emplace(name, *std::move(source));
    else out.emplace(name, value.text());
  }
  return out;
}

std::vector<std::string> read_volumes(const Node& node) {
  std::vector<std::string> out;
  for (const Node& item : node.items()) {
    complain(item, volume_complaint(item.text()));
    for (const std::string& other : out)
      if (volume_target(other) == volume_target(item.text()))
        item.fault(fmt::format("found {}, which is mounted at the same path as \"{}\"", found(item.value()), other));
    out.push_back(item.text());
  }
  return out;
}

std::vector<std::string> read_networks(const Node& node, bool publishes) {
  const std::vector<std::string> out = node.texts();
  for (const Node& item : node.items()) {
    const std::string name = item.text();
    const bool special = name == "host" || name == "none";
    if (special && out.size() > 1) item.fault(fmt::format("found {} among other networks, expected it alone", found(item.value())));
    if (special && publishes) item.fault(fmt::format("found {} together with \"ports\"; such a container cannot publish ports, leave \"ports\" away", found(item.value())));
    if (!name.empty() && !is_valid_container_name(name)) item.fault(fmt::format("found {}, expected the name of a network", found(item.value())));
  }
  return out;
}

std::map<std::string, std::string> read_labels(const Node& node) {
  for (const auto& [name, value] : node.members()) {
    if (name.empty()) value.fault_at_key("found a label without a name");
    if (name.starts_with(kOurLabels)) value.fault_at_key(fmt::format("found {}; labels that begin with {} are written by libdeploy itself", text::quoted(name), kOurLabels));
  }
  return node.text_map();
}

std::int64_t read_memory(const Node& node) {
  if (!node) return 0;
  const bool number = node.value().IsInt64();
  const std::int64_t bytes = number ? node.value().GetInt64() : node.parsed(std::int64_t{0}, parse_memory);
  if (bytes > 0 && bytes < kSmallestMemory) node.fault(fmt::format("found {}, expected at least 6m (the Engine refuses less)", found(node.value())));
  return bytes;
}

void check_command(const Node& node) {
  const auto items = node.items();
  if (!items.empty() && items.front().is_text() && items.front().text().empty()) items.front().fault("found an empty text, expected a program or argument");
}
}  // namespace

ContainerSpec read_container(const Node& node) {
  ContainerSpec out;
  out.name = read_container_name(node["name"]);
  out.ports = read_ports(node["ports"]);
  out.env = read_env(node["env"]);
  out.volumes = read_volumes(node["volumes"]);
  out.networks = read_networks(node["networks"], !out.ports.empty());
  out.restart = node["restart"].text(out.restart);
  complain(node["restart"], restart_complaint(out.restart));
  out.stop_timeout = node["stop_timeout"].duration(out.stop_timeout);
  out.labels = read_labels(node["labels"]);
  out.memory = read_memory(node["memory"]);
  out.cpus = node["cpus"].real(out.cpus);
  if (node["command"]) out.command = node["command"].texts();
  check_command(node["command"]);
  if (node["user"]) out.user = node["user"].text();
  out.read_only = node["read_only"].flag(out.read_only);
  return out;
}

}  // namespace deploy::config
