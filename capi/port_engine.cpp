// Engines of the program's own: one table for all hosts.
#include <map>
#include <mutex>

#include "capi/guard.hpp"
#include "capi/ports.hpp"

namespace deploy::capi {

namespace {

std::vector<std::string> texts_of(const std::vector<PortBinding> &ports) {
  std::vector<std::string> texts;
  for (const auto &port : ports) texts.push_back(port.str());
  return texts;
}

class EnginePort final : public Engine {
 public:
  EnginePort(const deploy_engine &table, std::string host) : table_(table), host_(std::move(host)) {}

  EngineInfo info(const CallLimits &limits) override {
    std::vector<EngineInfo> engines;
    deploy_call call = limited(limits);
    call.engines = &engines;
    ask("engine.info", call, table_.info);
    return one(std::move(engines)).value_or(EngineInfo{});
  }

  void pull(const ImageReference &image, const std::function<void(const PullProgress &)> &progress, const CallLimits &limits) override {
    deploy_call call = limited(limits);
    call.progress = progress;
    ask("engine.pull", call, table_.pull, image.str().c_str());
  }

  std::optional<ImageInfo> find_image(const std::string &reference, const CallLimits &limits) override {
    return one(images("engine.find_image", limits, table_.find_image, reference.c_str()));
  }

  std::vector<ImageInfo> list_images(const ImageReference &repository, const CallLimits &limits) override {
    return images("engine.list_images", limits, table_.list_images, repository.name().c_str());
  }

  void remove_image(const std::string &reference, const CallLimits &limits) override { act("engine.remove_image", limits, table_.remove_image, reference.c_str()); }

  std::string create(const ContainerRequest &request, const CallLimits &limits) override {
    Keep keep;
    const deploy_container container = record_of(request.spec, keep);
    const std::string image = request.image.str();
    deploy_container_request record = DEPLOY_CONTAINER_REQUEST_INIT;
    record.name = request.name.c_str();
    record.image = image.c_str();
    record.container = &container;
    record.labels = keep.copy(request.labels);
    std::vector<const char *> env;
    for (const auto &[name, value] : request.env) env.insert(env.end(), {name.c_str(), value.reveal().c_str()});
    record.env = keep.end(std::move(env));
    return text("engine.create", limits, table_.create, &record);
  }

  void start(const std::string &id, const CallLimits &limits) override { act("engine.start", limits, table_.start, id.c_str()); }

  void stop(const std::string &id, std::chrono::milliseconds grace, const CallLimits &limits) override { act("engine.stop", limits, table_.stop, id.c_str(), ms(grace)); }

  void rename(const std::string &id, const std::string &name, const CallLimits &limits) override { act("engine.rename", limits, table_.rename, id.c_str(), name.c_str()); }

  void set_restart_policy(const std::string &id, const std::string &policy, const CallLimits &limits) override {
    act("engine.set_restart_policy", limits, table_.set_restart_policy, id.c_str(), policy.c_str());
  }

  void remove(const std::string &id, const CallLimits &limits) override { act("engine.remove", limits, table_.remove, id.c_str()); }

  std::optional<ContainerInfo> inspect(const std::string &id_or_name, const CallLimits &limits) override {
    return one(containers("engine.inspect", limits, table_.inspect, id_or_name.c_str()));
  }

  std::vector<ContainerInfo> list(const std::map<std::string, std::string> &labels, const CallLimits &limits) override {
    Keep keep;
    return containers("engine.list", limits, table_.list, keep.copy(labels));
  }

  std::vector<ContainerInfo> list_publishing(const std::vector<PortBinding> &ports, const CallLimits &limits) override {
    Keep keep;
    return containers("engine.list_publishing", limits, table_.list_publishing, keep.copy(texts_of(ports)));
  }

  std::string logs(const std::string &id, int lines, const CallLimits &limits) override { return text("engine.logs", limits, table_.logs, id.c_str(), lines); }

