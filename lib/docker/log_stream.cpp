#include "docker/log_stream.hpp"

#include <algorithm>

#include "deploy/error.hpp"

namespace deploy::docker {

namespace {
constexpr std::size_t kHeader = 8;
}

// {type, 0, 0, 0, size (big endian)}; type 0 standard input (echoed), 1 output, 2 error, 3 the Engine's own words.
void LogStream::begin_frame() {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(header_[i]); };
  if (byte(0) > 3 || byte(1) != 0 || byte(2) != 0 || byte(3) != 0)
    throw Error(ErrorCode::protocol, "engine", "the Engine's output stream has no valid frame header where one belongs");
  stream_ = byte(0) >= 2 ? Stream::standard_error : Stream::standard_output;
  left_ = static_cast<std::uint32_t>(byte(4)) << 24 | static_cast<std::uint32_t>(byte(5)) << 16 | static_cast<std::uint32_t>(byte(6)) << 8 | byte(7);
  header_.clear();
}

void LogStream::feed(std::string_view bytes) {
  if (framing_ == Framing::raw) {
    if (!bytes.empty()) sink_(Stream::standard_output, bytes);
    return;
  }
  while (!bytes.empty()) {
    if (left_ == 0) {
      const std::size_t wanted = std::min(kHeader - header_.size(), bytes.size());
      header_ += bytes.substr(0, wanted);
      bytes.remove_prefix(wanted);
      if (header_.size() == kHeader) begin_frame();
      continue;
    }
    const std::string_view part = bytes.substr(0, left_);
    left_ -= static_cast<std::uint32_t>(part.size());
    bytes.remove_prefix(part.size());
    sink_(stream_, part);
  }
}

void LogStream::finish() const {
  if (left_ > 0 || !header_.empty())
    throw Error(ErrorCode::connection_lost, "engine", "the Engine's output stream ended in the middle of a frame");
}

// Trimmed only at twice the limit, so that many small pieces do not each move the whole text.
void TailBuffer::append(std::string_view bytes) {
  text_ += bytes.substr(bytes.size() - std::min(bytes.size(), limit_));
  if (text_.size() > 2 * limit_) text_.erase(0, text_.size() - limit_);
}

std::string TailBuffer::take() {
  if (text_.size() > limit_) text_.erase(0, text_.size() - limit_);
  return std::move(text_);
}

}  // namespace deploy::docker
