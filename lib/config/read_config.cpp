#include <fmt/format.h>

#include "config/check.hpp"
#include "config/explain.hpp"
#include "config/read.hpp"

namespace deploy::config {

namespace {
constexpr std::string_view kSqlite = "sqlite:";

std::string read_application(const Node& node) {
  if (!node.text().empty() && node.text().size() <= 63 && !is_valid_name(node.text()))
    node.fault(fmt::format("found {}, expected a letter or digit, then letters, digits, '_', '.' and '-'", found(node.value())));
  return node.text();
}

std::string read_state(const Node& node, const std::string& usual) {
  const std::string text = node.text(usual);
  if (!text.empty() && (!text.starts_with(kSqlite) || text.size() == kSqlite.size())) {
    node.fault(fmt::format("found {}, expected sqlite:PATH such as \"sqlite:.deploy/ledger.db\"", found(node.value())));
    return text;
  }
  if (text.empty()) return text;
  try {
    return std::string(kSqlite) + absolute_path(std::string_view(text).substr(kSqlite.size()), node.directory());
  } catch (const Error& error) {
    node.fault(error.what());
    return text;
  }
}

/// "The last environment" is what tags wait for when nothing else is said.
void fill_defaults(Config& config) {
  if (config.environments.empty()) return;
  const std::string& last = config.environments.back().name;
  if (config.image.floating_after.empty()) config.image.floating_after = last;
  if (config.git && config.git->after.empty()) config.git->after = last;
}
}  // namespace

Config read_config(const Node& root) {
  Config out;
  out.directory = root.directory();
  out.application = read_application(root["application"]);
  out.state = read_state(root["state"], out.state);
  out.image = read_image(root["image"]);
  out.engine = root["engine"].parsed(out.engine, Host::parse);
  out.registry = read_registry(root["registry"]);
  if (root["git"]) out.git = read_git(root["git"]);
  out.ssh = read_ssh(root["ssh"]);
  out.tls = read_tls(root["tls"]);
  for (const Node& environment : root["environments"].items()) out.environments.push_back(read_environment(environment));
  check_config(root, out);
  out.environments = upstream_first(std::move(out.environments));
  fill_defaults(out);
  return out;
}

}  // namespace deploy::config
