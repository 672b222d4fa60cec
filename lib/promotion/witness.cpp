// What the hosts say: drift against the ledger, adoption when the ledger is lost, logs.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <mutex>
#include <thread>

#include "promotion/pipeline.hpp"
#include "promotion/policy.hpp"

namespace deploy {

namespace {
std::string label(const ContainerInfo& info, std::string_view name) {
  const auto it = info.labels.find(std::string(name));
  return it == info.labels.end() ? "" : it->second;
}

std::string ports_text(std::vector<PortBinding> ports) {
  std::vector<std::string> out;
  for (const PortBinding& p : ports) out.push_back(p.str());
  std::sort(out.begin(), out.end());
  return fmt::format("{}", fmt::join(out, ", "));
}

void compare(const ContainerInfo& info, const Environment& env, const LiveVersion& live, const std::string& host, std::vector<Drift>& drift) {
  if (label(info, kLabelDigest) != live.digest) drift.push_back({host, "digest", live.digest, label(info, kLabelDigest)});
  if (!info.running()) drift.push_back({host, "stopped", "running", fmt::format("{} (exit code {})", to_string(info.status), info.exit_code)});
  if (info.restart_count > 0) drift.push_back({host, "restarts", "0", std::to_string(info.restart_count)});
  if (label(info, kLabelContainerHash) != container_hash(env)) drift.push_back({host, "configuration", container_hash(env), label(info, kLabelContainerHash)});
}

/// A container as adopt() finds it: the live one, or one that can be gone back to.
struct Found {
  std::string host, digest, version;
  bool live = false;
};

std::vector<Found> find_versions(Engine& engine, const Config& config, const Environment& env, const Host& host, const CallLimits& limits) {
  std::vector<Found> out;
  const auto all = engine.list({{std::string(kLabelApplication), config.application}, {std::string(kLabelEnvironment), env.name}}, limits);
  for (const ContainerInfo& info : all) {
    const bool live = info.name == env.container.name && info.running();
    const bool retained = info.name.rfind(env.container.name + ".v", 0) == 0;
    if ((live || retained) && !label(info, kLabelDigest).empty()) out.push_back({host.url(), label(info, kLabelDigest), label(info, kLabelVersion), live});
  }
  return out;
}
}  // namespace

DriftReport Pipeline::verify(const Environment& env) {
  around_.journal.refresh();
  const auto& live = state_.environment(env.name).live;
  DriftReport report{env.name, {}};
  for (const Host& host : env.hosts) {
    try {
      const auto info = around_.fleet.engine(host).inspect(env.container.name, limits());
      if (!live && info) report.drift.push_back({host.url(), "extra", "no container", info->name});
      if (live && !info) report.drift.push_back({host.url(), "missing", live->version, "no container named " + env.container.name});
      if (!live || !info) continue;
      compare(*info, env, *live, host.url(), report.drift);
      if (ports_text(info->ports) != ports_text(env.container.ports)) report.drift.push_back({host.url(), "ports", ports_text(env.container.ports), ports_text(info->ports)});
    } catch (const Error& error) {
      if (error.code() == ErrorCode::cancelled) throw;
      report.drift.push_back({host.url(), "unreachable", "an answer", error.what()});
    }
  }
  return report;
}

std::vector<std::string> Pipeline::adopt(const Environment& env) {
  const auto lease = take_lease(env.name);
  std::vector<Found> found;
  for (const Host& host : env.hosts) {
    const auto here = find_versions(around_.fleet.engine(host), around_.config, env, host, limits());
    found.insert(found.end(), here.begin(), here.end());
  }
  std::stable_sort(found.begin(), found.end(), [](const Found& a, const Found& b) { return !a.live && b.live; });  // what is live is verified last
  std::vector<std::string> done;
  for (const Found& f : found) {
    const EnvironmentState& state = state_.environment(env.name);
    const bool known = state.find_verified(f.digest) != nullptr, is_live = state.live && state.live->digest == f.digest;
    if (known && (!f.live || is_live)) continue;
    const auto lives = std::count_if(found.begin(), found.end(), [&](const Found& o) { return o.live && o.digest == f.digest; });
    if (f.live && lives != static_cast<std::ptrdiff_t>(env.hosts.size()))
      throw Error(ErrorCode::conflict, "promotion", fmt::format("the hosts of {} do not all serve the same version ({} on {}); bring them to one first. Nothing more was adopted", env.name, f.version, f.host));
    std::vector<EntryDraft> drafts;
    if (state_.find_digest(f.digest) == nullptr) {
      const Digest digest = Digest::parse(f.digest);
      drafts.push_back({"release_registered", "", "", json::Object().add("application", around_.config.application).add("version", f.version).add("build", 0)
                           .add("image", around_.config.image.repository.with_digest(digest).str()).add("digest", f.digest).add("commit", "")
                           .add("creator", around_.actor).add("created", to_rfc3339(around_.clock.now())).str()});
    }
    drafts.push_back({"adopted", env.name, "", json::Object().add("host", f.host).add("digest", f.digest).add("version", f.version).add("live", f.live)
                          .add("verified", true).add("container_hash", f.live ? container_hash(env) : "").str()});
    around_.journal.append(drafts, lease->claim());
    done.push_back(fmt::format("{} {} ({})", f.live ? "live:" : "can be gone back to:", f.version, f.digest));
  }
  return done;
}

void Pipeline::logs(const Environment& env, const LogOptions& options) {
  const CallLimits forever{std::chrono::hours{24 * 365}, stop_.get_token()};
  if (!options.follow) {
    for (const Host& host : env.hosts) options.sink(host.url(), around_.fleet.engine(host).logs(env.container.name, options.lines, limits()));
    return;
  }
  std::mutex mutex;
  std::vector<std::exception_ptr> thrown(env.hosts.size());
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < env.hosts.size(); ++i)
      threads.emplace_back([&, i] {
        const Host& host = env.hosts[i];
        try {
          around_.fleet.engine(host).follow_logs(env.container.name, options.lines,
                                                 [&](std::string_view text) {
                                                   const std::lock_guard lock(mutex);
                                                   options.sink(host.url(), text);
                                                 },
                                                 forever);
        } catch (...) {  // top of a thread: goes back to the caller below
          thrown[i] = std::current_exception();
        }
      });
  }
  for (const std::exception_ptr& e : thrown)
    if (e) std::rethrow_exception(e);
}

}  // namespace deploy
