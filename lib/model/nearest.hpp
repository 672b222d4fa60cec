// "Did you mean ...": the known word nearest to one that was written.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

namespace deploy {

/// Edits (insert, delete, replace, swap neighbours) from `a` to `b`; upper and lower case are the same letter.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

/// Edits beyond which a suggestion would be noise: a third of the word, at least one.
[[nodiscard]] std::size_t suggestion_limit(std::string_view word) noexcept;

/// The element of `known` nearest to `word`, or "" when none is near enough to be meant. The first of equals wins.
template <class Range>
[[nodiscard]] std::string nearest(std::string_view word, const Range& known) {
  std::string best;
  std::size_t best_distance = suggestion_limit(word) + 1;
  for (const auto& candidate : known) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = std::string(candidate);
    }
  }
  return best;
}

[[nodiscard]] inline std::string nearest(std::string_view word, std::initializer_list<std::string_view> known) {
  return nearest<std::initializer_list<std::string_view>>(word, known);
}

}  // namespace deploy
