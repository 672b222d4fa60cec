// The folded state as text and back: what a checkpoint keeps.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ledger/state.hpp"

namespace deploy {

/// Raised whenever fold() makes something else of the same entries: what an earlier fold made is not taken over then.
/// Members that come or go, and other versions of the library, are noticed without it.
inline constexpr int kStateFormat = 1;

/// Two lines: a header with format, version of the library and checksum; then the state as JSON.
[[nodiscard]] std::string state_to_text(const State& state);

/// nullopt for what this version did not write itself, byte for byte: another format, another version, damage. Such a text is worth
/// nothing, and costs nothing but the time to fold the entries again.
[[nodiscard]] std::optional<State> state_from_text(std::string_view text);

}  // namespace deploy
