// A signature as `ssh-keygen -Y sign` writes it (OpenSSH's PROTOCOL.sshsig): armor, then length-prefixed fields. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace deploy::sshsig {

struct Signature {
  std::string public_key;  ///< the key's blob
  std::string name_space;  ///< what the signature was made for; one made for another purpose does not hold
  std::string reserved;    ///< signed as well; empty today
  std::string hash;        ///< "sha256" or "sha512": how the message was hashed
  std::string signature;   ///< a blob again: algorithm, bytes, and what a security key adds
};

/// More is no signature: RSA with 16384 bits takes a tenth of it.
inline constexpr std::size_t kMaxArmor = 64 * 1024;

/// Throws Error{invalid_argument} that says what is malformed: nothing may be missing, left over or written in two ways.
[[nodiscard]] Signature parse_sshsig(std::string_view armored);

/// The bytes that the key signed when it signed `message`.
[[nodiscard]] std::string signed_bytes(const Signature& signature, std::string_view message);

}  // namespace deploy::sshsig
