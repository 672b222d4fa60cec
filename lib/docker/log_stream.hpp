// Standard output and error of a container as the Engine carries them: frames with 8-byte headers, or raw for a TTY.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace deploy::docker {

enum class Stream { standard_output, standard_error };

/// Whether the container has a terminal decides how its output is carried.
enum class Framing { multiplexed, raw };

/// Takes the frames apart, wherever the chunks end. Nothing is buffered but an unfinished header.
class LogStream {
 public:
  LogStream(Framing framing, std::function<void(Stream, std::string_view)> sink) : framing_(framing), sink_(std::move(sink)) {}

  /// Throws Error{protocol} on a header that cannot be one.
  void feed(std::string_view bytes);
  /// Throws Error{connection_lost} when the stream ended within a frame.
  void finish() const;

 private:
  void begin_frame();

  Framing framing_;
  std::function<void(Stream, std::string_view)> sink_;
  std::string header_;
  Stream stream_ = Stream::standard_output;
  std::uint32_t left_ = 0;
};

/// Keeps the newest bytes, at most `limit`.
class TailBuffer {
 public:
  explicit TailBuffer(std::size_t limit) : limit_(limit) {}
  void append(std::string_view bytes);
  [[nodiscard]] std::string take();

 private:
  std::size_t limit_;
  std::string text_;
};

}  // namespace deploy::docker
