// The hosts know what the ledger does not: after it was lost, or when something else started what is live.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "deploy/error.hpp"
#include "ledger/records.hpp"
#include "promotion/pipeline.hpp"
#include "promotion/prove.hpp"

namespace deploy {

namespace {
enum class Role { retained, failed, live };

/// A container that has something to tell.
struct Found {
  Role role = Role::live;
  Host host;
  ContainerInfo info;
  Release release;
  bool ours = true;      ///< made by us, as its labels say
  std::string trouble{};  ///< why the live one is not healthy
};

std::string label(const ContainerInfo& info, std::string_view name) {
  const auto it = info.labels.find(std::string(name));
  return it == info.labels.end() ? "" : it->second;
}

std::int64_t number(const std::string& text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return std::max<std::int64_t>(value, 0);
}

[[noreturn]] void cannot(ErrorCode code, const Host& host, const ContainerInfo& info, const std::string& why) {
  throw Error(code, "promotion", fmt::format("{} on {} {}. Nothing was adopted", info.name, host.url(), why), {{"host", host.url()}, {"container", info.name}});
}

class Search {
 public:
  Search(Surroundings& around, const Environment& env, const CallLimits& limits) : around_(around), env_(env), limits_(limits) {}

  std::vector<Found> all() {
    for (const Host& host : env_.hosts) look_at(host);
    // In the order in which they went live: what was last is gone back to first. What is live now comes last.
    std::stable_sort(found_.begin(), found_.end(), [](const Found& a, const Found& b) {
      return (a.role == Role::live) != (b.role == Role::live) ? b.role == Role::live : a.info.started.value_or(TimePoint{}) < b.info.started.value_or(TimePoint{});
    });
    check_alike();
    return std::move(found_);
  }

 private:
  void look_at(const Host& host) {
    Engine& engine = around_.fleet.engine(host);
    for (ContainerInfo& info : engine.list({{std::string(kLabelApplication), around_.config.application}, {std::string(kLabelEnvironment), env_.name}}, limits_)) {
      const std::string& name = env_.container.name;
      if (label(info, kLabelDigest).empty() || info.name == name) continue;
      if (info.name.starts_with(name + ".v")) add(Role::retained, host, info);
      if (info.name.starts_with(name + ".failed.")) add(Role::failed, host, info);
    }
    const auto live = engine.inspect(env_.container.name, limits_);
    if (!live) return;
    if (!live->running()) return around_.narrator.warn({env_.name, "", host.url(), ""}, fmt::format("{} on {} does not run ({}); it is not taken for what is live", live->name, host.url(), to_string(live->status)));
    if (!label(*live, kLabelDigest).empty()) return add_live(host, *live);
    found_.push_back({Role::live, host, *live, identify(engine, host, *live), false});
  }

  void add_live(const Host& host, const ContainerInfo& info) {
    if (label(info, kLabelApplication) != around_.config.application || label(info, kLabelEnvironment) != env_.name)
      cannot(ErrorCode::conflict, host, info, fmt::format("belongs to environment {} of {}; give container.name another name in one of the two configurations",
                                                          label(info, kLabelEnvironment), label(info, kLabelApplication)));
    add(Role::live, host, info);
  }

  void add(Role role, const Host& host, const ContainerInfo& info) { found_.push_back({role, host, info, labelled(host, info), true}); }

  /// The ledger's word where it knows the digest, else what the labels say.
  Release labelled(const Host& host, const ContainerInfo& info) {
    const std::string digest = label(info, kLabelDigest);
    if (const Release* known = around_.state.find_digest(digest)) return *known;
    try {
      const std::string image = label(info, kLabelRelease);
      Release release = make(Digest::parse(digest), image.empty() ? around_.config.image.repository : ImageReference::parse(image), Version::parse(label(info, kLabelVersion)));
      release.build = number(label(info, kLabelBuild));
      release.commit = label(info, "org.opencontainers.image.revision");
      release.rollback_never = label(info, kLabelRollback) == "never";
      return release;
    } catch (const Error& error) {
      cannot(ErrorCode::not_found, host, info, fmt::format("has labels that make no sense ({}); remove it, or rename it", error.what()));
    }
  }

