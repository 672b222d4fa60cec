// How we get at registries and hosts: credentials, SSH, certificates.
#include <fmt/format.h>

#include "config/explain.hpp"
#include "config/read.hpp"

namespace deploy {

std::string_view to_string(SshClient client) {
  switch (client) {
    case SshClient::libssh2: return "libssh2";
    case SshClient::openssh: return "openssh";
  }
  return "libssh2";
}

namespace config {

namespace {
std::optional<Host> read_jump(const Node& node) {
  const auto host = node.parsed(std::optional<Host>(), [](std::string_view text) { return std::optional(Host::parse(text)); });
  if (host && host->kind() != HostKind::ssh) node.fault(fmt::format("found {}, expected ssh://[user@]host[:port]", found(node.value())));
  return host;
}
}  // namespace

RegistryConfig read_registry(const Node& node) {
  RegistryConfig out;
  out.username = node["username"].secret();
  out.password = node["password"].secret();
  out.insecure = node["insecure"].flag(out.insecure);
  if (static_cast<bool>(node["username"]) != static_cast<bool>(node["password"]))
    node.fault("found only one of \"username\" and \"password\", expected both or neither");
  return out;
}

SshConfig read_ssh(const Node& node) {
  SshConfig out;
  if (node["client"].text() == "openssh") out.client = SshClient::openssh;
  out.identity = node["identity"].path();
  out.passphrase = node["passphrase"].secret();
  out.known_hosts = node["known_hosts"].path();
  out.jump = read_jump(node["jump"]);
  out.agent = node["agent"].secret();
  out.config = node["config"].path();
  if (node["config"] && out.client != SshClient::openssh)
    node["config"].fault_at_key("found a configuration of the ssh program, which only \"client\": \"openssh\" reads");
  return out;
}

TlsConfig read_tls(const Node& node) {
  TlsConfig out{node["ca"].path(), node["cert"].path(), node["key"].path()};
  if (out.cert.empty() != out.key.empty()) node.fault("found only one of \"cert\" and \"key\", expected both or neither");
  return out;
}

}  // namespace config
}  // namespace deploy
