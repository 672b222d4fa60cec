// Builds that take a second and give whatever application was chosen.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "deploy/ports/image_builder.hpp"
#include "simulation/fake_registry.hpp"
#include "simulation/virtual_clock.hpp"

namespace deploy::simulation {

/// Each build gives a new digest. Thread-safe.
class FakeBuilder final : public ImageBuilder {
 public:
  FakeBuilder(FakeRegistry& registry, VirtualClock& clock) : registry_(registry), clock_(clock) {}

  [[nodiscard]] std::vector<std::string> lint(const BuildRequest& request) override;
  std::string build(const BuildRequest& request, const std::function<void(std::string_view)>& output, const CallLimits& limits) override;
  void tag(const std::string& image_id, const ImageReference& reference, const CallLimits& limits) override;
  Digest push(const ImageReference& reference, const std::function<void(std::string_view)>& output, const CallLimits& limits) override;

  /// What the next builds give, in this order; a good application after that.
  void next(const AppBehaviour& app);
  /// The next build fails in these words.
  void fail_next(const std::string& words);
  void warn(const std::string& words);  ///< lint() says so from now on

 private:
  FakeRegistry& registry_;
  VirtualClock& clock_;
  std::mutex mutex_;
  std::deque<AppBehaviour> next_;
  std::optional<std::string> failure_;
  std::vector<std::string> warnings_;
  std::map<std::string, StoredImage> images_;    // by id
  std::map<std::string, std::string> tagged_;    // reference -> id
  std::int64_t builds_ = 0;
};

}  // namespace deploy::simulation
