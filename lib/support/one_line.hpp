// Text from a peer, made fit for messages.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace deploy {

/// A peer's words as one line: control characters and runs of white space become one space, invalid UTF-8 a '?',
/// and what exceeds `limit` bytes is cut with "...".
[[nodiscard]] std::string one_line(std::string_view text, std::size_t limit = 2000);

[[nodiscard]] bool contains(std::string_view text, std::string_view part);

}  // namespace deploy
