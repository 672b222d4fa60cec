// Port: the engine that builds and pushes.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "deploy/call.hpp"
#include "deploy/digest.hpp"
#include "deploy/image.hpp"

namespace deploy {

struct BuildRequest {
  std::string context;      ///< absolute directory
  std::string dockerfile;   ///< relative to the context
  std::string target;
  std::map<std::string, std::string> build_args;
  std::map<std::string, std::string> labels;
};

/// Since: 0.9
class ImageBuilder {
 public:
  virtual ~ImageBuilder() = default;

  /// What one should know before the context is sent: `.git`, private keys, `.env` in it. Reads the local disk only.
  [[nodiscard]] virtual std::vector<std::string> lint(const BuildRequest& request) = 0;
  /// Builds; `output` gets the builder's lines. Returns the image id.
  virtual std::string build(const BuildRequest& request, const std::function<void(std::string_view)>& output, const CallLimits& limits) = 0;
  virtual void tag(const std::string& image_id, const ImageReference& reference, const CallLimits& limits) = 0;
  /// Pushes a tagged reference; returns the manifest digest that the registry gave.
  virtual Digest push(const ImageReference& reference, const std::function<void(std::string_view)>& output, const CallLimits& limits) = 0;
};

}  // namespace deploy
