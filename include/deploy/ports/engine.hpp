// Port: the container engine of one host.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "deploy/call.hpp"
#include "deploy/container.hpp"
#include "deploy/digest.hpp"
#include "deploy/image.hpp"
#include "deploy/time.hpp"

namespace deploy {

struct EngineInfo {
  std::string version, api_version, os, architecture;
  bool podman = false;
  std::int64_t free_disk = -1;  ///< bytes free where images are kept, -1 when it cannot be found out from here
};

struct ImageInfo {
  std::string id;                          ///< sha256:... of the image's configuration
  std::vector<std::string> repo_digests;   ///< name@sha256:...
  std::vector<std::string> repo_tags;
  std::map<std::string, std::string> labels;
  std::int64_t size = 0;
  std::int64_t containers = -1;            ///< made from it, in any state; -1 when that was not asked (list_images asks)
};

enum class ContainerStatus { created, running, paused, restarting, removing, exited, dead };
[[nodiscard]] std::string_view to_string(ContainerStatus status);

enum class EngineHealth { none, starting, healthy, unhealthy };  ///< of the image's HEALTHCHECK
[[nodiscard]] std::string_view to_string(EngineHealth health);

struct ContainerInfo {
  std::string id;
  std::string name;       ///< without the leading slash
  std::string image;      ///< as it was asked for at creation
  std::string image_id;   ///< sha256:...
  ContainerStatus status = ContainerStatus::created;
  int exit_code = 0;
  bool oom_killed = false;
  std::int64_t restart_count = 0;
  std::string error;      ///< the engine's own words, e.g. why a start failed
  EngineHealth health = EngineHealth::none;
  std::string health_log; ///< output of the newest health check
  std::optional<TimePoint> started, finished;
  std::string restart_policy;
  std::map<std::string, std::string> labels;
  std::vector<std::string> env;            ///< NAME=value, as the engine reports it. May hold secrets: never log it
  std::vector<PortBinding> ports;
  [[nodiscard]] bool running() const { return status == ContainerStatus::running; }
};

/// A container to be made; environment values are resolved. Since: 0.9
struct ContainerRequest {
  std::string name;
  ImageReference image;                    ///< by digest
  ContainerSpec spec;                      ///< its `name` and `env` are not used
  std::vector<std::pair<std::string, Secret>> env;
  std::map<std::string, std::string> labels;  ///< all of them, the library's own included
};

struct ExecOutcome {
  int exit_code = 0;
  std::string output;  ///< both streams, bounded
};

struct PullProgress {
  std::int64_t current = 0, total = 0;  ///< bytes over all layers known so far
  std::string status;
};

/// One host's engine. Methods block, throw deploy::Error with details `host`, and may be called from several threads
/// at a time. Acts on a container that is already in the wanted state succeed (start of a running one, stop of a stopped
/// one, removal of an absent one), so that a step can be repeated. Since: 0.9
class Engine {
 public:
  virtual ~Engine() = default;

  [[nodiscard]] virtual EngineInfo info(const CallLimits& limits) = 0;

  /// Pulls by digest. Throws {not_found} when the registry has no such manifest, {unauthorized}, {unreachable} ...
  virtual void pull(const ImageReference& image, const std::function<void(const PullProgress&)>& progress, const CallLimits& limits) = 0;
  /// By reference or id; nullopt when this host has no such image.
  [[nodiscard]] virtual std::optional<ImageInfo> find_image(const std::string& reference, const CallLimits& limits) = 0;
  /// Images that this host knows under the repository's name, by tag or digest; `repo_tags` and `repo_digests` are of that repository.
  [[nodiscard]] virtual std::vector<ImageInfo> list_images(const ImageReference& repository, const CallLimits& limits) = 0;
  /// Takes the reference away, and the image with its last one; never by force: an image that a container uses is {conflict}.
  virtual void remove_image(const std::string& reference, const CallLimits& limits) = 0;

  /// Returns the id. Throws {already_exists} when the name is taken.
  virtual std::string create(const ContainerRequest& request, const CallLimits& limits) = 0;
  virtual void start(const std::string& id, const CallLimits& limits) = 0;
  /// Signals, and kills after `grace`. The call may last as long as `grace`.
  virtual void stop(const std::string& id, std::chrono::milliseconds grace, const CallLimits& limits) = 0;
  virtual void rename(const std::string& id, const std::string& name, const CallLimits& limits) = 0;
  /// Throws {unsupported} where the engine cannot (podman before 5); the container keeps its policy then.
  virtual void set_restart_policy(const std::string& id, const std::string& policy, const CallLimits& limits) = 0;
  /// Forced: a running container is killed. Anonymous volumes go with it.
  virtual void remove(const std::string& id, const CallLimits& limits) = 0;

  /// By id or name; nullopt when there is none.
  [[nodiscard]] virtual std::optional<ContainerInfo> inspect(const std::string& id_or_name, const CallLimits& limits) = 0;
  /// Containers in any state that carry all these labels; every container when `labels` is empty.
  [[nodiscard]] virtual std::vector<ContainerInfo> list(const std::map<std::string, std::string>& labels, const CallLimits& limits) = 0;
  /// Running containers that publish any of these host ports, whatever the address.
  [[nodiscard]] virtual std::vector<ContainerInfo> list_publishing(const std::vector<PortBinding>& ports, const CallLimits& limits) = 0;
  /// The newest `lines` lines of both streams.
  [[nodiscard]] virtual std::string logs(const std::string& id, int lines, const CallLimits& limits) = 0;
  /// Follows both streams from the newest `lines` lines on, until the container ends or `limits.stop` asks.
  virtual void follow_logs(const std::string& id, int lines, const std::function<void(std::string_view)>& sink, const CallLimits& limits) = 0;
  [[nodiscard]] virtual ExecOutcome exec(const std::string& id, const std::vector<std::string>& command, const CallLimits& limits) = 0;
};

}  // namespace deploy
