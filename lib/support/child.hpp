// A child process: started without a shell, in its own process group, never left behind.
#pragma once

#include <sys/types.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "support/unique_fd.hpp"

namespace deploy {

/// What the child gets as standard input, output and error; all three must be open.
struct ChildStreams {
  int in = -1;
  int out = -1;
  int error = -1;
};

/// A child with a group of its own takes its own children with it when it is ended. One that asks at the terminal stays in ours: no other may read there.
enum class ChildGroup { own, ours };

class Child {
 public:
  /// argv[0] is looked up in PATH when it has no slash. `unset` names what is not inherited of the environment. Throws Error{not_found} when it cannot be started.
  Child(const std::vector<std::string>& argv, const ChildStreams& streams, const std::map<std::string, std::string>& env = {},
        const std::string& directory = "", const std::vector<std::string>& unset = {}, ChildGroup group = ChildGroup::own);
  /// Kills the group and reaps the child, unless it has been reaped already.
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }
  /// Becomes readable when the child has ended.
  [[nodiscard]] int pidfd() const { return pidfd_.get(); }
  /// The exit code (128 + signal when killed) once it has ended; reaps it.
  [[nodiscard]] std::optional<int> exit_code();
  /// Asks with SIGTERM, then kills the whole group with SIGKILL after a moment. Reaps.
  void end() noexcept;

 private:
  bool reap(int flags) noexcept;

  pid_t pid_ = -1;
  ChildGroup group_;
  UniqueFd pidfd_;
  std::optional<int> exit_code_;
};

/// Both ends close on exec.
struct Pipe {
  UniqueFd read;
  UniqueFd write;
};
[[nodiscard]] Pipe make_pipe();

}  // namespace deploy