  void follow_logs(const std::string &id, int lines, const std::function<void(std::string_view)> &sink, const CallLimits &limits) override {
    if (!table_.follow_logs) unsupported("follow logs");
    deploy_call call = limited(limits);
    call.stream = sink;
    ask("engine.follow_logs", call, table_.follow_logs, id.c_str(), lines);
  }

  ExecOutcome exec(const std::string &id, const std::vector<std::string> &command, const CallLimits &limits) override {
    if (!table_.exec) unsupported("run commands in containers");
    Keep keep;
    ExecOutcome outcome;
    std::int32_t exit_code = 0;
    outcome.output = text("engine.exec", limits, table_.exec, id.c_str(), keep.copy(command), &exit_code);
    outcome.exit_code = exit_code;
    return outcome;
  }

 private:
  template <class Function, class... Arguments>
  void ask(const char *name, deploy_call &call, Function function, Arguments... arguments) {
    deploy_error *error = nullptr;
    const deploy_status status = function(table_.user_data, host_.c_str(), arguments..., &call, &error);
    conclude(name, status, error, &call);
  }

  template <class Function, class... Arguments>
  void act(const char *name, const CallLimits &limits, Function function, Arguments... arguments) {
    deploy_call call = limited(limits);
    ask(name, call, function, arguments...);
  }

  template <class Function, class... Arguments>
  std::string text(const char *name, const CallLimits &limits, Function function, Arguments... arguments) {
    std::string out;
    deploy_call call = limited(limits);
    call.text = &out;
    ask(name, call, function, arguments...);
    return out;
  }

  template <class Function, class... Arguments>
  std::vector<ImageInfo> images(const char *name, const CallLimits &limits, Function function, Arguments... arguments) {
    std::vector<ImageInfo> out;
    deploy_call call = limited(limits);
    call.images = &out;
    ask(name, call, function, arguments...);
    return out;
  }

  template <class Function, class... Arguments>
  std::vector<ContainerInfo> containers(const char *name, const CallLimits &limits, Function function, Arguments... arguments) {
    std::vector<ContainerInfo> out;
    deploy_call call = limited(limits);
    call.containers = &out;
    ask(name, call, function, arguments...);
    return out;
  }

  [[noreturn]] void unsupported(const std::string &what) const {
    throw Error(ErrorCode::unsupported, "engine", host_ + ": the engine that this program supplies cannot " + what, {{"host", host_}});
  }

  const deploy_engine &table_;
  std::string host_;
};

class FleetPort final : public Fleet {
 public:
  FleetPort(const deploy_engine &given, Owner owner) : owner_(std::move(owner)), table_(options<deploy_engine>(&given, DEPLOY_ENGINE_INIT)) {
    demand(table_.info, "engine.info");
    demand(table_.pull, "engine.pull");
    demand(table_.find_image, "engine.find_image");
    demand(table_.list_images, "engine.list_images");
    demand(table_.remove_image, "engine.remove_image");
    demand(table_.create, "engine.create");
    demand(table_.start, "engine.start");
    demand(table_.stop, "engine.stop");
    demand(table_.rename, "engine.rename");
    demand(table_.set_restart_policy, "engine.set_restart_policy");
    demand(table_.remove, "engine.remove");
    demand(table_.inspect, "engine.inspect");
    demand(table_.list, "engine.list");
    demand(table_.list_publishing, "engine.list_publishing");
    demand(table_.logs, "engine.logs");
  }

  Engine &engine(const Host &host) override {
    const std::lock_guard lock(mutex_);
    return engines_.try_emplace(host.url(), table_, host.url()).first->second;
  }

 private:
  Owner owner_;
  deploy_engine table_;
  std::mutex mutex_;
  std::map<std::string, EnginePort> engines_;
};

}  // namespace

std::unique_ptr<Fleet> make_fleet(const deploy_engine &given, Owner owner) { return std::make_unique<FleetPort>(given, std::move(owner)); }

}  // namespace deploy::capi
