#include "promotion/log_lines.hpp"

#include <utility>

namespace deploy {

// A carriage return ends a line as well: progress is drawn with it.
void LogLines::add(std::string_view piece) {
  const std::size_t end = piece.find_last_of("\r\n");
  if (end != std::string_view::npos) {
    held_ += piece.substr(0, end + 1);
    sink_(std::exchange(held_, std::string(piece.substr(end + 1))));
  } else {
    held_ += piece;
  }
  if (held_.size() > kLongestHeldLine) finish();
}

void LogLines::finish() {
  if (!held_.empty()) sink_(std::exchange(held_, {}));
}

}  // namespace deploy
