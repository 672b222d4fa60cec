// The errors of host keys: what was seen, what was expected, and the command that mends it. The same for both adapters.
#pragma once

#include <string>

#include "deploy/error.hpp"
#include "ssh/known_hosts.hpp"
#include "ssh/transport.hpp"

namespace deploy::ssh {

struct OfferedKey {
  std::string type;
  std::string fingerprint;
};

[[nodiscard]] Error host_key_unknown(const Target& target, const std::string& file, const OfferedKey& offered, bool only_authorities);
[[nodiscard]] Error host_key_changed(const Target& target, const std::string& file, const OfferedKey& offered, std::size_t line,
                                     const std::string& recorded);
[[nodiscard]] Error host_key_revoked(const Target& target, const std::string& file, const OfferedKey& offered, std::size_t line);

}  // namespace deploy::ssh
