// SSH public keys: the blob that a signature carries, and the line that a file lists. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace deploy::sshsig {

enum class KeyKind { ed25519, ecdsa, rsa, sk_ed25519, sk_ecdsa };

/// A key that signatures are taken of. The parts that its kind does not have are empty.
struct PublicKey {
  KeyKind kind = KeyKind::ed25519;
  std::string type;         ///< "ssh-ed25519", "ecdsa-sha2-nistp256" ...
  std::string curve;        ///< ECDSA: "nistp256", "nistp384", "nistp521"
  std::string point;        ///< Ed25519: the 32 bytes; ECDSA: the uncompressed point
  std::string exponent;     ///< RSA, without leading zeros
  std::string modulus;      ///< RSA, without leading zeros
  std::string application;  ///< security keys: "ssh:", usually
};

inline constexpr std::size_t kMinRsaBits = 2048;
inline constexpr std::size_t kMaxRsaBits = 16384;

/// Throws Error{unsupported} for a kind that is not taken (DSA, certificates, RSA below kMinRsaBits), {invalid_argument} for a malformed blob.
[[nodiscard]] PublicKey parse_public_key(std::string_view blob);

/// The type that a blob begins with, "" when it begins with none.
[[nodiscard]] std::string key_type(std::string_view blob);

/// "SHA256:..." as ssh-keygen -l prints it.
[[nodiscard]] std::string fingerprint(std::string_view blob);

/// The blob of "TYPE BASE64 [comment]"; nothing when it is no key. Any type: what may sign is asked elsewhere.
[[nodiscard]] std::optional<std::string> key_of_line(std::string_view words);

}  // namespace deploy::sshsig
