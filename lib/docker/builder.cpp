#include "docker/builder.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "docker/base_images.hpp"
#include "docker/build_output.hpp"
#include "docker/connection.hpp"
#include "docker/context.hpp"
#include "docker/images.hpp"
#include "docker/lint.hpp"
#include "docker/requests.hpp"
#include "support/one_line.hpp"

namespace deploy::docker {

namespace {
// A compiler in a RUN step may be silent for long; a registry that takes a layer is not.
constexpr std::chrono::minutes kSilentBuild{30};
constexpr std::chrono::minutes kSilentPush{5};

class DockerBuilder final : public ImageBuilder {
 public:
  DockerBuilder(http::Client client, std::string host, CredentialStore credentials)
      : engine_(std::move(client), std::move(host)), credentials_(std::move(credentials)) {}

  std::vector<std::string> lint(const BuildRequest& request) override { return lint_context(list_context(request)); }

  std::string build(const BuildRequest& request, const std::function<void(std::string_view)>& output, const CallLimits& limits) override {
    Act act{.what = "build " + request.context, .operation = Operation::build, .when_unknown = "building again does no harm"};
    const ContextFiles files = engine_.understand(act, [&] { return list_context(request); });
    const auto registries = base_registries(files.dockerfile_text, request.build_args);
    if (registries.size() == 1) act.registry = *registries.begin();
    ContextArchive archive(files);
    http::Request post = requests::build(request, files.dockerfile, logins(registries, act, limits));
    post.body_source = [&](char* buffer, std::size_t size) { return archive.read(buffer, size); };
    post.idle_timeout = kSilentBuild;
    return image_id(send(std::move(post), act, output, limits).image_id(), act, limits);
  }

  void tag(const std::string& image_id, const ImageReference& reference, const CallLimits& limits) override {
    check_tagged(reference);
    engine_.send(requests::tag_image(image_id, reference), {.what = fmt::format("tag {} as {}", image_id, reference.str())}, limits);
  }

  Digest push(const ImageReference& reference, const std::function<void(std::string_view)>& output, const CallLimits& limits) override {
    check_tagged(reference);
    const Act act{.what = "push " + reference.str(), .operation = Operation::push, .registry = reference.registry(), .when_unknown = "pushing again does no harm"};
    http::Request post = requests::push(reference, auth_for(engine_, credentials_, act, limits));
    post.idle_timeout = kSilentPush;
    const BuildOutput done = send(std::move(post), act, output, limits);
    return engine_.understand(act, [&] { return pushed_digest(done.digest(), reference, limits); });
  }

 private:
  static void check_tagged(const ImageReference& reference) {
    if (!reference.tag() || reference.digest())
      throw Error(ErrorCode::invalid_argument, "build", fmt::format("{} does not name just a tag: an image is tagged and pushed as name:tag", reference.str()));
  }

  BuildOutput send(http::Request request, const Act& act, const std::function<void(std::string_view)>& output, const CallLimits& limits) {
    BuildOutput lines(output);
    engine_.send_for_messages(std::move(request), act, limits, [&](const json::Value& message) { lines.take(message); });
    lines.finish();
    return lines;
  }

  std::string logins(const std::set<std::string>& registries, const Act& act, const CallLimits& limits) {
    return engine_.understand(act, [&] {
      std::map<std::string, Credential> found;
      for (const std::string& registry : registries)
        if (auto credential = credentials_.find(registry, limits)) found.emplace(registry, std::move(*credential));
      return registry_config(found);
    });
  }

  // A builder that told a short id is asked for the whole one.
  std::string image_id(const std::string& told, const Act& act, const CallLimits& limits) {
    if (told.starts_with("sha256:")) return told;
    const auto image = told.empty() ? std::nullopt : find_image(engine_, told, limits);
    if (image) return image->id;
    throw Error(ErrorCode::protocol, "engine", fmt::format("cannot {} on {}: the build ended without naming its image", act.what, engine_.host()),
                {{"host", engine_.host()}});
  }

  // The digest is what moves from now on: it must be one that the Engine itself holds for that repository.
  Digest pushed_digest(const std::string& told, const ImageReference& reference, const CallLimits& limits) {
    if (told.empty()) throw Error(ErrorCode::protocol, "engine", "the push ended without naming the manifest's digest", {{"registry", reference.registry()}});
    const auto digest = Digest::try_parse(told);
    if (!digest) throw Error(ErrorCode::protocol, "engine", fmt::format("'{}' is no digest", one_line(told, 100)), {{"registry", reference.registry()}});
    const auto image = find_image(engine_, reference.str(), limits);
    const bool known = image && std::any_of(image->repo_digests.begin(), image->repo_digests.end(), [&](const std::string& d) { return d.ends_with("@" + told); });
    if (!known && !engine_.peer(limits).podman)
      throw Error(ErrorCode::conflict, "engine", fmt::format("the digest {} was pushed, but {} names another image by now: was it tagged anew meanwhile?", told, reference.str()),
                  {{"registry", reference.registry()}, {"digest", told}});
    return *digest;
  }

  Connection engine_;
  CredentialStore credentials_;
};
}  // namespace

std::unique_ptr<ImageBuilder> open_builder(http::Client client, std::string host, CredentialStore credentials) {
  return std::make_unique<DockerBuilder>(std::move(client), std::move(host), std::move(credentials));
}

}  // namespace deploy::docker
