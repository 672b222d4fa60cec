// Whether an answer is the one that was expected. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "deploy/health_probe.hpp"

namespace deploy::probe {

/// Only so much of a body is searched by a regular expression.
inline constexpr std::size_t kRegexBodyLimit = 64 * 1024;

/// nullopt when status, body and JSON are as `check` expects; else what is not: "503, expected 200: <beginning of body>".
/// Throws Error{invalid_argument} when the check itself is malformed (its regular expression, pointer or JSON).
[[nodiscard]] std::optional<std::string> mismatch(const HttpCheck& check, int status, const std::string& body);

}  // namespace deploy::probe
