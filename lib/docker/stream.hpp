// The Engine's streams of JSON messages (pull, push, build): a status 200 says nothing yet, the messages do.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "deploy/ports/engine.hpp"
#include "support/json.hpp"

namespace deploy::docker {

/// Cuts a byte stream into JSON objects, wherever the chunks end. White space between objects is skipped.
class MessageStream {
 public:
  explicit MessageStream(std::function<void(const json::Value&)> on_message) : on_message_(std::move(on_message)) {}

  /// Throws Error{protocol} on what is no JSON object, and on one larger than kLargestMessage.
  void feed(std::string_view bytes);
  /// Throws Error{protocol} when the stream ended within a message.
  void finish() const;

  static constexpr std::size_t kLargestMessage = 1u << 20;

 private:
  bool take(char c);

  std::function<void(const json::Value&)> on_message_;
  std::string message_;
  int depth_ = 0;
  bool quoted_ = false, escaped_ = false;
};

/// What a message of a 200 stream says went wrong.
struct StreamError {
  std::string message;
  std::int64_t code = 0;  ///< of errorDetail: an HTTP status, or the exit code of a build step; 0 when not given
};

/// The error of a message (`errorDetail`, else `error`), nullopt when it carries none.
[[nodiscard]] std::optional<StreamError> stream_error(const json::Value& message);

/// Sums the bytes of a pull over its layers. Never goes backwards for a layer; layers already there do not count.
class PullTracker {
 public:
  /// nullopt when the message changes nothing that one would show.
  std::optional<PullProgress> update(const json::Value& message);

 private:
  struct Layer {
    std::int64_t current = 0, total = 0;
  };
  [[nodiscard]] PullProgress sum(std::string status) const;

  std::map<std::string, Layer> layers_;
};

}  // namespace deploy::docker
