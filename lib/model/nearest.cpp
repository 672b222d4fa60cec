#include "model/nearest.hpp"

#include <algorithm>
#include <vector>

#include "model/text.hpp"

namespace deploy {

namespace {
// Long words are never typing mistakes of short ones, and the table below grows with the square.
constexpr std::size_t kLongestWord = 256;
}  // namespace

// Optimal string alignment: three rows of the usual table are enough to see swapped neighbours.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  if (a.size() > kLongestWord || b.size() > kLongestWord) return std::max(a.size(), b.size());
  std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const char x = text::lower(a[i - 1]), y = text::lower(b[j - 1]);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (x == y ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && x == text::lower(b[j - 2]) && text::lower(a[i - 2]) == y;
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(above);
    above.swap(row);
  }
  return above[b.size()];
}

std::size_t suggestion_limit(std::string_view word) noexcept { return std::max<std::size_t>(1, (word.size() + 1) / 3); }

}  // namespace deploy
