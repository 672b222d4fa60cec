// Is this message signed, for this purpose, by a key that this principal may sign with now? Pure: text and clock in, finding out.
#pragma once

#include <string>
#include <string_view>

#include "sshsig/allowed_signers.hpp"

namespace deploy::sshsig {

enum class Problem {
  none,
  malformed,        ///< no SSH signature at all
  wrong_namespace,  ///< made for another purpose
  unsupported,      ///< a kind of key or algorithm that is not taken: DSA, certificates, short RSA, SHA-1
  untouched,        ///< a security key signed without anybody touching it
  altered,          ///< the signature does not belong to this text
  revoked,          ///< the key is in the list of revoked ones
  unknown_key,      ///< nobody may sign with this key
  other_principal,  ///< somebody else's key
  not_for_this,     ///< the key may sign, but not in this namespace
  not_yet_valid, key_expired,
};
[[nodiscard]] std::string_view to_string(Problem problem);

struct Finding {
  Problem problem = Problem::none;
  std::string why;          ///< a sentence, "" when all is well
  std::string fingerprint;  ///< of the key that signed; "" when that could not be read
  std::string key_type;
  [[nodiscard]] bool good() const noexcept { return problem == Problem::none; }
};

struct Question {
  std::string_view signature;   ///< armored
  std::string_view message;
  std::string_view name_space;
  std::string_view principal;
  const AllowedSigners& allowed;
  const RevokedKeys& revoked;
  TimePoint now{};
};

/// Whether the principal has any key that could sign in this namespace now.
[[nodiscard]] bool may_sign(const AllowedSigners& allowed, const RevokedKeys& revoked, std::string_view principal, std::string_view name_space, TimePoint now);

/// The first problem found, in the order of the enumerators.
[[nodiscard]] Finding verify(const Question& question);

}  // namespace deploy::sshsig
