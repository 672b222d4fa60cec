// Where things are printed: calm lines, or on a terminal lines above a block that is redrawn in place.
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl {

enum class Tone { plain, good, bad, warning, faint };

/// Thread-safe: events come from threads of the library.
class Screen {
 public:
  Screen(bool json, bool quiet, bool color);
  ~Screen();

  [[nodiscard]] bool json() const { return json_; }
  [[nodiscard]] bool quiet() const { return quiet_; }
  /// True when a block can be redrawn in place.
  [[nodiscard]] bool live() const { return live_; }

  /// For people, on standard output: nothing in JSON mode.
  void say(std::string_view line, Tone tone = Tone::plain);
  /// The same, but not when --quiet.
  void tell(std::string_view line, Tone tone = Tone::plain);
  /// Any bytes, as they are (logs, exported lines).
  void raw(std::string_view bytes);
  /// One JSON object: nothing in people's mode.
  void json_line(const std::string &object);
  /// For people, on standard error.
  void complain(std::string_view line, Tone tone = Tone::bad);

  /// The lines that stay below everything else until they are replaced. Terminal only.
  void block(const std::vector<std::string> &lines);

 private:
  void erase_block();
  void draw_block();
  [[nodiscard]] std::string painted(std::string_view line, Tone tone, bool color) const;

  std::mutex mutex_;
  bool json_, quiet_, live_, color_, color_errors_;
  std::vector<std::string> block_;
  std::size_t drawn_ = 0;
};

}  // namespace deployctl
