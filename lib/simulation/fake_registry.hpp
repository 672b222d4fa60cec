// A registry in memory.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "deploy/error.hpp"
#include "deploy/ports/registry.hpp"
#include "simulation/app_behaviour.hpp"

namespace deploy::simulation {

/// An image as it is stored: what a host gets when it pulls, with the behaviour of what is in it.
struct StoredImage {
  Digest digest = Digest::parse("sha256:" + std::string(64, '0'));
  std::int64_t size = 10'000'000;
  std::map<std::string, std::string> labels{};
  AppBehaviour app{};

  [[nodiscard]] std::string id() const;  ///< of its configuration, as an engine names it
};

/// Every call of the port works on it as documented; the rest is what other people do to it. Thread-safe.
class FakeRegistry final : public Registry {
 public:
  // The port.
  [[nodiscard]] std::optional<Manifest> find(const ImageReference& reference, const CallLimits& limits) override;
  void tag(const ImageReference& digest_reference, const std::string& tag, TagMove move, const CallLimits& limits) override;

  /// Pushes a new image under this tag, whatever the tag named before; each push has another digest.
  Digest publish(const ImageReference& tagged, const AppBehaviour& app = {});
  /// Stores an image under `tag` ("" for none).
  void push(const std::string& name, const std::string& tag, const StoredImage& image);
  /// Somebody points a tag elsewhere.
  void point(const std::string& name, const std::string& tag, const Digest& digest);
  /// Somebody deletes the manifest and every tag that names it.
  void erase(const Digest& digest);
  /// Everything fails so (unreachable, unauthorized ...) until mend(), for pulling engines also.
  void fail_with(ErrorCode code);
  void mend();

  /// What a pulling engine gets. Throws as the registry does when it cannot.
  [[nodiscard]] StoredImage fetch(const ImageReference& reference);
  [[nodiscard]] std::map<std::string, Digest> tags(const std::string& name) const;
  [[nodiscard]] std::int64_t uploads() const;  ///< images pushed, not tags added

 private:
  struct Repository {
    std::map<Digest, StoredImage> images;
    std::map<std::string, Digest> tags;
  };

  void check_up() const;
  [[nodiscard]] const StoredImage* look_up(const ImageReference& reference) const;

  mutable std::mutex mutex_;
  std::map<std::string, Repository> repositories_;
  std::optional<ErrorCode> outage_;
  std::int64_t uploads_ = 0;
};

}  // namespace deploy::simulation
