// Who runs this process, by the system's user database ($HOME and $USER are not consulted).
#pragma once

#include <string>

namespace deploy::ssh {

struct LocalUser {
  std::string name;
  std::string home;
};

/// Throws Error{io} when the system does not know the user.
[[nodiscard]] LocalUser local_user();

/// The path asked for, or ~/.ssh/known_hosts.
[[nodiscard]] std::string known_hosts_file(const std::string& asked_for);

}  // namespace deploy::ssh
