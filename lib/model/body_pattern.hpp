// The regular expression that a probe may expect of a body: ECMAScript without back-references, small enough to be safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace deploy {

/// `{n}` written out. What is longer costs seconds on a large body, or overflows the stack of the standard library's compiler.
inline constexpr std::size_t kLongestBodyPattern = 256;

/// "" when the pattern can be used, else what is wrong with it.
[[nodiscard]] std::string body_pattern_complaint(std::string_view pattern);

/// Whether the pattern matches anywhere in the body. The pattern has no complaint.
[[nodiscard]] bool body_matches(std::string_view pattern, std::string_view body);

}  // namespace deploy
