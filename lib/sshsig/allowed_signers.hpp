// Who may sign: a file in the format of ssh-keygen's ALLOWED SIGNERS, and a list of revoked keys. Pure.
//
//   alice,bob@example.com namespaces="approval@libdeploy",valid-before="20270101Z" ssh-ed25519 AAAA... a comment
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "deploy/time.hpp"

namespace deploy::sshsig {

/// One line. Whose, which key, and what limits it.
struct AllowedSigner {
  std::size_t line = 0;
  std::string principals;                   ///< patterns with * and ?, separated by commas; '!' before one excludes
  std::optional<std::string> namespaces;    ///< patterns; none: every namespace
  std::optional<TimePoint> valid_after, valid_before;
  bool certificate_authority = false;       ///< such a line allows certificates, which are not taken here
  std::string key;                          ///< blob
};

/// A line that says nothing to us, and why. The others hold all the same.
struct OddLine {
  std::size_t line = 0;
  std::string why;
};

struct AllowedSigners {
  std::vector<AllowedSigner> signers;
  std::vector<OddLine> odd;
};

/// Never throws on what is written in it.
[[nodiscard]] AllowedSigners parse_allowed_signers(std::string_view text);

/// Whether the name fits one of the patterns and none of the excluding ones.
[[nodiscard]] bool matches(std::string_view patterns, std::string_view name);

struct RevokedKeys {
  std::set<std::string> keys;          ///< blobs
  std::set<std::string> fingerprints;  ///< "SHA256:..."
  [[nodiscard]] bool contain(std::string_view blob) const;
};

/// A line for each key as in a .pub file, or its SHA256:... fingerprint; '#' begins a comment. Throws Error{invalid_argument} at a line that
/// is neither: passing over it would accept the key that somebody meant to revoke.
[[nodiscard]] RevokedKeys parse_revoked_keys(std::string_view text);

}  // namespace deploy::sshsig
