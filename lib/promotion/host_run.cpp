#include "promotion/host_run.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "deploy/error.hpp"
#include "promotion/planner.hpp"
#include "support/mutation.hpp"

namespace deploy {

namespace {
using std::chrono::milliseconds;

constexpr milliseconds kActTimeout{60'000};        // one Engine call that should be quick
constexpr milliseconds kPullTimeout{30 * 60'000};  // a big image over a slow line
constexpr milliseconds kStopMargin{30'000};        // an Engine's own time on top of the grace it was given
constexpr int kMostRevivals = 3;                   // somebody who stops it again and again means it
constexpr std::int64_t kDiskFloor = 256LL << 20;   // below this a pull would only wedge the host
constexpr std::int64_t kUnpacked = 3;              // a layer arrives compressed, and lies there unpacked beside it for a while

CallLimits quick(const std::stop_token& stop) { return {kActTimeout, stop}; }

std::string label(const ContainerInfo& info, std::string_view name) {
  const auto it = info.labels.find(std::string(name));
  return it == info.labels.end() ? "" : it->second;
}

bool overlaps(const std::vector<PortBinding>& a, const std::vector<PortBinding>& b) {
  return std::any_of(a.begin(), a.end(), [&](const PortBinding& x) {
    return std::any_of(b.begin(), b.end(), [&](const PortBinding& y) { return x.overlaps(y); });
  });
}

/// An Engine restarts such a container itself and then calls it restarting. Exited, it was stopped from outside: a person did it,
/// or the Engine was killed (a Docker Engine that comes up again stops what it finds running, and forgets `unless-stopped` by that).
bool was_stopped_from_outside(const ContainerInfo& info) {
  return info.status == ContainerStatus::exited && info.error.empty() && (info.restart_policy == "always" || info.restart_policy == "unless-stopped");
}

bool ends_with(std::string_view text, std::string_view end) { return text.size() >= end.size() && text.substr(text.size() - end.size()) == end; }
}  // namespace

HostRun::HostRun(Surroundings& around, const Environment& environment, const Plan& plan, std::string deployment, Host host, std::function<void()> check)
    : around_(around), env_(environment), plan_(plan), deployment_(std::move(deployment)), host_(std::move(host)), check_(std::move(check)), engine_(around.fleet.engine(host_)) {}

Engine& HostRun::acting() {
  check_();
  return engine_;
}

Where HostRun::where(StepKind kind) const { return {env_.name, deployment_, host_.url(), std::string(to_string(kind))}; }

HostRun::Result HostRun::act(StepKind kind, const std::stop_token& stop) {
  switch (kind) {
    case StepKind::preflight: return preflight(stop);
    case StepKind::pull: return pull(stop);
    case StepKind::create: return create(stop);
    case StepKind::retain: return retain(stop);
    case StepKind::adopt_name: return adopt_name(stop);
    case StepKind::stop: return stop_old(stop);
    case StepKind::start: return start(stop);
    case StepKind::probe: return {};
  }
  return {};
}

/// What carries the live name. After a deployment that was held half-way another of this environment's containers may be the one
/// that runs: it is what is live then, and gets the name back if this deployment fails.
std::optional<ContainerInfo> HostRun::find_live(const CallLimits& limits) {
  auto named = engine_.inspect(env_.container.name, limits);
  if (named && named->id == candidate_) named.reset();
  if (named && named->running()) return named;
  if (named && !is_own(*named)) return named;
  for (ContainerInfo& other : engine_.list({{std::string(kLabelApplication), around_.config.application}, {std::string(kLabelEnvironment), env_.name}}, limits)) {
    if (!other.running() || other.id == candidate_) continue;
    other.name = env_.container.name;
    other.restart_policy = env_.container.restart;
    return std::move(other);
  }
  return named;
}

void HostRun::look_for_old() {
  const auto live = old_.empty() ? find_live(quick({})) : std::nullopt;
  if (live && (is_own(*live) || is_adopted(*live, {}))) note_old(live, {});  // somebody else's is nothing to go back to
}

/// A failed candidate that an earlier way back could not rename gives the name free now.
void HostRun::clear_name(const CallLimits& limits) {
  const auto other = engine_.inspect(env_.container.name, limits);
  if (other && other->id != candidate_ && other->id != old_ && !other->running() && is_own(*other))
    acting().rename(other->id, failed_name(env_, label(*other, kLabelDeployment)), limits);
}

/// A candidate that never ran, with the live name: whoever made it could not take it away.
void HostRun::free_name(const CallLimits& limits) {
  const auto named = engine_.inspect(env_.container.name, limits);
  if (named && !named->started && named->id != old_ && is_own(*named)) acting().remove(named->id, limits);
}

bool HostRun::is_own(const ContainerInfo& info) const {
  return label(info, kLabelApplication) == around_.config.application && label(info, kLabelEnvironment) == env_.name;
}

/// An adopted one has no labels, and can get none; it is known by its name and by what the ledger says is live.
bool HostRun::is_adopted(const ContainerInfo& info, const std::stop_token& stop) {
  return label(info, kLabelApplication).empty() && !plan_.live_digest.empty() && wrong_image(info, plan_.live_digest, stop).empty();
}

void HostRun::note_old(const std::optional<ContainerInfo>& live, const std::stop_token& stop) {
  if (!live) return;
  const bool ours = is_own(*live);
  if (!ours && !is_adopted(*live, stop))
    throw Error(ErrorCode::already_exists, "promotion",
                fmt::format("a container named {} runs on {} that this environment did not start; nothing was changed. 'deployctl adopt {}' takes it over, "
                            "or rename or remove it",
                            env_.container.name, host_.url(), env_.name),
                {{"host", host_.url()}, {"container", live->id}});
  old_ = live->id;
  old_name_ = live->name;
  old_version_ = ours ? label(*live, kLabelVersion) : plan_.live_version;
  old_digest_ = ours ? label(*live, kLabelDigest) : plan_.live_digest;
  old_deployment_ = label(*live, kLabelDeployment);
  old_policy_ = live->restart_policy;
}

void HostRun::check_ports(const CallLimits& limits) {
  for (const ContainerInfo& other : engine_.list_publishing(env_.container.ports, limits)) {
    if (other.id == old_ || other.id == candidate_ || !overlaps(other.ports, env_.container.ports)) continue;
    throw Error(ErrorCode::conflict, "promotion",
                fmt::format("container {} on {} already publishes a port that {} needs; nothing was changed. Stop it, or choose another port", other.name,
                            host_.url(), env_.container.name),
                {{"host", host_.url()}, {"container", other.name}});
  }
}

/// Before a pull, which would otherwise fill the disk of a host that serves. A tcp:// Engine cannot tell how much is left.
void HostRun::check_disk(const std::stop_token& stop) {
  const std::int64_t free = engine_.info(quick(stop)).free_disk;
  const std::int64_t needed = free < 0 ? 0 : needed_disk(free, stop);
  if (free < 0 || free >= needed) return;
  throw Error(ErrorCode::io, "promotion",
              fmt::format("{} has {} MiB of disk left for images, and pulling {} needs {} MiB; nothing was pulled. Free some there ('docker system df' shows what takes it; "
                          "'docker image prune' removes what nothing uses), or keep fewer versions (rollback.keep)",
                          host_.url(), free >> 20, plan_.release.version.str(), (needed + (1 << 20) - 1) >> 20),
              {{"host", host_.url()}, {"free", std::to_string(free)}, {"needed", std::to_string(needed)}});
}

/// From the sizes of the layers, those of the live version left away when it matters: they are there.
std::int64_t HostRun::needed_disk(std::int64_t free, const std::stop_token& stop) {
  const auto layers = [&](const ImageReference& image) {
    const auto manifest = around_.registry.find(image, quick(stop));
    return manifest ? manifest->layers : std::vector<ManifestLayer>{};
  };
  const auto unpacked = [](const std::vector<ManifestLayer>& all) {
    std::int64_t sum = 0;
    for (const ManifestLayer& layer : all) sum += std::min(layer.size, INT64_MAX / kUnpacked / 2 - sum);
    return std::max(kDiskFloor, sum * kUnpacked);
  };
  try {
    auto wanted = layers(plan_.release.image);
    if (unpacked(wanted) <= free || plan_.live_digest.empty()) return unpacked(wanted);
    for (const ManifestLayer& there : layers(plan_.release.image.with_digest(Digest::parse(plan_.live_digest))))
      std::erase_if(wanted, [&](const ManifestLayer& layer) { return layer.digest == there.digest; });
    return unpacked(wanted);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::cancelled) throw;
    return kDiskFloor;  // sizes are not known; whether the image can be had is the pull's to find out
  }
}

HostRun::Result HostRun::preflight(const std::stop_token& stop) {
  const CallLimits limits = quick(stop);
  candidate_ = find_candidate(limits);
  note_old(find_live(limits), stop);
  check_ports(limits);
  return {{"old", old_}, {"old_name", old_name_}, {"old_version", old_version_}, {"old_digest", old_digest_}, {"old_deployment", old_deployment_}, {"old_policy", old_policy_}};
}

HostRun::Result HostRun::pull(const std::stop_token& stop) {
  const std::string reference = plan_.release.image.str();
  if (engine_.find_image(reference, quick(stop))) return {{"present", "true"}};
  check_disk(stop);
  acting().pull(plan_.release.image,
               [&](const PullProgress& p) {
                 around_.narrator.say(EventKind::step_progress, where(StepKind::pull), p.status,
                                      {{"current", std::to_string(p.current)}, {"total", std::to_string(p.total)}});
               },
               {kPullTimeout, stop});
  return {{"present", "false"}};
}

std::string HostRun::find_candidate(const CallLimits& limits) {
  if (!candidate_.empty()) return candidate_;
  const auto found = engine_.list({{std::string(kLabelDeployment), deployment_}, {std::string(kLabelEnvironment), env_.name}}, limits);
  return found.empty() ? "" : found.front().id;
}

/// Going back takes the very container that ran before, when it is still there and was made as the configuration says today.
std::optional<ContainerInfo> HostRun::find_retained(const CallLimits& limits) {
  if (plan_.kind != PlanKind::rollback) return std::nullopt;
  const auto all = engine_.list({{std::string(kLabelApplication), around_.config.application}, {std::string(kLabelEnvironment), env_.name},
                                 {std::string(kLabelDigest), plan_.release.digest.str()}}, limits);
  for (const ContainerInfo& info : all)
    if (info.id != old_ && info.name.find(".failed.") == std::string::npos) return info;
  return std::nullopt;
}

ContainerRequest HostRun::request() {
  ContainerRequest request{candidate_name(env_, deployment_), plan_.release.image, env_.container, {}, env_.container.labels};
  const TemplateFields fields{plan_.release.version.str(), std::to_string(plan_.release.build), plan_.release.commit, env_.name};
  for (const auto& [name, value] : env_.container.env) {
    if (const auto* text = std::get_if<std::string>(&value)) request.env.emplace_back(name, Secret(*text));
    else request.env.emplace_back(name, around_.resolve(std::get<SecretSource>(value)));
  }
  for (const auto& [key, value] : std::map<std::string_view, std::string>{{kLabelApplication, around_.config.application},
                                                                          {kLabelEnvironment, env_.name},
                                                                          {kLabelRelease, plan_.release.image.str()},
                                                                          {kLabelVersion, plan_.release.version.str()},
                                                                          {kLabelDigest, plan_.release.digest.str()},
                                                                          {kLabelDeployment, deployment_},
                                                                          {kLabelContainerHash, plan_.container_hash}})
    request.labels[std::string(key)] = value;
  if (plan_.release.build > 0) request.labels[std::string(kLabelBuild)] = std::to_string(plan_.release.build);
  if (plan_.release.rollback_never) request.labels[std::string(kLabelRollback)] = "never";
  return request;
}

HostRun::Result HostRun::create(const std::stop_token& stop) {
  const CallLimits limits = quick(stop);
  candidate_ = find_candidate(limits);
  if (candidate_.empty()) {
    free_name(limits);
    if (const auto retained = find_retained(limits)) {
      candidate_ = retained->id;
      prior_name_ = retained->name;
    } else {
      candidate_ = acting().create(request(), limits);
    }
  }
  if (mutated(Mutation::secret_in_ledger))
    for (const auto& [name, value] : request().env) prior_name_ += value.reveal();
  return {{"container", candidate_}, {"prior_name", prior_name_}};
}

std::string HostRun::retained() const {
  return retained_name(env_, old_version_.empty() ? "0.0.0" : old_version_, old_deployment_.empty() ? deployment_ : old_deployment_);
}

/// An engine that cannot change it (podman before 5) is no reason to stop: what it may mean is said.
void HostRun::set_restart_policy(const std::string& container, const std::string& policy, const CallLimits& limits) {
  try {
    acting().set_restart_policy(container, policy, limits);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::unsupported) throw;
    around_.narrator.warn({env_.name, deployment_, host_.url(), ""}, fmt::format("{}; it keeps the one it has, by which the Engine may start it when the host boots", error.what()));
  }
}

HostRun::Result HostRun::retain(const std::stop_token& stop) {
  const CallLimits limits = quick(stop);
  const auto old = old_.empty() ? std::nullopt : engine_.inspect(old_, limits);
  if (!old) return {{"old", ""}};
  if (old->name != retained()) acting().rename(old_, retained(), limits);
  // Otherwise an Engine restart would bring it back onto the port.
  if (old->restart_policy != "no") set_restart_policy(old_, "no", limits);
  return {{"old", old_}, {"name", retained()}};
}

HostRun::Result HostRun::adopt_name(const std::stop_token& stop) {
  const CallLimits limits = quick(stop);
  const auto candidate = engine_.inspect(candidate_, limits);
  if (!candidate) throw Error(ErrorCode::not_found, "promotion", "the candidate has vanished from " + host_.url(), {{"host", host_.url()}, {"container", candidate_}});
  if (candidate->name != env_.container.name) clear_name(limits);
  if (candidate->name != env_.container.name) acting().rename(candidate_, env_.container.name, limits);
  if (!prior_name_.empty()) set_restart_policy(candidate_, env_.container.restart, limits);
  return {};
}

HostRun::Result HostRun::stop_old(const std::stop_token& stop) {
  if (old_.empty()) return {};
  const milliseconds begin = around_.clock.elapsed();
  note_down(begin);
  acting().stop(old_, env_.container.stop_timeout, {env_.container.stop_timeout + kStopMargin, stop});
  stop_took_ = around_.clock.elapsed() - begin;
  if (mutated(Mutation::remove_old_early)) acting().remove(old_, quick(stop));
  if (*stop_took_ >= env_.container.stop_timeout)
    around_.narrator.warn(where(StepKind::stop), fmt::format("{} on {} did not end on SIGTERM within its stop timeout of {} ms and was killed; make it handle "
                                                             "SIGTERM, or shorten stop_timeout", env_.container.name, host_.url(), env_.container.stop_timeout.count()));
  return {{"stop_ms", std::to_string(stop_took_->count())}};
}

HostRun::Result HostRun::start(const std::stop_token& stop) {
  started_here_ = true;
  acting().start(candidate_, quick(stop));
  return {{"container", candidate_}};
}

void HostRun::recall(StepKind kind, const Result& result) {
  const auto get = [&](const char* key) {
    const auto it = result.find(key);
    return it == result.end() ? std::string() : it->second;
  };
  if (kind == StepKind::preflight) {
    old_ = get("old");
    old_name_ = get("old_name");
    old_version_ = get("old_version");
    old_digest_ = get("old_digest");
    old_deployment_ = get("old_deployment");
    old_policy_ = get("old_policy");
  } else if (kind == StepKind::create) {
    candidate_ = get("container");
    prior_name_ = get("prior_name");
  } else if (kind == StepKind::start) {
    started_here_ = true;
  }
}

std::optional<ContainerInfo> HostRun::inspect(const std::string& container, const std::stop_token& stop) {
  return container.empty() ? std::nullopt : engine_.inspect(container, quick(stop));
}

std::string HostRun::trouble(const std::string& container, const std::string& digest, std::int64_t restarts_before, const std::stop_token& stop) {
  const auto info = inspect(container, stop);
  if (!info) return fmt::format("the container is gone from {}", host_.url());
  if (container == candidate_ && info->exit_code != 0) last_exit_code_ = info->exit_code;
  if (info->oom_killed) return fmt::format("the container was killed for want of memory (exit code {})", info->exit_code);
  if (info->status == ContainerStatus::restarting || info->restart_count > restarts_before)
    return fmt::format("the container restarted {} times{}", info->restart_count, info->exit_code == 0 && info->running() ? "" : fmt::format(" (last exit code {})", info->exit_code));
  if (container == candidate_ && info->status == ContainerStatus::created && !info->started) throw never_started(*info);
  if (was_stopped_from_outside(*info) && started_here_ && revivals_ < kMostRevivals) return revive(*info, stop);
  if (!info->running()) return fmt::format("the container {} with exit code {}{}", to_string(info->status), info->exit_code, info->error.empty() ? "" : ": " + info->error);
  return digest.empty() || identified_ == container ? "" : wrong_image(*info, digest, stop);
}

/// Not the release's own doing either: whether it is any good is not known.
Error HostRun::never_started(const ContainerInfo& info) const {
  return Error(ErrorCode::protocol, "promotion",
               fmt::format("the Engine of {} said that it had started {}, and has not; whether {} is any good is not known. Look at the Engine's own log there", host_.url(), info.name,
                           plan_.release.version.str()),
               {{"host", host_.url()}, {"container", info.id}});
}

/// Not the release's own doing: it is started again, and the probe goes on to judge it.
std::string HostRun::revive(const ContainerInfo& info, const std::stop_token& stop) {
  ++revivals_;
  around_.narrator.warn(where(StepKind::probe), fmt::format("container {} on {} was stopped from outside (was the Engine restarted?); starting it again", info.name, host_.url()));
  note_down(around_.clock.elapsed());
  acting().start(info.id, quick(stop));
  return "";
}

/// The label and the reference say what was asked for; the image behind the container says what runs. Asked once for each container.
std::string HostRun::wrong_image(const ContainerInfo& info, const std::string& digest, const std::stop_token& stop) {
  const auto image = engine_.find_image(info.image_id, quick(stop));
  const bool told = image && !image->repo_digests.empty();
  const bool same = told ? std::any_of(image->repo_digests.begin(), image->repo_digests.end(), [&](const std::string& d) { return ends_with(d, digest); })
                         : ends_with(info.image, digest);
  if (!same && !mutated(Mutation::skip_identity)) return fmt::format("the container runs {} instead of {}", told ? image->repo_digests.front() : info.image, digest);
  identified_ = info.id;
  return "";
}

void HostRun::note_down(milliseconds now) {
  if (!down_since_) down_since_ = now;
}

void HostRun::note_up(milliseconds now) {
  if (!down_since_) return;
  gap_ = std::max(gap_.value_or(milliseconds{0}), now - *down_since_);
  down_since_.reset();
}

HostEvidence HostRun::evidence() {
  HostEvidence evidence;
  evidence.host = host_.url();
  evidence.container = candidate_;
  try {
    const auto info = inspect(candidate_);
    if (!info) return evidence;
    evidence.container = info->name;
    evidence.status = to_string(info->status);
    // An Engine that has started it again meanwhile does not tell any more how it ended before.
    evidence.exit_code = info->running() && info->restart_count > 0 && info->exit_code == 0 ? last_exit_code_ : info->exit_code;
    evidence.oom_killed = info->oom_killed;
    evidence.restart_count = info->restart_count;
    evidence.error = around_.redact(env_, info->error);
    evidence.logs = around_.redact(env_, engine_.logs(candidate_, kEvidenceLogLines, quick({})));
    if (evidence.logs.size() > kEvidenceLogBytes) evidence.logs.erase(0, evidence.logs.size() - kEvidenceLogBytes);
  } catch (const Error& error) {
    evidence.error = fmt::format("evidence is incomplete: {}", error.what());
  }
  return evidence;
}

}  // namespace deploy
