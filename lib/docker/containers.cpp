#include "docker/containers.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "docker/requests.hpp"
#include "docker/responses.hpp"
#include "support/pause.hpp"

namespace deploy::docker {

namespace {
constexpr std::chrono::milliseconds kRemovalPoll{50};

void connect_networks(Connection& engine, const ContainerRequest& request, const std::string& id, const CallLimits& limits) {
  const std::vector<std::string>& networks = request.spec.networks;
  for (std::size_t i = 1; i < networks.size(); ++i)
    engine.send(requests::connect_network(networks[i], id), {.what = fmt::format("connect container {} to network {}", request.name, networks[i])}, limits);
}

bool is_built_in(const std::string& network) {
  return network == "bridge" || network == "host" || network == "none" || network == "default" || network.starts_with("container:");
}

// The Engine takes any name at creation and fails at the start, when the old container may already be stopped.
void check_networks(Connection& engine, const ContainerRequest& request, const CallLimits& limits) {
  for (const std::string& network : request.spec.networks)
    if (!is_built_in(network))
      engine.send(requests::inspect_network(network), {.what = fmt::format("create container {}, which needs the network {}", request.name, network)}, limits);
}

// Half a container must not keep the name. Returns what to add to the error.
std::string take_back(Connection& engine, const std::string& id, const CallLimits& limits) {
  try {
    remove(engine, id, {.timeout = limits.timeout});
    return " The container was removed again.";
  } catch (const Error& error) {
    return fmt::format(" The container is still there, unstarted: {}", error.what());
  }
}
}  // namespace

std::string create(Connection& engine, const ContainerRequest& request, const CallLimits& limits) {
  const Act act{.what = "create container " + request.name, .operation = Operation::create, .when_unknown = "it may exist: look it up by name"};
  check_networks(engine, request, limits);
  const http::Response answer = engine.send(requests::create(request), act, limits);
  const std::string id = engine.understand(act, [&] { return responses::created_id(answer.body); });
  try {
    connect_networks(engine, request, id, limits);
  } catch (const Error& error) {
    throw Error(error.code(), error.area(), error.what() + take_back(engine, id, limits), error.details());
  }
  return id;
}

void start(Connection& engine, const std::string& id, const CallLimits& limits) {
  engine.send(requests::start(id), {.what = "start container " + id, .operation = Operation::start, .when_unknown = "it may be running: inspect it"}, limits);
}

void stop(Connection& engine, const std::string& id, std::chrono::milliseconds grace, const CallLimits& limits) {
  const CallLimits longer{.timeout = limits.timeout + grace, .stop = limits.stop};
  engine.send(requests::stop(id, grace), {.what = "stop container " + id, .when_unknown = "it may be stopping: inspect it"}, longer);
}

// Engines refuse to rename a container to its own name, each in its own way; so the container is asked.
void rename(Connection& engine, const std::string& id, const std::string& name, const CallLimits& limits) {
  const Act act{.what = fmt::format("rename container {} to {}", id, name), .when_unknown = "it has one name or the other: inspect it"};
  const http::Response answer = engine.send(requests::rename(id, name), act, limits, {400, 409, 500});
  if (answer.ok()) return;
  const auto now = inspect(engine, id, limits);
  if (now && now->name == name) return;
  const bool taken = answer.status == 409 || inspect(engine, name, limits).has_value();
  const Error error = refusal(act, engine.host(), answer.status, responses::error_message(answer.body));
  throw taken ? Error(ErrorCode::already_exists, error.area(), error.what(), error.details()) : error;
}

void set_restart_policy(Connection& engine, const std::string& id, const std::string& policy, const CallLimits& limits) {
  const Act act{.what = fmt::format("set the restart policy of container {} to {}", id, policy), .when_unknown = "setting it again does no harm"};
  // podman before 5 has no such call and answers as if the container were missing.
  const bool may_lack_it = engine.peer(limits).podman;
  const http::Response answer = may_lack_it ? engine.send(requests::set_restart_policy(id, policy), act, limits, {404}) : engine.send(requests::set_restart_policy(id, policy), act, limits);
  if (answer.status != 404) return;
  const Error error = refusal(act, engine.host(), answer.status, responses::error_message(answer.body));
  if (!inspect(engine, id, limits)) throw error;
  throw Error(ErrorCode::unsupported, error.area(), fmt::format("cannot {} on {}: this podman cannot change the restart policy of a container", act.what, engine.host()), error.details());
}

// 409: somebody's removal is under way; done is when it is gone.
void remove(Connection& engine, const std::string& id, const CallLimits& limits) {
  const Act act{.what = "remove container " + id, .when_unknown = "removing it again does no harm"};
  const http::Response answer = engine.send(requests::remove(id), act, limits, {404, 409});
  if (answer.status != 409) return;
  const Error error = refusal(act, engine.host(), answer.status, responses::error_message(answer.body));
  const auto end = std::chrono::steady_clock::now() + limits.timeout;
  while (const auto left = inspect(engine, id, limits)) {
    if (left->status != ContainerStatus::removing || std::chrono::steady_clock::now() >= end) throw error;
    pause(kRemovalPoll, limits.stop);
  }
}

std::optional<ContainerInfo> inspect(Connection& engine, const std::string& id_or_name, const CallLimits& limits) {
  const Act act{.what = "inspect container " + id_or_name};
  const http::Response answer = engine.send(requests::inspect(id_or_name), act, limits, {404});
  if (answer.status == 404) return std::nullopt;
  return engine.understand(act, [&] { return responses::container(answer.body); });
}

namespace {
// The list itself tells neither exit code nor restarts; what vanishes between the two calls was not there.
std::vector<ContainerInfo> inspect_all(Connection& engine, const http::Request& request, const CallLimits& limits) {
  const Act act{.what = "list the containers"};
  const http::Response answer = engine.send(request, act, limits);
  std::vector<ContainerInfo> out;
  for (const std::string& id : engine.understand(act, [&] { return responses::container_ids(answer.body); }))
    if (auto container = inspect(engine, id, limits)) out.push_back(std::move(*container));
  return out;
}

bool publishes(const ContainerInfo& container, const std::vector<PortBinding>& ports) {
  const auto same_port = [](PortBinding a, PortBinding b) {
    a.address.clear();
    b.address.clear();
    return a.overlaps(b);
  };
  return std::any_of(container.ports.begin(), container.ports.end(), [&](const PortBinding& has) {
    return std::any_of(ports.begin(), ports.end(), [&](const PortBinding& wanted) { return same_port(has, wanted); });
  });
}
}  // namespace

std::vector<ContainerInfo> list(Connection& engine, const std::map<std::string, std::string>& labels, const CallLimits& limits) {
  return inspect_all(engine, requests::list(labels), limits);
}

// Docker filters by published port, so that a host with many containers is asked about few; podman does not know the filter.
std::vector<ContainerInfo> list_publishing(Connection& engine, const std::vector<PortBinding>& ports, const CallLimits& limits) {
  if (ports.empty()) return {};
  auto out = inspect_all(engine, engine.peer(limits).podman ? requests::list({}) : requests::list_publishing(ports), limits);
  std::erase_if(out, [&](const ContainerInfo& container) { return !container.running() || !publishes(container, ports); });
  return out;
}

}  // namespace deploy::docker
