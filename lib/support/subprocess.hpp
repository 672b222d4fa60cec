// Runs another program without a shell: argv as given, bounded output, a deadline, no stray children.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "deploy/call.hpp"

namespace deploy {

struct Command {
  std::vector<std::string> argv{};           ///< argv[0] is looked up in PATH when it has no slash
  std::string input{};                       ///< goes to standard input, then end of file. Secrets go here, never into argv
  std::map<std::string, std::string> env{};  ///< added to (or replacing in) the inherited environment
  std::vector<std::string> unset{};          ///< names that the child does not inherit
  std::string directory{};                   ///< working directory; "" keeps ours
  bool at_terminal = false;                  ///< may ask the person: standard input is the terminal where there is one, and `input` is not sent then
  std::size_t output_limit = 4 << 20;        ///< more than this on either stream ends the child with an error
};

struct CommandResult {
  int exit_code = 0;  ///< 128 + signal number when it was killed
  std::string output;
  std::string error;
};

/// Throws Error{not_found} when the program cannot be started, {timeout} or {cancelled} after killing it (its whole
/// process group) and reaping it. A non-zero exit code is a value, not an error.
[[nodiscard]] CommandResult run_command(const Command& command, const CallLimits& limits);

}  // namespace deploy
