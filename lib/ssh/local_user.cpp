#include "ssh/local_user.hpp"

#include <pwd.h>
#include <unistd.h>

#include <vector>

#include "deploy/error.hpp"

namespace deploy::ssh {

LocalUser local_user() {
  std::vector<char> buffer(16 * 1024);
  passwd entry{};
  passwd* found = nullptr;
  if (getpwuid_r(geteuid(), &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr)
    throw Error(ErrorCode::io, "ssh", "the user database has no entry for user id " + std::to_string(geteuid()));
  return {entry.pw_name, entry.pw_dir};
}

std::string known_hosts_file(const std::string& asked_for) {
  return asked_for.empty() ? local_user().home + "/.ssh/known_hosts" : asked_for;
}

}  // namespace deploy::ssh
