// Exit codes by which a POSIX shell says that it could not run the program at all.
#pragma once

namespace deploy::ssh {

[[nodiscard]] constexpr bool could_not_run(int exit_code) { return exit_code == 126 || exit_code == 127; }

}  // namespace deploy::ssh
