#include "through_c.hpp"

#include "capi/lists.hpp"
#include "capi/ports.hpp"

namespace deploy::test {

namespace {
Engine& of(void* user_data) { return *static_cast<Engine*>(user_data); }

CallLimits limits_of(const deploy_call* call) { return {std::chrono::milliseconds(deploy_call_get_timeout(call)), {}}; }

void give(deploy_call* call, const std::string& text) { static_cast<void>(deploy_call_give_text(call, text.data(), text.size())); }

void give(deploy_call* call, const ImageInfo& image) {
  capi::Keep keep;
  const deploy_image_info record{sizeof record, image.id.c_str(), keep.copy(image.repo_digests), keep.copy(image.repo_tags), keep.copy(image.labels), image.size, image.containers};
  static_cast<void>(deploy_call_give_image(call, &record));
}

std::int64_t ms_of(const std::optional<TimePoint>& time) { return time ? time->time_since_epoch().count() : DEPLOY_NONE; }

void give(deploy_call* call, const ContainerInfo& container) {
  capi::Keep keep;
  std::vector<std::string> ports;
  for (const PortBinding& port : container.ports) ports.push_back(port.str());
  deploy_container_info record = DEPLOY_CONTAINER_INFO_INIT;
  record.id = container.id.c_str();
  record.name = container.name.c_str();
  record.image = container.image.c_str();
  record.image_id = container.image_id.c_str();
  record.status = static_cast<deploy_container_status>(container.status);
  record.health = static_cast<deploy_engine_health>(container.health);
  record.exit_code = container.exit_code;
  record.oom_killed = container.oom_killed ? 1 : 0;
  record.restart_count = container.restart_count;
  record.error = container.error.c_str();
  record.health_log = container.health_log.c_str();
  record.restart_policy = container.restart_policy.c_str();
  record.started = ms_of(container.started);
  record.finished = ms_of(container.finished);
  record.labels = keep.copy(container.labels);
  record.env = keep.copy(container.env);
  record.ports = keep.copy(ports);
  static_cast<void>(deploy_call_give_container(call, &record));
}

template <class Values>
void give_all(deploy_call* call, const Values& values) {
  for (const auto& value : values) give(call, value);
}

template <class Value>
void give_if(deploy_call* call, const std::optional<Value>& value) {
  if (value) give(call, *value);
}

deploy_status info(void* engine, const char*, deploy_call* call, deploy_error** error) {
  return capi::guard(error, [&] {
    const EngineInfo found = of(engine).info(limits_of(call));
    const deploy_engine_info record{sizeof record, found.version.c_str(), found.api_version.c_str(), found.os.c_str(), found.architecture.c_str(), found.free_disk, found.podman ? 1 : 0, 0};
    static_cast<void>(deploy_call_give_engine(call, &record));
  });
}

deploy_status pull(void* engine, const char*, const char* image, deploy_call* call, deploy_error** error) {
  return capi::guard(error, [&] {
    const auto progress = [&](const PullProgress& far) { static_cast<void>(deploy_call_give_progress(call, far.current, far.total)); };
    of(engine).pull(ImageReference::parse(image), progress, limits_of(call));
  });
}

deploy_status find_image(void* engine, const char*, const char* reference, deploy_call* call, deploy_error** error) {
  return capi::guard(error, [&] { give_if(call, of(engine).find_image(reference, limits_of(call))); });
}

deploy_status list_images(void* engine, const char*, const char* repository, deploy_call* call, deploy_error** error) {
  return capi::guard(error, [&] { give_all(call, of(engine).list_images(ImageReference::parse(repository), limits_of(call))); });
}

deploy_status remove_image(void* engine, const char*, const char* reference, deploy_call* call, deploy_error** error) {
  return capi::guard(error, [&] { of(engine).remove_image(reference, limits_of(call)); });
}

ContainerSpec spec_of(const deploy_container& container) {
  ContainerSpec spec;
  for (const std::string& port : capi::texts_of(container.ports)) spec.ports.push_back(PortBinding::parse(port));
  spec.volumes = capi::texts_of(container.volumes);
  spec.networks = capi::texts_of(container.networks);
  spec.restart = container.restart;
  spec.stop_timeout = std::chrono::milliseconds(container.stop_timeout);
  spec.memory = container.memory;
  spec.cpus = container.cpus;
  if (container.command) spec.command = capi::texts_of(container.command);
  if (container.user) spec.user = container.user;
  spec.read_only = container.read_only != 0;
  return spec;
}

deploy_status create(void* engine, const char*, const deploy_container_request* request, deploy_call* call, deploy_error** error) {
  return capi::guard(error, [&] {
    std::vector<std::pair<std::string, Secret>> env;
    for (const auto& [name, value] : capi::map_of(request->env)) env.emplace_back(name, Secret(value));
    give(call, of(engine).create({request->name, ImageReference::parse(request->image), spec_of(*request->container), std::move(env), capi::map_of(request->labels)}, limits_of(call)));
  });
}

deploy_status start(void* engine, const char*, const char* id, deploy_call* call, deploy_error** error) {
  return capi::guard(error, [&] { of(engine).start(id, limits_of(call)); });
}

deploy_status stop(void* engine, const char*, const char* id, std::int64_t grace, deploy_call* call, deploy_error** error) {
  return capi::guard(error, [&] { of(engine).stop(id, std::chrono::milliseconds(grace), limits_of(call)); });
}

deploy_status rename(void* engine, const char*, const char* id, const char* name, deploy_call* call, deploy_error** error) {
  return capi::guard(error, [&] { of(engine).rename(id, name, limits_of(call)); });
}

deploy_status set_restart_policy(void* engine, const char*, const char* id, const char* policy, deploy_call* call, deploy_error** error) {
  return capi::guard(error, [&] { of(engine).set_restart_policy(id, policy, limits_of(call)); });
}

deploy_status remove(void* engine, const char*, const char* id, deploy_call* call, deploy_error** error) {
  return capi::guard(error, [&] { of(engine).remove(id, limits_of(call)); });
}

deploy_status inspect(void* engine, const char*, const char* id, deploy_call* call, deploy_error** error) {
  return capi::guard(error, [&] { give_if(call, of(engine).inspect(id, limits_of(call))); });
}

deploy_status list(void* engine, const char*, const char* const* labels, deploy_call* call, deploy_error** error) {
  return capi::guard(error, [&] { give_all(call, of(engine).list(capi::map_of(labels), limits_of(call))); });
}

deploy_status list_publishing(void* engine, const char*, const char* const* ports, deploy_call* call, deploy_error** error) {
  return capi::guard(error, [&] {
    std::vector<PortBinding> all;
    for (const std::string& port : capi::texts_of(ports)) all.push_back(PortBinding::parse(port));
    give_all(call, of(engine).list_publishing(all, limits_of(call)));
  });
}

deploy_status logs(void* engine, const char*, const char* id, std::int32_t lines, deploy_call* call, deploy_error** error) {
  return capi::guard(error, [&] { give(call, of(engine).logs(id, lines, limits_of(call))); });
}

deploy_status follow_logs(void* engine, const char*, const char* id, std::int32_t lines, deploy_call* call, deploy_error** error) {
  return capi::guard(error, [&] { of(engine).follow_logs(id, lines, [&](std::string_view text) { give(call, std::string(text)); }, limits_of(call)); });
}

deploy_status exec(void* engine, const char*, const char* id, const char* const* command, std::int32_t* out_exit_code, deploy_call* call, deploy_error** error) {
  return capi::guard(error, [&] {
    const ExecOutcome outcome = of(engine).exec(id, capi::texts_of(command), limits_of(call));
    *out_exit_code = outcome.exit_code;
    give(call, outcome.output);
  });
}
}  // namespace

HostThroughC::HostThroughC()
    : fleet_(capi::make_fleet({sizeof(deploy_engine), &SimulatedHost::engine(), nullptr, info, pull, find_image, list_images, remove_image, create, start, stop, rename,
                               set_restart_policy, remove, inspect, list, list_publishing, logs, follow_logs, exec}, {})) {}
HostThroughC::~HostThroughC() = default;

}  // namespace deploy::test
