#include "docker/container_body.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <map>

#include "deploy/error.hpp"
#include "docker/requests.hpp"

namespace deploy::docker {

namespace {
// The Engine takes bare IPv6 addresses here, not bracketed ones.
std::string host_ip(const std::string& address) {
  if (address.size() > 2 && address.front() == '[' && address.back() == ']') return address.substr(1, address.size() - 2);
  return address;
}

struct Ports {
  json::Object exposed, bound;
};

// Two bindings of one container port share its key.
Ports ports_of(const std::vector<PortBinding>& bindings) {
  std::map<std::string, json::Array> by_port;
  for (const PortBinding& b : bindings)
    for (int i = 0; i <= b.container_last - b.container_first; ++i)
      by_port[fmt::format("{}/{}", b.container_first + i, to_string(b.protocol))].add(
          json::Object().add("HostIp", host_ip(b.address)).add("HostPort", std::to_string(b.host_first + i)));
  Ports out;
  for (const auto& [port, hosts] : by_port) {
    out.exposed.add(port, json::Object());
    out.bound.add(port, hosts);
  }
  return out;
}

json::Object host_config(const ContainerSpec& spec, const Ports& ports) {
  json::Object out;
  if (!ports.bound.empty()) out.add("PortBindings", ports.bound);
  if (!spec.volumes.empty()) out.add("Binds", spec.volumes);
  if (!spec.networks.empty()) out.add("NetworkMode", spec.networks.front());
  out.add("RestartPolicy", restart_policy_body(spec.restart));
  if (spec.memory > 0) out.add("Memory", spec.memory);
  if (spec.cpus > 0) out.add("NanoCpus", static_cast<std::int64_t>(std::llround(spec.cpus * 1e9)));
  if (spec.read_only) out.add("ReadonlyRootfs", true);
  return out;
}

[[noreturn]] void bad_policy(const std::string& policy) {
  throw Error(ErrorCode::invalid_argument, "engine",
              fmt::format("restart policy '{}' is none of no, always, unless-stopped, on-failure, on-failure:N", policy), {{"value", policy}});
}

int retries_of(const std::string& policy, std::size_t colon) {
  int count = 0;
  const char* const end = policy.data() + policy.size();
  const auto [stop, error] = std::from_chars(policy.data() + colon + 1, end, count);
  if (error != std::errc() || stop != end || count < 0) bad_policy(policy);
  return count;
}
}  // namespace

json::Object restart_policy_body(const std::string& policy) {
  const std::size_t colon = policy.find(':');
  const std::string name = policy.substr(0, colon);
  const bool known = policy.empty() || name == "no" || name == "always" || name == "unless-stopped" || name == "on-failure";
  if (!known || (colon != std::string::npos && name != "on-failure")) bad_policy(policy);
  return json::Object().add("Name", name.empty() ? "no" : name).add("MaximumRetryCount", colon == std::string::npos ? 0 : retries_of(policy, colon));
}

json::Object container_body(const ContainerRequest& request) {
  const ContainerSpec& spec = request.spec;
  const Ports ports = ports_of(spec.ports);
  json::Object out;
  out.add("Image", pinned(request.image));
  if (spec.command) out.add("Cmd", *spec.command);
  if (spec.user) out.add("User", *spec.user);
  json::Array env;
  for (const auto& [name, value] : request.env) env.add(name + "=" + value.reveal());
  out.add("Env", env).add("Labels", request.labels);
  if (!ports.exposed.empty()) out.add("ExposedPorts", ports.exposed);
  out.add("StopTimeout", std::chrono::ceil<std::chrono::seconds>(spec.stop_timeout).count());
  return out.add("HostConfig", host_config(spec, ports));
}

}  // namespace deploy::docker
