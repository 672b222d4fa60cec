// Paths as a configuration writes them.
#pragma once

#include <string>
#include <string_view>

namespace deploy::config {

/// Absolute and tidied: `~` and `~/x` are the user's home (from the user database: no environment variable is read), all
/// else is relative to `directory`. Throws Error{invalid_argument} on "", on `~other` and when there is no home.
[[nodiscard]] std::string absolute_path(std::string_view path, const std::string& directory);

}  // namespace deploy::config