  /// Something else made it: what it runs is what its image says.
  Release identify(Engine& engine, const Host& host, const ContainerInfo& info) {
    const auto image = engine.find_image(info.image_id, limits_);
    std::vector<ImageReference> names;
    for (const std::string& name : image ? image->repo_digests : std::vector<std::string>{}) names.push_back(ImageReference::parse(name));
    if (names.empty())
      cannot(ErrorCode::not_found, host, info, fmt::format("runs {}, an image that has no digest of any registry, so that nobody could get it again; push it and run it from there, "
                                                           "or remove the container and deploy a release", info.image));
    const auto ours = std::find_if(names.begin(), names.end(), [&](const ImageReference& name) { return name.name() == around_.config.image.repository.name(); });
    const ImageReference& reference = ours == names.end() ? names.front() : *ours;
    if (const Release* known = around_.state.find_digest(reference.digest()->str())) return *known;
    for (const std::string& text : {label(info, "org.opencontainers.image.version"), ImageReference::parse(info.image).tag().value_or("")})
      if (const auto version = Version::try_parse(text)) return make(*reference.digest(), reference, *version);
    cannot(ErrorCode::not_found, host, info, fmt::format("runs {}, and neither the ledger nor a label nor a tag says which version that is; 'deployctl release add {} --version V' does",
                                                         reference.str(), reference.str()));
  }

  [[nodiscard]] Release make(const Digest& digest, const ImageReference& image, const Version& version) const {
    return {around_.config.application, version, 0, image.with_digest(digest), digest, "", around_.actor, around_.clock.now()};
  }

  /// Every host serves the same, or none serves anything; and no version means two digests.
  void check_alike() const {
    const Found* first = nullptr;
    std::size_t lives = 0;
    for (const Found& f : found_) {
      for (const Release& r : around_.state.releases)
        if (r.version == f.release.version && r.digest != f.release.digest)
          cannot(ErrorCode::conflict, f.host, f.info, fmt::format("runs {} as {}, which is registered as {}; register it under another version first: 'deployctl release add {} --version V'",
                                                                  f.release.digest.str(), r.version.str(), r.digest.str(), f.release.image.str()));
      if (f.role != Role::live) continue;
      ++lives;
      if (first == nullptr) first = &f;
      else if (first->release.digest != f.release.digest)
        cannot(ErrorCode::conflict, f.host, f.info, fmt::format("runs {} while {} runs {}; bring the hosts of {} to one version first", f.release.version.str(), first->host.url(), first->release.version.str(), env_.name));
    }
    if (first != nullptr && lives != env_.hosts.size())
      cannot(ErrorCode::conflict, first->host, first->info, fmt::format("serves, but not every host of {} does; bring them to one version first", env_.name));
  }

  Surroundings& around_;
  const Environment& env_;
  CallLimits limits_;
  std::vector<Found> found_;
};

/// A name alone proves nothing: whoever died half-way may have left a candidate under it.
std::string probe_live(Surroundings& around, const Environment& env, const Found& found, const CallLimits& limits) {
  Plan plan;
  plan.release = found.release;
  HostRun run(around, env, plan, "", found.host, [] {});  // only looked at
  const ProbeReport report = prove(around, env, "", {run, found.info.id, found.release.digest.str()}, limits.stop);
  return report.verdict == Verdict::healthy ? "" : fmt::format("{} on {}: {}", to_string(report.verdict), found.host.url(), report.reason);
}

/// What of the findings is new, as entries; and in words.
class Harvest {
 public:
  Harvest(const State& state, const Environment& env) : state_(state), env_(env) {}

  std::vector<EntryDraft> drafts;
  std::vector<std::string> lines;

