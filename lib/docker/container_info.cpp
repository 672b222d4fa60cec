// GET /containers/{id}/json as a value.
#include <fmt/format.h>

#include <charconv>

#include "deploy/error.hpp"
#include "docker/responses.hpp"
#include "support/one_line.hpp"
#include "support/json.hpp"

namespace deploy {

namespace docker::responses {

namespace {
constexpr std::size_t kHealthLog = 4096;

// podman knows more states than Docker's API; they are close enough to one of its.
ContainerStatus status_of(const std::string& text) {
  using enum ContainerStatus;
  for (const ContainerStatus s : {created, running, paused, restarting, removing, exited, dead})
    if (text == to_string(s)) return s;
  if (text == "configured" || text == "initialized") return created;
  if (text == "stopped") return exited;
  if (text == "stopping") return running;
  throw Error(ErrorCode::protocol, "engine", fmt::format("the Engine reports the unknown container status '{}'", one_line(text, 100)));
}

EngineHealth health_of(const std::string& text) {
  using enum EngineHealth;
  for (const EngineHealth h : {starting, healthy, unhealthy})
    if (text == to_string(h)) return h;
  return none;
}

// The Engine writes the year 1 for "never".
std::optional<TimePoint> time_of(const json::Value& state, std::string_view key) {
  const std::string text = json::string(state, key);
  if (text.empty() || text.starts_with("0001-")) return std::nullopt;
  try {
    return parse_rfc3339(text);
  } catch (const Error&) {
    throw Error(ErrorCode::protocol, "engine", fmt::format("{} of a container is no time: '{}'", key, one_line(text, 100)));
  }
}

void read_state(const json::Value& state, ContainerInfo& out) {
  out.status = status_of(json::string(state, "Status"));
  out.exit_code = static_cast<int>(json::integer(state, "ExitCode"));
  out.oom_killed = json::boolean(state, "OOMKilled");
  out.error = one_line(json::string(state, "Error"));
  out.started = time_of(state, "StartedAt");
  out.finished = time_of(state, "FinishedAt");
  const json::Value* health = json::find(state, "Health");
  if (health == nullptr) return;
  out.health = health_of(json::string(*health, "Status"));
  const json::Value* log = json::find(*health, "Log");
  if (log != nullptr && log->IsArray() && !log->Empty()) out.health_log = json::string((*log)[log->Size() - 1], "Output").substr(0, kHealthLog);
}

std::string restart_policy_of(const json::Value& host_config) {
  const json::Value* policy = json::find(host_config, "RestartPolicy");
  if (policy == nullptr) return "no";
  const std::string name = json::string(*policy, "Name");
  const std::int64_t retries = json::integer(*policy, "MaximumRetryCount");
  if (name == "on-failure" && retries > 0) return fmt::format("on-failure:{}", retries);
  return name.empty() ? "no" : name;
}

std::optional<std::uint16_t> port_number(std::string_view text) {
  std::uint16_t port = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return port;
}

// "80/tcp"
std::optional<PortBinding> container_port(std::string_view key) {
  const std::size_t slash = key.find('/');
  const auto port = port_number(key.substr(0, slash));
  const std::string_view protocol = slash == std::string_view::npos ? "tcp" : key.substr(slash + 1);
  if (!port) return std::nullopt;
  PortBinding out;
  out.container_first = out.container_last = *port;
  for (const Protocol p : {Protocol::tcp, Protocol::udp, Protocol::sctp})
    if (protocol == to_string(p)) {
      out.protocol = p;
      return out;
    }
  return std::nullopt;
}

// `{"80/tcp": [{"HostIp": "", "HostPort": "8080"}]}`; what has no host port yet is left out.
std::vector<PortBinding> bindings_of(const json::Value* ports) {
  std::vector<PortBinding> out;
  if (ports == nullptr || !ports->IsObject()) return out;
  for (const auto& member : ports->GetObject()) {
    auto binding = container_port(json::view(member.name));
    if (!binding || !member.value.IsArray()) continue;
    for (const json::Value& host : member.value.GetArray()) {
      const auto port = port_number(json::string(host, "HostPort"));
      if (!port || *port == 0) continue;
      binding->address = json::string(host, "HostIp");
      if (binding->address == "0.0.0.0") binding->address.clear();
      binding->host_first = binding->host_last = *port;
      out.push_back(*binding);
    }
  }
  return out;
}
}  // namespace

ContainerInfo container(std::string_view body) {
  const json::Document d = json::parse(body, "the container's description");
  const json::Value* state = json::find(d, "State");
  const json::Value* config = json::find(d, "Config");
  const json::Value* host_config = json::find(d, "HostConfig");
  if (json::string(d, "Id").empty() || state == nullptr || config == nullptr || host_config == nullptr)
    throw Error(ErrorCode::protocol, "engine", "the container's description lacks Id, State, Config or HostConfig");
  ContainerInfo out;
  out.id = json::string(d, "Id");
  out.name = json::string(d, "Name");
  if (out.name.starts_with('/')) out.name.erase(0, 1);
  out.image = json::string(*config, "Image");
  out.image_id = json::string(d, "Image");
  if (out.image_id.size() == 64) out.image_id.insert(0, "sha256:");
  read_state(*state, out);
  out.restart_count = json::integer(d, "RestartCount");
  out.restart_policy = restart_policy_of(*host_config);
  out.labels = json::string_map(*config, "Labels");
  out.env = json::strings(*config, "Env");
  // What was asked for, or, where the Engine chose the ports, what it chose (known only while the container runs).
  out.ports = bindings_of(json::find(*host_config, "PortBindings"));
  const json::Value* network = json::find(d, "NetworkSettings");
  if (out.ports.empty() && network != nullptr) out.ports = bindings_of(json::find(*network, "Ports"));
  return out;
}

}  // namespace docker::responses
}  // namespace deploy
