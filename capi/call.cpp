#include "capi/call.hpp"

#include <new>

#include "capi/guard.hpp"
#include "capi/lists.hpp"

using namespace deploy;
using namespace deploy::capi;

namespace {

std::string str(const char *text) { return text ? text : ""; }

std::optional<TimePoint> time_of(std::int64_t ms) {
  if (ms == DEPLOY_NONE) return std::nullopt;
  return TimePoint(std::chrono::milliseconds(ms));
}

/// Where an answer of this kind goes.
template <class Value>
Value &wanted(Value *destination, const char *kind) {
  if (destination) return *destination;
  throw Error(ErrorCode::invalid_argument, "capi", std::string("this call does not ask for ") + kind, {{"argument", "call"}});
}

template <class Enum>
Enum choice(std::int32_t value, Enum last, const char *name) {
  if (value >= 0 && value <= static_cast<std::int32_t>(last)) return static_cast<Enum>(value);
  throw Error(ErrorCode::invalid_argument, "capi", std::string(name) + " is " + std::to_string(value) + ", which is unknown", {{"argument", name}});
}

ImageInfo image_of(const deploy_image_info &given) {
  ImageInfo image;
  image.id = str(given.id);
  image.repo_digests = texts_of(given.repo_digests);
  image.repo_tags = texts_of(given.repo_tags);
  image.labels = map_of(given.labels);
  image.size = given.size;
  image.containers = given.containers;
  return image;
}

ContainerInfo container_of(const deploy_container_info &given) {
  ContainerInfo container;
  container.id = str(given.id);
  container.name = str(given.name);
  container.image = str(given.image);
  container.image_id = str(given.image_id);
  container.status = choice(given.status, ContainerStatus::dead, "container.status");
  container.exit_code = given.exit_code;
  container.oom_killed = given.oom_killed != 0;
  container.restart_count = given.restart_count;
  container.error = str(given.error);
  container.health = choice(given.health, EngineHealth::unhealthy, "container.health");
  container.health_log = str(given.health_log);
  container.started = time_of(given.started);
  container.finished = time_of(given.finished);
  container.restart_policy = str(given.restart_policy);
  container.labels = map_of(given.labels);
  container.env = texts_of(given.env);
  for (const auto &port : texts_of(given.ports)) container.ports.push_back(PortBinding::parse(port));
  return container;
}

LedgerEntry entry_of(const deploy_ledger_entry &given) {
  LedgerEntry entry;
  entry.seq = given.seq;
  entry.time = str(given.time);
  entry.kind = str(given.kind);
  entry.actor = str(given.actor);
  entry.environment = str(given.environment);
  entry.deployment = str(given.deployment);
  entry.token = given.token;
  entry.data = str(given.data);
  entry.prev = str(given.prev);
  entry.hash = str(given.hash);
  return entry;
}

Lease lease_of(const deploy_lease &given) {
  Lease lease;
  lease.name = str(given.name);
  lease.holder = {str(given.actor), str(given.machine), given.process, str(given.process_start)};
  lease.token = given.token;
  lease.since = TimePoint(std::chrono::milliseconds(given.since));
  lease.expires = TimePoint(std::chrono::milliseconds(given.expires));
  return lease;
}

struct FreeError {
  void operator()(deploy_error *error) const noexcept { deploy_error_free(error); }
};

}  // namespace

void capi::conclude(const char *name, deploy_status status, deploy_error *error, const deploy_call *call) {
  const std::unique_ptr<deploy_error, FreeError> own(error);
  if (status == DEPLOY_OK) {
    if (call) throw_if_broken(*call);
    return;
  }
  if (own && own->status != DEPLOY_NO_MEMORY) throw Error(own->value);
  if (own || status == DEPLOY_NO_MEMORY) throw std::bad_alloc();
  const bool known = status < DEPLOY_OK && status > DEPLOY_NO_MEMORY;
  throw Error(code_of(status), "port", known ? std::string(name) + " answered " + deploy_status_name(status) + " without saying more"
                                             : std::string(name) + " answered " + std::to_string(status) + ", which is no error",
              {{"port", name}});
}

int64_t deploy_call_get_timeout(const deploy_call *call) { return call ? call->timeout : DEPLOY_NONE; }

int32_t deploy_call_is_cancelled(const deploy_call *call) { return call && call->stop.stop_requested() ? 1 : 0; }

deploy_status deploy_call_give_text(deploy_call *call, const char *text, size_t length) {
  return change(call, [&] {
    const std::string_view given(length == 0 ? "" : &required(text, "text"), length);
    if (call->stream) return call->stream(given);
    wanted(call->text, "a text") += given;
  });
}

deploy_status deploy_call_give_entry(deploy_call *call, const deploy_ledger_entry *entry) {
  return change(call, [&] { wanted(call->entries, "ledger entries").push_back(entry_of(options<deploy_ledger_entry>(&required(entry, "entry"), DEPLOY_LEDGER_ENTRY_INIT))); });
}

deploy_status deploy_call_give_lease(deploy_call *call, const deploy_lease *lease) {
  return change(call, [&] { wanted(call->leases, "a lease").push_back(lease_of(options<deploy_lease>(&required(lease, "lease"), DEPLOY_LEASE_INIT))); });
}

deploy_status deploy_call_give_checkpoint(deploy_call *call, const deploy_ledger_head *head, const char *state, size_t length) {
  return change(call, [&] {
    const auto given = options<deploy_ledger_head>(&required(head, "head"), DEPLOY_LEDGER_HEAD_INIT);
    LedgerStore::Checkpoint checkpoint{head_of(given), std::string(&required(state, "state"), length)};
    wanted(call->checkpoints, "a checkpoint").push_back(std::move(checkpoint));
  });
}

deploy_status deploy_call_give_engine(deploy_call *call, const deploy_engine_info *info) {
  return change(call, [&] {
    const auto given = options<deploy_engine_info>(&required(info, "info"), DEPLOY_ENGINE_INFO_INIT);
    wanted(call->engines, "an engine").push_back({str(given.version), str(given.api_version), str(given.os), str(given.architecture), given.podman != 0, given.free_disk});
  });
}

deploy_status deploy_call_give_image(deploy_call *call, const deploy_image_info *image) {
  return change(call, [&] { wanted(call->images, "an image").push_back(image_of(options<deploy_image_info>(&required(image, "image"), DEPLOY_IMAGE_INFO_INIT))); });
}

deploy_status deploy_call_give_container(deploy_call *call, const deploy_container_info *container) {
  return change(call, [&] {
    wanted(call->containers, "a container").push_back(container_of(options<deploy_container_info>(&required(container, "container"), DEPLOY_CONTAINER_INFO_INIT)));
  });
}

deploy_status deploy_call_give_progress(deploy_call *call, int64_t current, int64_t total) {
  return change(call, [&] {
    if (call->progress) call->progress({current, total, ""});
  });
}
