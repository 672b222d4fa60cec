// What `--help` says, command by command.
#pragma once

#include <string_view>

namespace deployctl {

struct Help {
  std::string_view path;      ///< "release add"; "" is the program itself
  std::string_view summary;   ///< one line
  std::string_view examples;  ///< what it does in a few lines, and command lines to copy
};

[[nodiscard]] Help help_for(std::string_view path);

}  // namespace deployctl
