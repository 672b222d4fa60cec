#include "git/git.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "git/program.hpp"
#include "git/tagging.hpp"
#include "git/text.hpp"

namespace deploy {

namespace {
std::string without_newline(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

bool below_a_repository(const std::string& directory) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  for (fs::path at = fs::weakly_canonical(directory, ignored); !at.empty(); at = at.parent_path()) {
    if (fs::exists(at / ".git", ignored)) return true;
    if (at == at.root_path()) break;
  }
  return false;
}

class GitSource final : public Source {
 public:
  explicit GitSource(std::string directory) : git_(directory.empty() ? "." : std::move(directory)) {}

  std::optional<SourceState> state(const CallLimits& limits) override {
    const TimeBudget time(limits);
    const std::string work_tree = in_work_tree(time);
    if (work_tree.empty()) return std::nullopt;
    const CommandResult head = git_.run({"rev-parse", "--verify", "--quiet", "--end-of-options", "HEAD^{commit}"}, time);
    if (head.exit_code != 0) return std::nullopt;  // a repository without a commit
    return SourceState{without_newline(head.output), work_tree == "true" && dirty(time), origin(time)};
  }

  std::optional<SourceTag> find_tag(const std::string& name, const std::string& remote, const CallLimits& limits) override {
    return git::Tagging(git_, name, remote, TimeBudget(limits)).find();
  }

  void tag(const std::string& name, const std::string& commit, const std::string& message, const std::string& remote, const CallLimits& limits) override {
    git::Tagging(git_, name, remote, TimeBudget(limits)).make(commit, message);
  }

 private:
  /// "true", "false" (a bare repository), or "" outside of any.
  [[nodiscard]] std::string in_work_tree(const TimeBudget& time) const {
    std::error_code ignored;
    if (!std::filesystem::is_directory(git_.directory(), ignored))
      throw Error(ErrorCode::not_found, "git", git_.directory() + " is no directory");
    try {
      const CommandResult result = git_.run({"rev-parse", "--is-inside-work-tree"}, time);
      if (result.exit_code == 0) return without_newline(result.output);
      if (result.error.find("not a git repository") != std::string::npos) return "";
      git::fail("looking for the repository of " + git_.directory(), result);
    } catch (const Error& error) {
      // A build without git is fine where there is no repository.
      if (error.code() == ErrorCode::not_found && !below_a_repository(git_.directory())) return "";
      throw;
    }
  }

  [[nodiscard]] bool dirty(const TimeBudget& time) const {
    return !git_.output({"status", "--porcelain=v1", "-z", "--untracked-files=normal", "--", "."},
                        "looking for changes in " + git_.directory(), time).empty();
  }

  [[nodiscard]] std::string origin(const TimeBudget& time) const {
    const CommandResult result = git_.run({"config", "--get", "remote.origin.url"}, time);
    if (result.exit_code == 1) return "";  // no such remote
    if (result.exit_code != 0) git::fail("reading the URL of origin", result);
    return git::strip_credentials(without_newline(result.output));
  }

  git::Program git_;
};
}  // namespace

std::unique_ptr<Source> open_git(std::string context_directory) { return std::make_unique<GitSource>(std::move(context_directory)); }

}  // namespace deploy
