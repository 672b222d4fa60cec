// From where a secret is to be had to the secret itself.
#pragma once

#include <cstddef>
#include <string>

#include "deploy/call.hpp"
#include "deploy/secret.hpp"

namespace deploy {

inline constexpr std::size_t kLongestSecret = 64 << 10;

/// Reads the variable, the file, or what the command prints; one newline at the end of the latter two is left away.
/// Relative paths and the command's working directory are `directory`. Throws Error{not_found} when there is no such
/// variable, file or program, {io} when it cannot be read, {refused} with details `exit_code` and `stderr` when the command
/// fails, {invalid_argument} when the secret is empty, holds a NUL byte or is larger than kLongestSecret. The value and
/// the command's output never stand in an error.
[[nodiscard]] Secret resolve_secret(const SecretSource& source, const std::string& directory, const CallLimits& limits);

}  // namespace deploy
