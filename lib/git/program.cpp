#include "git/program.hpp"

#include <fmt/format.h>

#include "deploy/error.hpp"
#include "git/text.hpp"
#include "support/one_line.hpp"

namespace deploy::git {

namespace {
constexpr std::size_t kShownBytes = 600;

/// A hook or an alias that called us leaves these behind; with them git would speak of another repository.
constexpr const char* kLeadAstray[] = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY",
                                       "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_NAMESPACE",
                                       "GIT_PREFIX", "GIT_CEILING_DIRECTORIES"};

std::string advice(ErrorCode code) {
  if (code == ErrorCode::unauthorized) return "; give git access to it (a credential helper, or an SSH key in the agent): it is never asked for a password here";
  if (code == ErrorCode::host_key_unknown) return "; connect once by hand with ssh, compare the host's key, and accept it";
  if (code == ErrorCode::not_found) return "; check the remote's name and URL with `git remote -v`";
  return "";
}

std::string shown(const std::string& standard_error) { return one_line(mask_credentials(standard_error), kShownBytes); }
}  // namespace

CommandResult Program::run(std::vector<std::string> arguments, const TimeBudget& time, std::string input) const {
  Command command;
  command.argv = {"git"};
  command.argv.insert(command.argv.end(), std::make_move_iterator(arguments.begin()), std::make_move_iterator(arguments.end()));
  command.input = std::move(input);
  command.env = {{"GIT_TERMINAL_PROMPT", "0"}, {"LC_ALL", "C"}, {"GIT_OPTIONAL_LOCKS", "0"}};
  command.unset.assign(std::begin(kLeadAstray), std::end(kLeadAstray));
  command.directory = directory_;
  try {
    return run_command(command, time.rest("git", "git " + command.argv.at(1)));
  } catch (const Error& error) {
    Error::Details details = error.details();
    for (auto& [name, value] : details) value = mask_credentials(value);
    throw Error(error.code(), "git", fmt::format("git {} in {}: {}", command.argv.at(1), directory_, mask_credentials(error.what())), details);
  }
}

std::string Program::output(std::vector<std::string> arguments, const std::string& act, const TimeBudget& time, std::string input) const {
  CommandResult result = run(std::move(arguments), time, std::move(input));
  if (result.exit_code != 0) fail(act, result);
  return std::move(result.output);
}

void fail(const std::string& act, const CommandResult& result) {
  const ErrorCode code = classify(result.error);
  throw Error(code, "git", fmt::format("{}: git ended with {}: {}{}", mask_credentials(act), result.exit_code, shown(result.error), advice(code)),
              {{"stderr", shown(result.error)}, {"exit_code", std::to_string(result.exit_code)}});
}

}  // namespace deploy::git
