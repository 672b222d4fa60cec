#include "docker/engine.hpp"

#include <sys/statvfs.h>

#include "docker/connection.hpp"
#include "docker/containers.hpp"
#include "docker/images.hpp"
#include "docker/output.hpp"
#include "docker/requests.hpp"
#include "docker/responses.hpp"

namespace deploy::docker {

namespace {
// A local Engine may still live in a virtual machine or another container: then the folder is not ours to see.
std::int64_t local_bytes(const std::string& folder) {
  struct statvfs stat {};
  if (::statvfs(folder.c_str(), &stat) != 0) return -1;
  return static_cast<std::int64_t>(stat.f_bavail) * static_cast<std::int64_t>(stat.f_frsize);
}

class DockerEngine final : public Engine {
 public:
  DockerEngine(http::Client client, std::string host, CredentialStore credentials, FreeBytes free_bytes)
      : engine_(std::move(client), std::move(host)), credentials_(std::move(credentials)), free_bytes_(std::move(free_bytes)) {}

  EngineInfo info(const CallLimits& limits) override {
    const Act act{.what = "ask for the Engine's version"};
    const http::Response version = engine_.send(requests::version(), act, limits);
    EngineInfo out = engine_.understand(act, [&] { return responses::version(version.body); });
    const Peer peer = engine_.peer(limits);
    out.api_version = peer.api;
    out.podman = peer.podman;
    if (!engine_.is_local() && !free_bytes_) return out;
    const http::Response info = engine_.send(requests::info(), act, limits);
    const std::string folder = engine_.understand(act, [&] { return responses::data_root(info.body); });
    if (!folder.empty()) out.free_disk = engine_.is_local() ? local_bytes(folder) : free_bytes_(folder, limits);
    return out;
  }

  void pull(const ImageReference& image, const std::function<void(const PullProgress&)>& progress, const CallLimits& limits) override {
    docker::pull(engine_, credentials_, image, progress, limits);
  }
  std::optional<ImageInfo> find_image(const std::string& reference, const CallLimits& limits) override { return docker::find_image(engine_, reference, limits); }
  std::vector<ImageInfo> list_images(const ImageReference& repository, const CallLimits& limits) override { return docker::list_images(engine_, repository, limits); }
  void remove_image(const std::string& reference, const CallLimits& limits) override { docker::remove_image(engine_, reference, limits); }

  std::string create(const ContainerRequest& request, const CallLimits& limits) override { return docker::create(engine_, request, limits); }
  void start(const std::string& id, const CallLimits& limits) override { docker::start(engine_, id, limits); }
  void stop(const std::string& id, std::chrono::milliseconds grace, const CallLimits& limits) override { docker::stop(engine_, id, grace, limits); }
  void rename(const std::string& id, const std::string& name, const CallLimits& limits) override { docker::rename(engine_, id, name, limits); }
  void set_restart_policy(const std::string& id, const std::string& policy, const CallLimits& limits) override {
    docker::set_restart_policy(engine_, id, policy, limits);
  }
  void remove(const std::string& id, const CallLimits& limits) override { docker::remove(engine_, id, limits); }

  std::optional<ContainerInfo> inspect(const std::string& id_or_name, const CallLimits& limits) override { return docker::inspect(engine_, id_or_name, limits); }
  std::vector<ContainerInfo> list(const std::map<std::string, std::string>& labels, const CallLimits& limits) override { return docker::list(engine_, labels, limits); }
  std::vector<ContainerInfo> list_publishing(const std::vector<PortBinding>& ports, const CallLimits& limits) override { return docker::list_publishing(engine_, ports, limits); }
  std::string logs(const std::string& id, int lines, const CallLimits& limits) override { return docker::logs(engine_, id, lines, limits); }
  void follow_logs(const std::string& id, int lines, const std::function<void(std::string_view)>& sink, const CallLimits& limits) override {
    docker::follow_logs(engine_, id, lines, sink, limits);
  }
  ExecOutcome exec(const std::string& id, const std::vector<std::string>& command, const CallLimits& limits) override {
    return docker::exec(engine_, id, command, limits);
  }

 private:
  Connection engine_;
  CredentialStore credentials_;
  FreeBytes free_bytes_;
};
}  // namespace

std::unique_ptr<Engine> open_engine(http::Client client, std::string host, CredentialStore credentials, FreeBytes free_bytes) {
  return std::make_unique<DockerEngine>(std::move(client), std::move(host), std::move(credentials), std::move(free_bytes));
}

}  // namespace deploy::docker
