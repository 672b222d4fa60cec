// Small grammars of things that other programs will read: volumes, networks, restart policies, headers ...
#pragma once

#include <string>
#include <string_view>

namespace deploy::config {

/// Each gives "" when the text is well-formed, else what is wrong with it.
[[nodiscard]] std::string volume_complaint(std::string_view text);
[[nodiscard]] std::string restart_complaint(std::string_view text);
[[nodiscard]] std::string pointer_complaint(std::string_view text);       ///< JSON pointer, RFC 6901
[[nodiscard]] std::string request_path_complaint(std::string_view text);
[[nodiscard]] std::string header_complaint(std::string_view name, std::string_view value);
[[nodiscard]] std::string body_complaint(std::string_view text);          ///< `/regex/`

/// The path in the container that a well-formed volume is mounted at.
[[nodiscard]] std::string_view volume_target(std::string_view text);

/// The rules of git-check-ref-format.
[[nodiscard]] bool is_valid_git_tag(std::string_view name);

}  // namespace deploy::config
