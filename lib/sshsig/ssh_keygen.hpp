// Signing is left to the user's own ssh-keygen: it knows agents, passphrases and security keys, and no private key is read here.
#pragma once

#include <string>
#include <string_view>

#include "deploy/call.hpp"

namespace deploy::sshsig {

/// The armored signature of `text`. `key` is the file of a private key, or of a public one whose private part an agent has. Where there is a
/// terminal, ssh-keygen may ask there for a passphrase or a touch. Throws Error{unauthorized} with its words when it does not sign,
/// {not_found} when there is no ssh-keygen, {timeout} or {cancelled} as limits say.
[[nodiscard]] std::string sign_by_ssh_keygen(const std::string& key, std::string_view name_space, std::string_view text, const CallLimits& limits);

}  // namespace deploy::sshsig
