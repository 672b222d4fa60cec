// What git prints, and what must not be printed. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "deploy/error.hpp"
#include "deploy/ports/source.hpp"

namespace deploy::git {

/// The tag of exactly that name in the output of `ls-remote` or `show-ref --dereference`: both list by suffix
/// (refs/x/refs/tags/1.0.3 for refs/tags/1.0.3), and an annotated tag has a second line, `<name>^{}`, with what it points at.
[[nodiscard]] std::optional<SourceTag> find_exact_tag(std::string_view listing, const std::string& name);

/// Every URL in the text without its user name and password (`https://***@host/`); a plain `ssh://user@` is kept.
[[nodiscard]] std::string mask_credentials(std::string_view text);
/// The URL without them altogether, as it may be recorded.
[[nodiscard]] std::string strip_credentials(std::string_view url);
/// True for a URL that carries a password or a token.
[[nodiscard]] bool has_credentials(std::string_view url);

/// What a failed git command's standard error (in English) means for the caller.
[[nodiscard]] ErrorCode classify(std::string_view standard_error);

}  // namespace deploy::git
