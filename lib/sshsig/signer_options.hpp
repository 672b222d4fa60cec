// The options of a line in an allowed_signers file. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "sshsig/allowed_signers.hpp"

namespace deploy::sshsig {

/// Where the options that `text` begins with end: the first blank outside quotes. npos when a quote is left open or nothing follows.
[[nodiscard]] std::size_t end_of_options(std::string_view text);

/// Fills the signer's limits. "" or what is wrong: an option that we do not know may be a limit, and the line must not hold without it.
[[nodiscard]] std::string read_options(std::string_view options, AllowedSigner& signer);

}  // namespace deploy::sshsig
