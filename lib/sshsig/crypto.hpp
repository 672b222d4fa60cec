// What libcrypto does for signatures: hashes, and one verification per kind of key.
#pragma once

#include <string>
#include <string_view>

#include "sshsig/public_key.hpp"

namespace deploy::sshsig {

enum class Hash { sha256, sha384, sha512 };

/// The hash's bytes.
[[nodiscard]] std::string digest(Hash hash, std::string_view bytes);

/// The signature bytes as SSH writes them: 64 bytes (Ed25519), two numbers (ECDSA), the RSA block. `rsa_hash` is for RSA alone.
[[nodiscard]] bool verify_bytes(const PublicKey& key, Hash rsa_hash, std::string_view signature, std::string_view message);

}  // namespace deploy::sshsig