  void take(const Found& f) {
    const std::string digest = f.release.digest.str();
    const EnvironmentState& here = state_.environment(env_.name);
    const bool seen = !taken_.insert({f.role, digest}).second;
    const bool known = here.find_verified(digest) != nullptr;
    switch (f.role) {
      case Role::failed: return take_failed(f, digest, seen);
      case Role::retained:
        if (seen || known) return;
        adopt(f, digest, true);
        return say("can be gone back to", f, digest, "");
      case Role::live:
        if (seen || (here.live && here.live->digest == digest && (known || !f.trouble.empty()))) return;
        adopt(f, digest, f.trouble.empty());
        return say("live", f, digest, (f.ours ? "" : "; something else started it: it has no labels of ours, and the next promotion replaces it") +
                                          (f.trouble.empty() ? "" : "; not verified, it is " + f.trouble));
    }
  }

 private:
  /// A digest that stands set aside as failed, and nowhere as good.
  void take_failed(const Found& f, const std::string& digest, bool seen) {
    const bool good = taken_.count({Role::retained, digest}) > 0 || taken_.count({Role::live, digest}) > 0 || state_.environment(env_.name).find_verified(digest) != nullptr;
    if (seen || good || state_.find_digest(digest) != nullptr) return;  // what the ledger knows it has judged itself
    register_release(f);
    drafts.push_back({"digest_quarantined", env_.name, "", json::Object().add("digest", digest).add("version", f.release.version.str())
                                                               .add("reason", fmt::format("{} stands on {} as failed", f.info.name, f.host.url())).str()});
    say("quarantined", f, digest, "; it stands on the host as failed");
  }

  void adopt(const Found& f, const std::string& digest, bool verified) {
    register_release(f);
    drafts.push_back({"adopted", env_.name, "", json::Object().add("host", f.host.url()).add("container", f.info.name).add("digest", digest).add("version", f.release.version.str())
                                                    .add("live", f.role == Role::live).add("verified", verified)
                                                    .add("container_hash", f.role == Role::live ? label(f.info, kLabelContainerHash) : "").str()});
  }

  void register_release(const Found& f) {
    const std::string digest = f.release.digest.str();
    if (state_.find_digest(digest) == nullptr && registered_.insert(digest).second) drafts.push_back({"release_registered", "", "", release_object(f.release).str()});
  }

  void say(const char* what, const Found& f, const std::string& digest, const std::string& more) {
    lines.push_back(fmt::format("{}: {} ({}){}", what, f.release.version.str(), digest, more));
  }

  const State& state_;
  const Environment& env_;
  std::set<std::pair<Role, std::string>> taken_;
  std::set<std::string> registered_;
};
}  // namespace

/// All or nothing: one append, after everything was found and probed.
std::vector<std::string> Pipeline::adopt(const Environment& env) {
  const auto lease = take_lease(env.name);
  const EnvironmentState& here = state_.environment(env.name);
  if (!here.open_order.empty())
    throw Error(ErrorCode::conflict, "promotion", fmt::format("deployment {} of {} is unfinished; 'deployctl resume {}' ends it. Nothing was adopted", here.open_order.back(), env.name, env.name));
  std::vector<Found> found = Search(around_, env, limits()).all();
  std::string trouble;
  for (const Found& f : found) {
    const std::string digest = f.release.digest.str();
    const bool known = here.live && here.live->digest == digest && here.find_verified(digest) != nullptr;
    if (f.role == Role::live && !known && trouble.empty()) trouble = probe_live(around_, env, f, limits());
  }
  Harvest harvest(state_, env);
  for (Found& f : found) {
    if (f.role == Role::live) f.trouble = trouble;
    if (f.role != Role::failed) harvest.take(f);
  }
  for (const Found& f : found)
    if (f.role == Role::failed) harvest.take(f);
  if (!harvest.drafts.empty()) around_.journal.append(harvest.drafts, lease->claim());
  return std::move(harvest.lines);
}

}  // namespace deploy
