#include "docker/images.hpp"

#include <fmt/format.h>

#include "docker/requests.hpp"
#include "docker/responses.hpp"
#include "docker/stream.hpp"

namespace deploy::docker {

namespace {
// The Engine is silent while it waits for its registry or unpacks a large layer.
constexpr std::chrono::minutes kSilentPull{5};

// Engines differ in how they filter and in how they write names; "<none>:<none>" is no name at all.
bool is_of(const ImageReference& repository, const std::string& name) {
  try {
    return ImageReference::parse(name).name() == repository.name();
  } catch (const Error&) {
    return false;
  }
}
}  // namespace

std::string auth_for(const Connection& engine, const CredentialStore& credentials, const Act& act, const CallLimits& limits) {
  return engine.understand(act, [&] { return registry_auth(credentials.find(act.registry, limits), act.registry); });
}

void pull(Connection& engine, const CredentialStore& credentials, const ImageReference& image,
          const std::function<void(const PullProgress&)>& progress, const CallLimits& limits) {
  const Act act{.what = "pull " + image.str(), .operation = Operation::pull, .registry = image.registry(), .when_unknown = "pulling again does no harm"};
  http::Request request = requests::pull(image, auth_for(engine, credentials, act, limits));
  request.idle_timeout = kSilentPull;
  PullTracker tracker;
  engine.send_for_messages(std::move(request), act, limits, [&](const json::Value& message) {
    if (const auto now = tracker.update(message); now && progress) progress(*now);
  });
  // Engines differ in how they end a stream that went wrong: what counts is that the image is there.
  if (!find_image(engine, pinned(image), limits))
    throw Error(ErrorCode::protocol, "engine", fmt::format("{} says that it pulled {}, but does not have it now", engine.host(), image.str()),
                {{"host", engine.host()}, {"registry", image.registry()}});
}

std::optional<ImageInfo> find_image(Connection& engine, const std::string& reference, const CallLimits& limits) {
  const Act act{.what = "look up image " + reference};
  const http::Response answer = engine.send(requests::inspect_image(reference), act, limits, {404});
  if (answer.status == 404) return std::nullopt;
  return engine.understand(act, [&] { return responses::image(answer.body); });
}

std::vector<ImageInfo> list_images(Connection& engine, const ImageReference& repository, const CallLimits& limits) {
  const Act act{.what = "list the images of " + repository.name()};
  const http::Response listed = engine.send(requests::list_images(repository), act, limits);
  auto out = engine.understand(act, [&] { return responses::images(listed.body); });
  const http::Response containers = engine.send(requests::list_briefly(), act, limits);
  const auto uses = engine.understand(act, [&] { return responses::image_uses(containers.body); });
  for (ImageInfo& image : out) {
    std::erase_if(image.repo_digests, [&](const std::string& name) { return !is_of(repository, name); });
    std::erase_if(image.repo_tags, [&](const std::string& name) { return !is_of(repository, name); });
    const auto used = uses.find(image.id);
    image.containers = used == uses.end() ? 0 : used->second;
  }
  std::erase_if(out, [](const ImageInfo& image) { return image.repo_digests.empty() && image.repo_tags.empty(); });
  return out;
}

void remove_image(Connection& engine, const std::string& reference, const CallLimits& limits) {
  const Act act{.what = "remove image " + reference, .when_unknown = "removing it again does no harm"};
  engine.send(requests::remove_image(reference), act, limits, {404});
}

}  // namespace deploy::docker
