// Other processes, other users and limits for tests of the file.
#pragma once

#include <signal.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>

#include "deploy/error.hpp"

namespace deploy::test {

/// Runs `work` in a child process, which ends without running this program's destructors. Fork before any store is open.
inline pid_t in_child(const std::function<int()>& work) {
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  int code = 99;
  try {
    code = work();
  } catch (...) {
    // The code says it: an exception must not unwind into the parent's test.
  }
  ::_exit(code);
}

inline int exit_code(pid_t pid) {
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// Runs `work` as an ordinary user (root may write anywhere) and returns "code: message" of its Error, "" without one.
inline std::string as_nobody(const std::string& folder, const std::function<void()>& work) {
  std::filesystem::permissions(folder, std::filesystem::perms::all);
  std::array<int, 2> pipe{};
  if (::pipe(pipe.data()) != 0) return "no pipe";
  const pid_t pid = in_child([&] {
    if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) return 1;
    std::string text;
    try {
      work();
    } catch (const Error& e) {
      text = std::string(to_string(e.code())) + ": " + e.what();
    }
    return ::write(pipe[1], text.data(), text.size()) == static_cast<ssize_t>(text.size()) ? 0 : 1;
  });
  ::close(pipe[1]);
  std::string text(8192, '\0');
  const ssize_t size = ::read(pipe[0], text.data(), text.size());
  ::close(pipe[0]);
  if (exit_code(pid) != 0) return "the child failed";
  text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return text;
}

/// No file grows beyond `bytes` while this lives, as on a full disk: writes fail instead.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(std::size_t bytes) : handler_(::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit small{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  sighandler_t handler_;
};

}  // namespace deploy::test
