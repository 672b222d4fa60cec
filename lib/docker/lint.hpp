// What a build context should not carry.
#pragma once

#include <string>
#include <vector>

#include "docker/context_files.hpp"

namespace deploy::docker {

/// One sentence per finding, with the path and what to do: `.git`, private keys (by name, or by what stands in the file),
/// files of environment variables or logins, and what cannot be sent at all. Reads the first kLintedBytes of each file.
[[nodiscard]] std::vector<std::string> lint_context(const ContextFiles& files);

inline constexpr std::size_t kLintedBytes = 64u << 10;

}  // namespace deploy::docker
