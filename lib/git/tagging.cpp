#include "git/tagging.hpp"

#include <fmt/format.h>

#include "deploy/error.hpp"
#include "git/text.hpp"

namespace deploy::git {

namespace {
[[noreturn]] void bad_argument(const std::string& message) { throw Error(ErrorCode::invalid_argument, "git", message); }

std::vector<std::string> operator+(std::vector<std::string> a, const std::vector<std::string>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}
}  // namespace

Tagging::Tagging(const Program& git, std::string name, std::string remote, TimeBudget time)
    : git_(git), name_(std::move(name)), remote_(std::move(remote)), time_(std::move(time)) {
  check_name();
  check_remote();
}

void Tagging::check_name() const {
  if (name_.empty() || name_.starts_with('-') || name_.find('\0') != std::string::npos ||
      git_.run({"check-ref-format", ref()}, time_).exit_code != 0)
    bad_argument(fmt::format("'{}' cannot be the name of a git tag (see git-check-ref-format)", name_));
}

void Tagging::check_remote() const {
  if (remote_.starts_with('-') || remote_.find('\0') != std::string::npos)
    bad_argument(fmt::format("'{}' cannot be a git remote", mask_credentials(remote_)));
  if (has_credentials(remote_))
    bad_argument(fmt::format("the git remote {} carries a login, which anybody could read in the process list; name a remote of the "
                             "repository (\"origin\") and let a credential helper hold the login", mask_credentials(remote_)));
}

std::optional<SourceTag> Tagging::find_here() const {
  const CommandResult result = git_.run({"show-ref", "--dereference", "--", ref()}, time_);
  if (result.exit_code == 1) return std::nullopt;  // no match
  if (result.exit_code != 0) fail("looking for the tag " + name_, result);
  return find_exact_tag(result.output, name_);
}

std::optional<SourceTag> Tagging::find_there() const {
  const std::string listing = git_.output(transport() + std::vector<std::string>{"ls-remote", "--", remote_, ref(), ref() + "^{}"},
                                          fmt::format("asking {} for the tag {}", remote_, name_), time_);
  return find_exact_tag(listing, name_);
}

std::string Tagging::full_commit(const std::string& commit) const {
  const CommandResult result = git_.run({"rev-parse", "--verify", "--quiet", "--end-of-options", commit + "^{commit}"}, time_);
  if (result.exit_code != 0 || result.output.empty())
    throw Error(ErrorCode::not_found, "git", fmt::format("the repository at {} has no commit '{}'; nothing was tagged", git_.directory(), commit));
  return result.output.substr(0, result.output.find('\n'));
}

bool Tagging::settled(const std::optional<SourceTag>& existing, const std::string& commit, const std::string& where) const {
  if (!existing) return false;
  if (existing->commit == commit) return true;
  throw Error(ErrorCode::tag_moved, "git",
              fmt::format("the git tag {} {} points at commit {}, and was to point at {}; nothing was changed. Somebody gave this version to "
                          "another commit: release under a new version", name_, mask_credentials(where), existing->commit, commit),
              {{"tag", name_}, {"existing", existing->commit}, {"wanted", commit}, {"where", mask_credentials(where)}});
}

void Tagging::make(const std::string& wanted, const std::string& message) const {
  const std::string commit = full_commit(wanted);
  if (!remote_.empty() && settled(find_there(), commit, "at " + remote_)) return;
  if (!settled(find_here(), commit, "here")) make_here(commit, message);
  if (!remote_.empty()) push(commit);
}

void Tagging::make_here(const std::string& commit, const std::string& message) const {
  const CommandResult result = git_.run(
      identity() + std::vector<std::string>{"tag", "--annotate", "--cleanup=verbatim", "--file=-", "--end-of-options", name_, commit}, time_, message);
  if (result.exit_code == 0) return;
  if (settled(find_here(), commit, "here")) return;  // another run made it in this moment
  fail("making the tag " + name_, result);
}

void Tagging::push(const std::string& commit) const {
  const CommandResult result = git_.run(
      transport() + std::vector<std::string>{"push", "--porcelain", "--no-follow-tags", "--recurse-submodules=no", "--", remote_, ref() + ":" + ref()}, time_);
  if (result.exit_code == 0) return;
  const std::string act = fmt::format("pushing the tag {} to {} (it exists here, and the next try pushes it)", name_, remote_);
  // Refused because another run pushed it first? Then it is there, or elsewhere; everything else is the push's own error.
  if (result.output.find("already exists") != std::string::npos && settled(find_there(), commit, "at " + remote_)) return;
  CommandResult told = result;
  told.error += result.output;
  fail(act, told);
}

/// A machine account often has no user.name and user.email, and git refuses to make a tag without.
std::vector<std::string> Tagging::identity() const {
  if (git_.run({"var", "GIT_COMMITTER_IDENT"}, time_).exit_code == 0) return {};
  return {"-c", "user.name=libdeploy", "-c", "user.email=libdeploy@localhost"};
}

/// ssh must not ask for a password or a host key. What the user has set up for git's ssh stays as it is.
std::vector<std::string> Tagging::transport() const {
  if (git_.run({"config", "--get", "core.sshCommand"}, time_).exit_code == 0) return {};
  return {"-c", "core.sshCommand=ssh -o BatchMode=yes"};
}

}  // namespace deploy::git
