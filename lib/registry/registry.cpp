#include "registry/registry.hpp"

#include <fmt/format.h>

#include "registry/answers.hpp"
#include "registry/connection.hpp"
#include "support/one_line.hpp"

namespace deploy {

namespace {
using registry::ServedManifest;

// Without these a registry converts an image to schema 1, which has another digest.
constexpr const char* kAccept =
    "application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json, "
    "application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.oci.image.index.v1+json";
constexpr std::size_t kManifestLimit = 4u << 20;  // the distribution specification's own limit

std::string manifest_path(const ImageReference& reference) {
  const std::string what = reference.digest() ? reference.digest()->str() : reference.tag().value_or("latest");
  return "/v2/" + reference.repository() + "/manifests/" + what;
}

http::Request get_request(const ImageReference& reference) {
  http::Request request;
  request.path = manifest_path(reference);
  request.headers = {{"Accept", kAccept}};
  request.follow_redirects = true;
  request.body_limit = kManifestLimit;
  return request;
}

http::Request put_request(const ImageReference& reference, const ServedManifest& manifest) {
  http::Request request;
  request.method = "PUT";
  request.path = manifest_path(reference);
  request.headers = {{"Content-Type", manifest.media_type}};
  request.body = manifest.bytes;
  request.body_limit = kManifestLimit;
  return request;
}

[[noreturn]] void unexpected(const ImageReference& reference, const std::string& act, const http::Response& response) {
  const bool denied = response.status == 401 || response.status == 403;
  const ErrorCode code = denied ? ErrorCode::unauthorized : response.status >= 400 ? ErrorCode::refused : ErrorCode::protocol;
  throw Error(code, "registry",
              fmt::format("{}: the registry answered {} to {}: {}", reference.familiar(), response.status, act, registry::error_text(response)),
              {{"registry", reference.registry()}, {"reference", reference.str()}, {"status", std::to_string(response.status)}});
}

[[noreturn]] void moved(const ImageReference& tagged, const Digest& existing, const Digest& wanted, const std::string& state) {
  throw Error(ErrorCode::tag_moved, "registry",
              fmt::format("{} names {} already, and was to name {}; {}. A version or build tag never moves: give this image a new version",
                          tagged.familiar(), existing.str(), wanted.str(), state),
              {{"registry", tagged.registry()}, {"reference", tagged.str()}, {"existing", existing.str()}, {"wanted", wanted.str()}});
}

class HttpRegistry final : public Registry {
 public:
  explicit HttpRegistry(const RegistryOptions& options) : connections_(options.credentials, options.insecure) {}

  std::optional<Manifest> find(const ImageReference& reference, const CallLimits& limits) override {
    const auto served = get(reference, TimeBudget(limits));
    if (!served) return std::nullopt;
    return Manifest{served->digest, served->media_type, static_cast<std::int64_t>(served->bytes.size()), registry::read_layers(served->bytes)};
  }

  void tag(const ImageReference& digest_reference, const std::string& tag, TagMove move, const CallLimits& limits) override {
    if (!digest_reference.digest())
      throw Error(ErrorCode::invalid_argument, "registry", digest_reference.str() + " has no digest; a tag is given to a digest");
    const TimeBudget time(limits);
    const Digest& wanted = *digest_reference.digest();
    const ImageReference tagged = digest_reference.with_tag(tag);
    const auto existing = get(tagged, time);
    if (existing && existing->digest == wanted) return;
    if (existing && move == TagMove::refuse) moved(tagged, existing->digest, wanted, "nothing was written");
    put(tagged, require(digest_reference, time), time);
    if (move == TagMove::refuse) check_kept(tagged, wanted, time);
  }

 private:
  std::optional<ServedManifest> get(const ImageReference& reference, const TimeBudget& time) {
    const http::Response response = connections_.send(get_request(reference), reference, registry::Intent::read, time);
    if (response.status == 404 && registry::is_registry_not_found(response)) return std::nullopt;
    if (response.status != 200) unexpected(reference, "the question for the manifest", response);
    try {
      return registry::read_manifest(response, reference.digest());
    } catch (const Error& error) {
      throw Error(error.code(), error.area(), fmt::format("{}: {}", reference.familiar(), error.what()), error.details()).with("registry", reference.registry());
    }
  }

  ServedManifest require(const ImageReference& reference, const TimeBudget& time) {
    if (auto served = get(reference, time)) return *std::move(served);
    throw Error(ErrorCode::not_found, "registry",
                reference.familiar() + ": the registry has no such manifest (never pushed there, or deleted since); nothing was written",
                {{"registry", reference.registry()}, {"reference", reference.str()}});
  }

  void put(const ImageReference& tagged, const ServedManifest& manifest, const TimeBudget& time) {
    const http::Response response = connections_.send(put_request(tagged, manifest), tagged, registry::Intent::write, time);
    if (!response.ok()) unexpected(tagged, "writing the tag", response);
    const std::string claimed = response.header("Docker-Content-Digest");
    if (claimed.starts_with("sha256:") && claimed != manifest.digest.str())
      throw Error(ErrorCode::protocol, "registry",
                  fmt::format("{}: wrote manifest {}, the registry says that it stored {}", tagged.familiar(), manifest.digest.str(), one_line(claimed, 100)),
                  {{"registry", tagged.registry()}, {"reference", tagged.str()}});
  }

  /// The registry has no compare-and-swap: two writers at once are only seen by looking again.
  void check_kept(const ImageReference& tagged, const Digest& wanted, const TimeBudget& time) {
    const auto now = get(tagged, time);
    if (!now)
      throw Error(ErrorCode::protocol, "registry", tagged.familiar() + ": the registry accepted the tag and does not have it",
                  {{"registry", tagged.registry()}, {"reference", tagged.str()}});
    if (now->digest != wanted) moved(tagged, now->digest, wanted, "somebody else wrote it at the same time, and theirs is what it names now");
  }

  registry::Connections connections_;
};
}  // namespace

std::unique_ptr<Registry> open_registry(RegistryOptions options) { return std::make_unique<HttpRegistry>(options); }

}  // namespace deploy
