// Build once, push once, tag by manifest, register.
#include <fmt/format.h>

#include <algorithm>

#include "ledger/records.hpp"
#include "promotion/pipeline.hpp"
#include "support/hash.hpp"

namespace deploy {

namespace {
constexpr std::chrono::milliseconds kBuildTimeout{2 * 60 * 60'000};
constexpr const char* kBuildLease = "build";  // two builds at once would be given the same number
constexpr int kSkippedBuilds = 20;            // numbers in a row whose tags a crashed build may have left behind

std::string text_of(std::int64_t build) { return build > 0 ? std::to_string(build) : ""; }

std::string commit_of(const std::optional<SourceState>& source) { return !source ? "" : source->commit + (source->dirty ? "-dirty" : ""); }

/// Tags of one build, and what they are called.
struct Naming {
  Version version;
  std::vector<std::string> tags;
};

Naming name_build(const Config& config, std::int64_t build, const std::string& commit) {
  TemplateFields fields{"", text_of(build), commit, ""};
  Naming naming{Version::parse(expand(config.image.version, fields)), {}};
  fields.version = naming.version.tag();
  for (const std::string& pattern : config.image.tags) naming.tags.push_back(expand(pattern, fields));
  if (naming.tags.empty()) naming.tags.push_back(naming.version.tag());
  return naming;
}

std::map<std::string, std::string> image_labels(const std::optional<SourceState>& source, const Version& version, TimePoint created) {
  std::map<std::string, std::string> labels{{"org.opencontainers.image.version", version.str()}, {"org.opencontainers.image.created", to_rfc3339(created)}};
  if (source) labels["org.opencontainers.image.revision"] = commit_of(source);
  if (source && !source->origin.empty()) labels["org.opencontainers.image.source"] = source->origin;
  return labels;
}

/// Other braces in a build argument are its own business.
bool names_a_field(const std::string& text) {
  return text.find("{version}") != std::string::npos || text.find("{build}") != std::string::npos || text.find("{commit}") != std::string::npos;
}

[[noreturn]] void tag_taken(const std::string& reference, const Digest& digest) {
  throw Error(ErrorCode::tag_moved, "registry",
              fmt::format("{} already names {}: a version is built once and never overwritten. Nothing was built; choose another --build", reference, digest.str()),
              {{"reference", reference}, {"digest", digest.str()}});
}
}  // namespace

std::int64_t Pipeline::choose_build(const BuildOptions& options, const std::string& commit) {
  const bool chosen = options.build > 0;
  for (std::int64_t build = chosen ? options.build : state_.next_build(), last = build + kSkippedBuilds;; ++build) {
    const Naming naming = name_build(around_.config, build, commit);
    for (const Release& r : state_.releases)
      if (r.build == build || r.version == naming.version)
        throw Error(ErrorCode::already_exists, "promotion",
                    fmt::format("{} (build {}) is registered already, as {}. Nothing was built; versions are never built twice", r.version.str(), r.build, r.digest.str()));
    bool free = true;
    for (const std::string& tag : naming.tags) {
      const ImageReference reference = around_.config.image.repository.with_tag(tag);
      const auto taken = around_.registry.find(reference, limits());
      if (!taken) continue;
      if (chosen || build >= last) tag_taken(reference.str(), taken->digest);
      around_.narrator.warn({}, fmt::format("{} exists in the registry though the ledger does not know it; build number {} is skipped", reference.str(), build));
      free = false;
      break;
    }
    if (free) return build;
  }
}

Release Pipeline::build(ImageBuilder& builder, const BuildOptions& options) {
  const auto lease = take_lease(kBuildLease);
  const ImageConfig& image = around_.config.image;
  const auto source = around_.source.state(limits());
  const std::int64_t build = choose_build(options, source ? source->commit : "");
  const Naming naming = name_build(around_.config, build, source ? source->commit : "");
  BuildRequest request{image.context, image.dockerfile, image.target, image.build_args, image_labels(source, naming.version, around_.clock.now())};
  const TemplateFields fields{naming.version.str(), text_of(build), commit_of(source), ""};
  for (auto& [name, value] : request.build_args)
    if (names_a_field(value)) value = expand(value, fields);
  for (const std::string& warning : builder.lint(request)) around_.narrator.warn({}, warning);
  if (source && source->dirty) around_.narrator.warn({}, "the source tree has uncommitted changes: the release is marked -dirty and gets no git tag");

  const CallLimits long_limits{kBuildTimeout, stop_.get_token()};
  const auto output = [&](std::string_view line) { around_.narrator.say(EventKind::build_output, {}, std::string(line)); };
  around_.narrator.say(EventKind::build_started, {}, fmt::format("building {} (build {})", naming.version.str(), build), {{"version", naming.version.str()}, {"build", text_of(build)}});
  const std::string id = builder.build(request, output, long_limits);
  around_.narrator.say(EventKind::build_finished, {}, fmt::format("built {}", id), {{"image", id}});

  const ImageReference first = image.repository.with_tag(naming.tags.front());
  builder.tag(id, first, limits());
  lease->check();  // a build may take long
  const Digest digest = builder.push(first, output, long_limits);
  const ImageReference pushed = image.repository.with_digest(digest);
  around_.narrator.say(EventKind::image_pushed, {}, fmt::format("pushed {}", pushed.str()), {{"digest", digest.str()}});
  for (std::size_t i = 1; i < naming.tags.size(); ++i) around_.registry.tag(pushed, naming.tags[i], TagMove::refuse, limits());
  return register_release({around_.config.application, naming.version, build, pushed, digest, commit_of(source), around_.actor, around_.clock.now(), options.rollback_never}, lease->claim());
}

Release Pipeline::register_release(const Release& release, const std::optional<LeaseClaim>& claim) {
  const auto still_free = [&] {
    return std::none_of(state_.releases.begin(), state_.releases.end(), [&](const Release& r) { return r.version == release.version; });
  };
  around_.journal.append({"release_registered", "", "", release_object(release).str()}, claim, still_free);
  around_.narrator.say(EventKind::release_registered, {}, fmt::format("registered {} as {}", release.version.str(), release.digest.str()),
                       {{"version", release.version.str()}, {"digest", release.digest.str()}, {"build", text_of(release.build)}});
  return release;
}

Release Pipeline::add_release(const ImageReference& image, const Version& version, const AddReleaseOptions& options) {
  around_.journal.refresh();
  const auto manifest = around_.registry.find(image, limits());
  if (!manifest) throw Error(ErrorCode::not_found, "registry", fmt::format("the registry has no {}. Nothing was registered", image.str()), {{"image", image.str()}});
  for (const Release& r : state_.releases) {
    if (!(r.version == version)) continue;
    if (r.digest == manifest->digest && r.rollback_never == options.rollback_never) return r;
    if (r.digest == manifest->digest)
      throw Error(ErrorCode::already_exists, "promotion", fmt::format("{} is registered already, {}: a release never changes; register the image under another version", version.str(),
                                                                      r.rollback_never ? "marked 'rollback: never'" : "without 'rollback: never'"));
    throw Error(ErrorCode::tag_moved, "promotion",
                fmt::format("{} is registered as {}, and {} names {} now. A version never changes; register it under another one", version.str(), r.digest.str(), image.str(), manifest->digest.str()));
  }
  return register_release({around_.config.application, version, 0, image.with_digest(manifest->digest), manifest->digest, "", around_.actor, around_.clock.now(), options.rollback_never},
                          std::nullopt);
}

namespace {
bool matches(const Release& r, std::string_view selector) {
  if (r.version.str() == selector || text_of(r.build) == selector || r.digest.str() == selector) return true;
  const std::string_view hex = selector.substr(0, 7) == "sha256:" ? selector.substr(7) : selector;
  return hex.size() >= 7 && hex.find_first_not_of("0123456789abcdef") == std::string_view::npos && r.digest.hex().substr(0, hex.size()) == hex;
}
}  // namespace

Release Pipeline::find_release(std::string_view selector) {
  around_.journal.refresh();
  const auto& all = state_.releases;
  if (selector.empty() && !all.empty()) return all.back();
  std::vector<const Release*> found;
  for (const Release& r : all)
    if (matches(r, selector)) found.push_back(&r);
  if (found.size() == 1) return *found.front();
  if (found.empty())
    throw Error(ErrorCode::not_found, "promotion",
                all.empty() ? "no release is registered yet; 'deployctl build' or 'deployctl release add' makes one"
                            : fmt::format("no release is called '{}'; the newest is {}. 'deployctl releases' lists them", selector, all.back().version.str()));
  const bool exact = found.back()->version.str() == selector;  // a version wins over the digest prefix that it may look like
  if (exact || std::all_of(found.begin(), found.end(), [&](const Release* r) { return r->digest == found.front()->digest; })) return *found.back();
  throw Error(ErrorCode::invalid_argument, "promotion", fmt::format("'{}' means {} releases; give the version", selector, found.size()));
}

}  // namespace deploy
