// What the Engine streams: messages of a pull, push or build, and the output of containers. The first byte chooses.
#include <algorithm>

#include "docker/build_output.hpp"
#include "docker/log_stream.hpp"
#include "docker/stream.hpp"
#include "target.hpp"

namespace deploy::fuzz {

namespace {
/// Gives the bytes in pieces of that size.
template <class Feed>
void in_pieces(std::string_view bytes, std::size_t size, Feed feed) {
  for (; !bytes.empty(); bytes.remove_prefix(std::min(size, bytes.size()))) feed(bytes.substr(0, size));
}

/// Everything that is made of messages, as text; ends with "!" when the stream was refused.
std::string told(std::string_view bytes, std::size_t piece) {
  std::string out;
  docker::PullTracker tracker;
  docker::BuildOutput lines([&](std::string_view line) { out.append(line).append("\n"); });
  docker::MessageStream stream([&](const json::Value& message) {
    if (const auto error = docker::stream_error(message)) out += error->message;
    if (const auto progress = tracker.update(message)) {
      hold(progress->current >= 0 && progress->current <= progress->total, "progress stays within its total");
      out += progress->status;
    }
    lines.take(message);
  });
  const auto error = refusal([&] {
    in_pieces(bytes, piece, [&](std::string_view part) { stream.feed(part); });
    stream.finish();
  });
  if (error) return out + "!";
  lines.finish();
  return out + lines.image_id() + lines.digest();
}

std::string logged(std::string_view bytes, std::size_t piece, docker::Framing framing) {
  std::string out;
  docker::TailBuffer tail(64);
  docker::LogStream stream(framing, [&](docker::Stream from, std::string_view text) {
    hold(!text.empty(), "no empty piece is passed on");
    out.append(text);
    tail.append(text);
    (void)from;
  });
  const auto error = refusal([&] {
    in_pieces(bytes, piece, [&](std::string_view part) { stream.feed(part); });
    stream.finish();
  });
  hold(out.size() <= bytes.size(), "output is not invented");
  const std::string kept = tail.take();
  hold(kept.size() <= 64 && out.ends_with(kept), "the tail is the end of the output");
  return error ? out + "!" : out;
}
}  // namespace

void try_input(std::string_view input) {
  if (input.empty()) return;
  const std::string_view bytes = input.substr(1);
  if (input.front() == 'm' || input.front() == 'r') {
    const docker::Framing framing = input.front() == 'm' ? docker::Framing::multiplexed : docker::Framing::raw;
    hold(logged(bytes, 1, framing) == logged(bytes, bytes.size() + 1, framing), "it does not matter where the pieces of output end");
  } else {
    hold(told(bytes, 1) == told(bytes, bytes.size() + 1), "it does not matter where the pieces of messages end");
  }
}

}  // namespace deploy::fuzz
