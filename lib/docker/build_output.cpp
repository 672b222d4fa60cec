#include "docker/build_output.hpp"

namespace deploy::docker {

namespace {
// A command that never ends its line must not grow without limit here.
constexpr std::size_t kLongestLine = 64u << 10;
constexpr std::size_t kMostLayers = 10'000;
constexpr std::size_t kLongestLayerId = 128;
constexpr std::size_t kLongestStatus = 1024;  ///< of a layer; "Mounted from ..." is the longest that is known
constexpr std::string_view kBuilt = "Successfully built ";
constexpr std::string_view kDigest = ": digest: ";
}  // namespace

void BuildOutput::take(const json::Value& message) {
  if (const json::Value* aux = json::find(message, "aux")) {
    if (std::string id = json::string(*aux, "ID"); !id.empty()) image_id_ = std::move(id), has_aux_id_ = true;
    if (std::string digest = json::string(*aux, "Digest"); !digest.empty()) digest_ = std::move(digest), has_aux_digest_ = true;
  }
  text(json::string(message, "stream"));
  if (const std::string status = json::string(message, "status"); !status.empty()) layer(json::string(message, "id"), status);
}

void BuildOutput::text(std::string_view text) {
  for (const char c : text) {
    if (c != '\n') unfinished_ += c;
    if (c == '\n' || unfinished_.size() >= kLongestLine) finish();
  }
}

void BuildOutput::finish() {
  std::string whole = std::move(unfinished_);
  unfinished_.clear();
  while (!whole.empty() && whole.back() == '\r') whole.pop_back();
  if (!whole.empty()) line(whole);
}

void BuildOutput::line(std::string_view line) {
  if (!has_aux_id_ && line.starts_with(kBuilt)) image_id_ = line.substr(kBuilt.size());
  const std::size_t digest = line.find(kDigest);
  if (!has_aux_digest_ && digest != std::string_view::npos) {
    const std::string_view rest = line.substr(digest + kDigest.size());
    digest_ = rest.substr(0, rest.find(' '));
  }
  if (sink_) sink_(line);
}

// "Pushing" comes many times a second, with only its progress bar changed.
void BuildOutput::layer(const std::string& id, const std::string& status) {
  if (id.empty() || id.size() > kLongestLayerId || status.size() > kLongestStatus) return line(status);
  if (layers_.size() >= kMostLayers && !layers_.contains(id)) return;
  std::string& last = layers_[id];
  if (last == status) return;
  last = status;
  line(id + ": " + status);
}

}  // namespace deploy::docker
