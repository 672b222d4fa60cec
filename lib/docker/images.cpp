#include "docker/images.hpp"

#include <fmt/format.h>

#include "docker/requests.hpp"
#include "docker/responses.hpp"
#include "docker/stream.hpp"

namespace deploy::docker {

namespace {
// The Engine is silent while it waits for its registry or unpacks a large layer.
constexpr std::chrono::minutes kSilentPull{5};
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

void remove_image(Connection& engine, const std::string& reference, const CallLimits& limits) {
  const Act act{.what = "remove image " + reference, .when_unknown = "removing it again does no harm"};
  engine.send(requests::remove_image(reference), act, limits, {404});
}

}  // namespace deploy::docker
