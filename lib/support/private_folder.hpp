// A folder that nobody else can look into, gone with all that is in it at the end.
#pragma once

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>

#include "deploy/error.hpp"

namespace deploy::ssh {

class PrivateFolder {
 public:
  PrivateFolder() : path_("/tmp/libdeploy-ssh-XXXXXX") {  // short: a control socket's path has 108 bytes
    if (mkdtemp(path_.data()) == nullptr) throw Error(ErrorCode::io, "process", std::string("cannot make a private folder in /tmp: ") + std::strerror(errno));
  }
  PrivateFolder(const PrivateFolder&) = delete;
  PrivateFolder& operator=(const PrivateFolder&) = delete;
  ~PrivateFolder() {
    std::error_code ignored;  // what is left over is empty or ours alone
    std::filesystem::remove_all(path_, ignored);
  }

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace deploy::ssh
