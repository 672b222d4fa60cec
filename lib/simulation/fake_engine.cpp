#include "simulation/fake_engine.hpp"

#include <algorithm>

namespace deploy::simulation {

namespace {
using std::chrono::milliseconds;

constexpr milliseconds kFollowInterval{100};

bool carries(const ContainerInfo& container, const std::map<std::string, std::string>& labels) {
  return std::all_of(labels.begin(), labels.end(), [&](const auto& label) {
    const auto found = container.labels.find(label.first);
    return found != container.labels.end() && found->second == label.second;
  });
}

std::string joined(const std::vector<std::string>& lines, std::size_t from) {
  std::string text;
  for (std::size_t i = from; i < lines.size(); ++i) text += lines[i] + "\n";
  return text;
}

std::size_t tail_begin(const std::vector<std::string>& lines, int count) {
  const auto wanted = static_cast<std::size_t>(std::max(count, 0));
  return lines.size() > wanted ? lines.size() - wanted : 0;
}
}  // namespace

EngineInfo FakeEngine::info(const CallLimits&) {
  machine_.check_engine();
  return {"24.0.0", "1.43", "linux", "amd64", false, machine_.free_disk()};
}

void FakeEngine::pull(const ImageReference& image, const std::function<void(const PullProgress&)>& progress, const CallLimits& limits) {
  machine_.check_engine();
  StoredImage stored;
  try {
    stored = registry_.fetch(image);
  } catch (const Error& error) {
    throw Error(error.code(), "engine", machine_.url() + ": " + error.what(), {{"host", machine_.url()}});
  }
  const bool is_new = !machine_.find_image(stored.id());
  if (progress) progress({is_new ? 0 : stored.size, stored.size, is_new ? "Pulling" : "Image is up to date"});
  if (is_new) spend(timings.pull, limits, "pull");
  machine_.add_image(image, stored);
  if (progress && is_new) progress({stored.size, stored.size, "Downloaded newer image"});
}

std::optional<ImageInfo> FakeEngine::find_image(const std::string& reference, const CallLimits&) {
  machine_.check_engine();
  return machine_.find_image(reference);
}

std::vector<ImageInfo> FakeEngine::list_images(const ImageReference& repository, const CallLimits&) {
  machine_.check_engine();
  return machine_.list_images(repository);
}

void FakeEngine::remove_image(const std::string& reference, const CallLimits&) {
  machine_.check_engine();
  machine_.remove_image(reference);
}

std::string FakeEngine::create(const ContainerRequest& request, const CallLimits&) {
  machine_.check_engine();
  return machine_.create(request);
}

void FakeEngine::start(const std::string& id, const CallLimits& limits) {
  machine_.check_engine();
  if (get(id).info.running()) return;
  spend(timings.start, limits, "start");
  machine_.check_engine();
  machine_.start(id);
}

void FakeEngine::stop(const std::string& id, milliseconds grace, const CallLimits& limits) {
  machine_.check_engine();
  spend(machine_.stop(id, grace, timings.stop), {limits.timeout + grace, limits.stop}, "stop");
}

void FakeEngine::rename(const std::string& id, const std::string& name, const CallLimits&) {
  machine_.check_engine();
  machine_.rename(id, name);
}

void FakeEngine::set_restart_policy(const std::string& id, const std::string& policy, const CallLimits&) {
  machine_.check_engine();
  machine_.set_restart_policy(id, policy);
}

void FakeEngine::remove(const std::string& id, const CallLimits&) {
  machine_.check_engine();
  machine_.remove(id);
}

std::optional<ContainerInfo> FakeEngine::inspect(const std::string& id_or_name, const CallLimits&) {
  machine_.check_engine();
  const auto container = machine_.find(id_or_name);
  return container ? std::optional(view(*container)) : std::nullopt;
}

std::vector<ContainerInfo> FakeEngine::list_publishing(const std::vector<PortBinding>& ports, const CallLimits& limits) {
  auto out = list({}, limits);
  const auto publishes = [&](const PortBinding& has) {
    return std::any_of(ports.begin(), ports.end(), [&](const PortBinding& wanted) {
      return has.protocol == wanted.protocol && has.host_first <= wanted.host_last && wanted.host_first <= has.host_last;
    });
  };
  std::erase_if(out, [&](const ContainerInfo& c) { return !c.running() || std::none_of(c.ports.begin(), c.ports.end(), publishes); });
  return out;
}

std::vector<ContainerInfo> FakeEngine::list(const std::map<std::string, std::string>& labels, const CallLimits&) {
  machine_.check_engine();
  std::vector<ContainerInfo> found;
  for (const FakeContainer& container : machine_.containers())
    if (carries(container.info, labels)) found.push_back(view(container));
  return found;
}

std::string FakeEngine::logs(const std::string& id, int lines, const CallLimits&) {
  machine_.check_engine();
  const auto log = get(id).log;
  return joined(log, tail_begin(log, lines));
}

void FakeEngine::follow_logs(const std::string& id, int lines, const std::function<void(std::string_view)>& sink, const CallLimits& limits) {
  machine_.check_engine();
  std::size_t told = tail_begin(get(id).log, lines);
  while (!limits.stop.stop_requested()) {
    const FakeContainer container = get(id);
    if (told < container.log.size()) sink(joined(container.log, told));
    told = container.log.size();
    if (!container.info.running()) return;
    clock_.sleep(kFollowInterval, limits.stop);
  }
}

/// Any command does what the application does at that moment: exits 0 when it is well, 1 when not, hangs when it hangs.
ExecOutcome FakeEngine::exec(const std::string& id, const std::vector<std::string>&, const CallLimits& limits) {
  machine_.check_engine();
  const FakeContainer container = get(id);
  if (!container.info.running())
    throw Error(ErrorCode::refused, "engine", machine_.url() + ": container " + container.info.name + " is not running", {{"host", machine_.url()}});
  const AppReply answer = reply(container, machine_.moment());
  if (answer.kind == AppReply::Kind::hangs) spend(limits.timeout + milliseconds{1}, limits, "exec");
  return {answer.kind == AppReply::Kind::answered && answer.status == 200 ? 0 : 1, answer.body};
}

/// Lets `duration` pass; an act that would outlive the caller's limits ends there.
void FakeEngine::spend(milliseconds duration, const CallLimits& limits, const std::string& what) {
  clock_.sleep(std::min(duration, limits.timeout), limits.stop);
  if (limits.stop.stop_requested()) throw Error(ErrorCode::cancelled, "engine", machine_.url() + ": " + what + " was cancelled", {{"host", machine_.url()}});
  if (duration > limits.timeout) throw Error(ErrorCode::timeout, "engine", machine_.url() + ": no answer to " + what, {{"host", machine_.url()}});
}

FakeContainer FakeEngine::get(const std::string& id) {
  if (auto container = machine_.find(id)) return *container;
  throw Error(ErrorCode::not_found, "engine", machine_.url() + ": no such container: " + id, {{"host", machine_.url()}});
}

ContainerInfo FakeEngine::view(const FakeContainer& container) const {
  ContainerInfo info = container.info;
  info.health = health(container, machine_.moment());
  if (info.health == EngineHealth::unhealthy) info.health_log = container.app.body;
  return info;
}

}  // namespace deploy::simulation
