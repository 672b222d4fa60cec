#include "docker/stream.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "deploy/error.hpp"
#include "support/one_line.hpp"

namespace deploy::docker {

namespace {
// A hostile stream could name layers without end.
constexpr std::size_t kMostLayers = 10'000;
constexpr std::size_t kLongestLayerId = 128;

bool is_space(char c) { return c == ' ' || c == '\r' || c == '\n' || c == '\t'; }

[[noreturn]] void malformed(const std::string& why) {
  throw Error(ErrorCode::protocol, "engine", "the Engine's message stream makes no sense: " + why);
}
}  // namespace

// True when `c` completes a message.
bool MessageStream::take(char c) {
  if (message_.empty() && is_space(c)) return false;
  if (message_.empty() && c != '{') malformed(fmt::format("a message begins with '{}' instead of '{{'", one_line(std::string(1, c))));
  if (message_.size() >= kLargestMessage) malformed(fmt::format("a message is larger than {} bytes", kLargestMessage));
  message_ += c;
  if (quoted_) {
    if (escaped_) escaped_ = false;
    else if (c == '\\') escaped_ = true;
    else if (c == '"') quoted_ = false;
    return false;
  }
  if (c == '"') quoted_ = true;
  if (c == '{' || c == '[') ++depth_;
  if (c == '}' || c == ']') --depth_;
  return depth_ == 0;
}

void MessageStream::feed(std::string_view bytes) {
  for (const char c : bytes) {
    if (!take(c)) continue;
    const json::Document message = json::parse(message_, "a message of the Engine");
    message_.clear();
    on_message_(message);
  }
}

void MessageStream::finish() const {
  if (!message_.empty()) malformed("it ends within a message: " + one_line(message_, 200));
}

std::optional<StreamError> stream_error(const json::Value& message) {
  const json::Value* detail = json::find(message, "errorDetail");
  StreamError error;
  if (detail != nullptr) error = {json::string(*detail, "message"), json::integer(*detail, "code")};
  const std::string text = json::string(message, "error");
  if (detail == nullptr && text.empty()) return std::nullopt;
  if (error.message.empty()) error.message = text.empty() ? "an error without a message" : text;
  return error;
}

PullProgress PullTracker::sum(std::string status) const {
  PullProgress out{.current = 0, .total = 0, .status = std::move(status)};
  constexpr std::int64_t kMost = std::int64_t{1} << 60;
  for (const auto& [id, layer] : layers_) {
    out.current = std::min(out.current + layer.current, kMost);
    out.total = std::min(out.total + layer.total, kMost);
  }
  return out;
}

std::optional<PullProgress> PullTracker::update(const json::Value& message) {
  const std::string status = json::string(message, "status");
  const std::string id = json::string(message, "id");
  const json::Value* detail = json::find(message, "progressDetail");
  if (status.empty()) return std::nullopt;
  if (status == "Downloading" && detail != nullptr && id.size() <= kLongestLayerId && (layers_.size() < kMostLayers || layers_.contains(id))) {
    constexpr std::int64_t kMost = std::int64_t{1} << 50;
    Layer& layer = layers_[id];
    layer.current = std::max(layer.current, std::clamp<std::int64_t>(json::integer(*detail, "current"), 0, kMost));
    layer.total = std::max({layer.total, layer.current, std::clamp<std::int64_t>(json::integer(*detail, "total"), 0, kMost)});
  } else if (status == "Download complete" || status == "Pull complete") {
    if (const auto it = layers_.find(id); it != layers_.end()) it->second.current = it->second.total;
  }
  return sum(one_line(status, 200));
}

}  // namespace deploy::docker
