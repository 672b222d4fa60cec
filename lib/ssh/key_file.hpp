// Looks at a private key file before anybody tries to use it, so that what is wrong with it can be said.
#pragma once

#include <string>
#include <string_view>

namespace deploy::ssh {

struct KeyFile {
  std::string type;        ///< "ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa" ...; "" when an encrypted PEM does not tell
  bool encrypted = false;
  bool valid = false;      ///< false: no private key format that we know
  std::string public_key{};  ///< the blob, where the format shows it without the passphrase
};

/// Pure: by the text of the file.
[[nodiscard]] KeyFile inspect_key(std::string_view text);

/// The public key blob of a one-line .pub file, "" when it is none.
[[nodiscard]] std::string parse_public_key(std::string_view line);

}  // namespace deploy::ssh
