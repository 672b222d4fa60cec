// Running the git program: one repository, never a prompt, no password in an argument or a message.
#pragma once

#include <string>
#include <vector>

#include "support/subprocess.hpp"
#include "support/time_budget.hpp"

namespace deploy::git {

class Program {
 public:
  explicit Program(std::string directory) : directory_(std::move(directory)) {}

  /// Runs `git <arguments>` in the directory. The exit code is a value.
  [[nodiscard]] CommandResult run(std::vector<std::string> arguments, const TimeBudget& time, std::string input = "") const;
  /// The same, but a non-zero exit code is an Error that begins with `act`.
  [[nodiscard]] std::string output(std::vector<std::string> arguments, const std::string& act, const TimeBudget& time,
                                   std::string input = "") const;

  [[nodiscard]] const std::string& directory() const { return directory_; }

 private:
  std::string directory_;
};

/// The Error for a git command that failed: `act`, git's own words, what to do.
[[noreturn]] void fail(const std::string& act, const CommandResult& result);

}  // namespace deploy::git
