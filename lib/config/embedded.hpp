// Files that the build puts into the library (see embed.py).
#pragma once

#include <string_view>

namespace deploy::config {

/// examples/deploy.schema.json; NUL-terminated.
[[nodiscard]] std::string_view embedded_schema() noexcept;
/// lib/config/template.jsonc, with @APPLICATION@ and @REPOSITORY@ still in it.
[[nodiscard]] std::string_view embedded_template() noexcept;

}  // namespace deploy::config
