// The source port by the git program.
#pragma once

#include <memory>
#include <string>

#include "deploy/ports/source.hpp"

namespace deploy {

/// The repository that `context_directory` lies in. Runs `git` without a shell, never prompts, and is not led astray by
/// GIT_DIR and its like in the environment. Stateless; may be called from several threads.
///
/// state() is nullopt without a repository, and in one that has no commit yet. `remote` is a remote's name ("origin") or
/// a URL; a URL with a password in it is {invalid_argument}, since it would be readable in the process list.
/// Errors have area "git", details `stderr` and `exit_code`, and never a password: {tag_moved} with details `existing`
/// and `wanted`, {not_found} when the program, the commit or the remote does not exist, {unauthorized}, {unreachable},
/// {host_key_unknown}, {refused} when the remote said no.
[[nodiscard]] std::unique_ptr<Source> open_git(std::string context_directory);

}  // namespace deploy
