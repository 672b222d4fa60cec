// What was probably meant.
#pragma once

#include <string>
#include <vector>

namespace deployctl {

/// The known word that is nearest to `word`, "" when none is near.
[[nodiscard]] std::string nearest(const std::string &word, const std::vector<std::string> &known);

}  // namespace deployctl
