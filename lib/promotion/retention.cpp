#include "promotion/retention.hpp"

#include <algorithm>
#include <iterator>

#include "deploy/error.hpp"
#include "promotion/host_run.hpp"
#include "promotion/planner.hpp"

namespace deploy {

namespace {
constexpr int kKeptFailures = 1;  // the newest failed candidate stays for forensics

std::string digest_of(const ContainerInfo& info) {
  const auto label = info.labels.find(std::string(kLabelDigest));
  return label == info.labels.end() ? "" : label->second;
}

/// Position among what one can go back to, the best first; past the end for what one cannot.
std::size_t rank_of(const std::string& digest, const std::vector<Verification>& targets) {
  const auto it = std::find_if(targets.begin(), targets.end(), [&](const Verification& v) { return v.digest == digest; });
  return static_cast<std::size_t>(it - targets.begin());
}

/// The best target first, the newest container of each before its older ones; then what is no target.
std::vector<ContainerInfo> best_first(std::vector<ContainerInfo> retained, const std::vector<Verification>& targets) {
  std::vector<ContainerInfo> stock, rest;
  std::set<std::string> seen;
  for (ContainerInfo& info : retained) {  // newest first
    const bool is_stock = rank_of(digest_of(info), targets) < targets.size() && seen.insert(digest_of(info)).second;
    (is_stock ? stock : rest).push_back(std::move(info));
  }
  std::stable_sort(stock.begin(), stock.end(), [&](const ContainerInfo& a, const ContainerInfo& b) { return rank_of(digest_of(a), targets) < rank_of(digest_of(b), targets); });
  std::move(rest.begin(), rest.end(), std::back_inserter(stock));
  return stock;
}

/// What is newer than the live version of this environment and has come as far as its gates.
void add_candidates(const State& state, const Environment& env, const std::string& live, std::set<std::string>& needed) {
  for (auto r = state.releases.rbegin(); r != state.releases.rend() && r->digest.str() != live; ++r)
    if (env.after.empty() || state.environment(env.after).find_verified(r->digest.str()) != nullptr)
      if (state.quarantined.count(r->digest.str()) == 0) needed.insert(r->digest.str());
}

void add_stock(const State& state, const Environment& env, const std::string& live, std::set<std::string>& needed) {
  for (const auto& [id, open] : state.environment(env.name).open) needed.insert({open.plan.release.digest.str(), open.plan.live_digest});
  const auto targets = rollback_targets(state, env.name, live, true);
  for (std::size_t i = 0; i < targets.size() && i < static_cast<std::size_t>(env.rollback.keep); ++i) needed.insert(targets[i].digest);
}

/// The tags that the build gave this release: ours to take away again.
std::set<std::string> tags_of(const Release& release, const Config& config) {
  std::set<std::string> tags;
  const TemplateFields fields{release.version.tag(), release.build > 0 ? std::to_string(release.build) : "", release.commit, ""};
  for (const std::string& pattern : config.image.tags) {
    try {
      tags.insert(expand(pattern, fields));
    } catch (const Error&) {
      continue;  // a release from elsewhere has no build number: no such tag was given
    }
  }
  return tags;
}

/// Nothing when the image has to stay.
std::vector<std::string> names_to_take(const ImageInfo& image, const State& state, const Config& config, const std::set<std::string>& needed) {
  std::vector<std::string> digests, tags;
  std::set<std::string> ours;
  for (const std::string& name : image.repo_digests) {
    const auto digest = ImageReference::parse(name).digest();
    const Release* release = digest ? state.find_digest(digest->str()) : nullptr;
    if (release == nullptr || needed.count(digest->str()) > 0) return {};
    ours.merge(tags_of(*release, config));
    digests.push_back(name);
  }
  for (const std::string& name : image.repo_tags) {
    if (ours.count(ImageReference::parse(name).tag().value_or("")) == 0) return {};
    tags.push_back(name);
  }
  if (!digests.empty()) std::move(digests.begin(), digests.end(), std::back_inserter(tags));
  return digests.empty() ? std::vector<std::string>{} : tags;
}
}  // namespace

Retention sort_containers(std::vector<ContainerInfo> all, const Environment& env, const std::vector<Verification>& targets) {
  std::sort(all.begin(), all.end(), [](const ContainerInfo& a, const ContainerInfo& b) { return a.finished.value_or(TimePoint{}) > b.finished.value_or(TimePoint{}); });
  Retention out;
  std::vector<ContainerInfo> retained;
  int failed = 0;
  for (ContainerInfo& info : all) {
    if (info.running() || info.name == env.container.name) continue;
    const bool is_failed = info.name.rfind(env.container.name + ".failed.", 0) == 0;
    // A candidate that never ran: its host was away when it was to be taken back.
    if (!info.started && info.name.rfind(env.container.name + ".candidate.", 0) == 0) out.retired.push_back(info.id);
    if (is_failed && ++failed > kKeptFailures) out.retired.push_back(info.id);
    if (!is_failed && info.name.rfind(env.container.name + ".v", 0) == 0) retained.push_back(std::move(info));
  }
  for (const ContainerInfo& info : best_first(std::move(retained), targets)) {
    if (static_cast<int>(out.retained.size()) < env.rollback.keep) out.retained.push_back(info.name);
    else out.retired.push_back(info.id);
  }
  return out;
}

std::set<std::string> needed_digests(const State& state, const Config& config, const Arrival& arrival) {
  std::set<std::string> needed{arrival.digest};
  for (const auto& [name, env] : state.environments)
    if (env.live && name != arrival.environment) needed.insert(env.live->digest);  // also of one that the configuration no longer names
  for (const Environment& env : config.environments) {
    const std::string live = env.name == arrival.environment ? arrival.digest : left_digest(state.environment(env.name));
    add_stock(state, env, live, needed);
    add_candidates(state, env, live, needed);
  }
  return needed;
}

std::vector<std::string> superfluous_images(const std::vector<ImageInfo>& images, const State& state, const Config& config, const Arrival& arrival) {
  const std::set<std::string> needed = needed_digests(state, config, arrival);
  std::vector<std::string> out;
  for (const ImageInfo& image : images) {
    if (image.containers != 0) continue;
    auto names = names_to_take(image, state, config, needed);
    std::move(names.begin(), names.end(), std::back_inserter(out));
  }
  return out;
}

}  // namespace deploy
