// The messages of a build or push as lines, and the results that hide among them.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "support/json.hpp"

namespace deploy::docker {

/// Turns messages into whole lines: a builder's text as it stands, a layer's progress once per change of its status.
class BuildOutput {
 public:
  explicit BuildOutput(std::function<void(std::string_view)> sink) : sink_(std::move(sink)) {}

  void take(const json::Value& message);
  /// The last line need not have ended.
  void finish();

  /// Of a build: `aux.ID`, else what "Successfully built" named (podman, very old Engines; then it is short), else "".
  [[nodiscard]] const std::string& image_id() const { return image_id_; }
  /// Of a push: `aux.Digest`, else what "tag: digest: ..." named, else "".
  [[nodiscard]] const std::string& digest() const { return digest_; }

 private:
  void text(std::string_view text);
  void line(std::string_view line);
  void layer(const std::string& id, const std::string& status);

  std::function<void(std::string_view)> sink_;
  std::string unfinished_, image_id_, digest_;
  bool has_aux_id_ = false, has_aux_digest_ = false;
  std::map<std::string, std::string> layers_;
};

}  // namespace deploy::docker
