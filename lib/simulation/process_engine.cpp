#include "simulation/process_engine.hpp"

namespace deploy::simulation {

EngineInfo ProcessEngine::info(const CallLimits& limits) {
  return process_->call(asks("info", ""), limits, [&] { return engine_.info(limits); });
}

void ProcessEngine::pull(const ImageReference& image, const std::function<void(const PullProgress&)>& progress, const CallLimits& limits) {
  process_->call(changes("pull", image.str()), limits, [&] { engine_.pull(image, progress, limits); });
}

std::optional<ImageInfo> ProcessEngine::find_image(const std::string& reference, const CallLimits& limits) {
  return process_->call(asks("find_image", reference), limits, [&] { return engine_.find_image(reference, limits); });
}

std::vector<ImageInfo> ProcessEngine::list_images(const ImageReference& repository, const CallLimits& limits) {
  return process_->call(asks("list_images", repository.name()), limits, [&] { return engine_.list_images(repository, limits); });
}

void ProcessEngine::remove_image(const std::string& reference, const CallLimits& limits) {
  process_->call(changes("remove_image", reference), limits, [&] { engine_.remove_image(reference, limits); });
}

std::string ProcessEngine::create(const ContainerRequest& request, const CallLimits& limits) {
  return process_->call(changes("create", request.name), limits, [&] { return engine_.create(request, limits); });
}

void ProcessEngine::start(const std::string& id, const CallLimits& limits) {
  process_->call(changes("start", name_of(id)), limits, [&] { engine_.start(id, limits); });
}

void ProcessEngine::stop(const std::string& id, std::chrono::milliseconds grace, const CallLimits& limits) {
  process_->call(changes("stop", name_of(id)), limits, [&] { engine_.stop(id, grace, limits); });
}

void ProcessEngine::rename(const std::string& id, const std::string& name, const CallLimits& limits) {
  process_->call(changes("rename", name_of(id) + " " + name), limits, [&] { engine_.rename(id, name, limits); });
}

void ProcessEngine::set_restart_policy(const std::string& id, const std::string& policy, const CallLimits& limits) {
  process_->call(changes("set_restart_policy", name_of(id) + " " + policy), limits, [&] { engine_.set_restart_policy(id, policy, limits); });
}

void ProcessEngine::remove(const std::string& id, const CallLimits& limits) {
  process_->call(changes("remove", name_of(id)), limits, [&] { engine_.remove(id, limits); });
}

std::optional<ContainerInfo> ProcessEngine::inspect(const std::string& id_or_name, const CallLimits& limits) {
  return process_->call(asks("inspect", name_of(id_or_name)), limits, [&] { return engine_.inspect(id_or_name, limits); });
}

std::vector<ContainerInfo> ProcessEngine::list_publishing(const std::vector<PortBinding>& ports, const CallLimits& limits) {
  return process_->call(asks("list_publishing", ""), limits, [&] { return engine_.list_publishing(ports, limits); });
}

std::vector<ContainerInfo> ProcessEngine::list(const std::map<std::string, std::string>& labels, const CallLimits& limits) {
  return process_->call(asks("list", ""), limits, [&] { return engine_.list(labels, limits); });
}

std::string ProcessEngine::logs(const std::string& id, int lines, const CallLimits& limits) {
  return process_->call(asks("logs", name_of(id)), limits, [&] { return engine_.logs(id, lines, limits); });
}

void ProcessEngine::follow_logs(const std::string& id, int lines, const std::function<void(std::string_view)>& sink, const CallLimits& limits) {
  process_->call(asks("follow_logs", name_of(id)), limits, [&] { engine_.follow_logs(id, lines, sink, limits); });
}

ExecOutcome ProcessEngine::exec(const std::string& id, const std::vector<std::string>& command, const CallLimits& limits) {
  return process_->call(asks("exec", name_of(id)), limits, [&] { return engine_.exec(id, command, limits); });
}

PortCall ProcessEngine::asks(const std::string& method, const std::string& subject) const {
  return {.port = "engine", .host = host_, .method = method, .subject = subject};
}

PortCall ProcessEngine::changes(const std::string& method, const std::string& subject) const {
  PortCall call = asks(method, subject);
  call.mutating = true;
  return call;
}

/// For the log alone, so it asks the world and not the process; an id that cannot be looked up stays an id.
std::string ProcessEngine::name_of(const std::string& id) {
  try {
    const auto container = engine_.inspect(id, {});
    return container ? container->name : id.substr(0, 12);
  } catch (const Error&) {
    return id.substr(0, 12);
  }
}

Engine& ProcessFleet::engine(const Host& host) {
  const std::lock_guard lock(mutex_);
  auto& engine = engines_[host.url()];
  if (!engine) engine = std::make_unique<ProcessEngine>(process_, host.url(), fleet_.engine(host));
  return *engine;
}

}  // namespace deploy::simulation
