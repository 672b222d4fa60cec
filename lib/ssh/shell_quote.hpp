// One argument vector as one line for a POSIX login shell, which gives exactly that vector back.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace deploy::ssh {

/// Harmless words stay readable, all else goes into single quotes. Throws Error{invalid_argument} for an empty vector
/// and for NUL, which no shell can carry.
[[nodiscard]] std::string shell_quote(const std::vector<std::string>& argv);

}  // namespace deploy::ssh
