// Joins the pieces of a followed log to whole lines: what is looked for in a line must not be missed because it came in two pieces.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace deploy {

/// A line longer than this is passed on in parts.
inline constexpr std::size_t kLongestHeldLine = 1u << 20;

class LogLines {
 public:
  /// `sink` gets one or several whole lines at a time, with their ends.
  explicit LogLines(std::function<void(std::string lines)> sink) : sink_(std::move(sink)) {}

  void add(std::string_view piece);
  /// What came last and has no end.
  void finish();

 private:
  std::function<void(std::string)> sink_;
  std::string held_;
};

}  // namespace deploy
