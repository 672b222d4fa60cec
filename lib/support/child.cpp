#include "support/child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "deploy/error.hpp"

namespace deploy {

namespace {

constexpr int kTermGraceMs = 200;

std::vector<std::string> merged_environment(const std::map<std::string, std::string>& extra, const std::vector<std::string>& unset) {
  std::vector<std::string> result;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const std::string name = text.substr(0, text.find('='));
    if (!extra.contains(name) && std::find(unset.begin(), unset.end(), name) == unset.end()) result.push_back(text);
  }
  for (const auto& [name, value] : extra) result.push_back(name + "=" + value);
  return result;
}

std::vector<char*> pointers(const std::vector<std::string>& strings) {
  std::vector<char*> result;
  for (const std::string& text : strings) result.push_back(const_cast<char*>(text.c_str()));
  result.push_back(nullptr);
  return result;
}

struct FileActions {
  FileActions() { posix_spawn_file_actions_init(&value); }
  ~FileActions() { posix_spawn_file_actions_destroy(&value); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  posix_spawn_file_actions_t value{};
};

struct Attributes {
  explicit Attributes(ChildGroup group) {
    posix_spawnattr_init(&value);
    sigset_t none;
    sigset_t defaults;
    sigemptyset(&none);
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_setsigmask(&value, &none);
    posix_spawnattr_setsigdefault(&value, &defaults);
    posix_spawnattr_setpgroup(&value, 0);
    const int flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | (group == ChildGroup::own ? POSIX_SPAWN_SETPGROUP : 0);
    posix_spawnattr_setflags(&value, static_cast<short>(flags));
  }
  ~Attributes() { posix_spawnattr_destroy(&value); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  posix_spawnattr_t value{};
};

}  // namespace

Child::Child(const std::vector<std::string>& argv, const ChildStreams& streams, const std::map<std::string, std::string>& env,
             const std::string& directory, const std::vector<std::string>& unset, ChildGroup group)
    : group_(group) {
  if (argv.empty() || argv.front().empty()) throw Error(ErrorCode::invalid_argument, "process", "no program was named");
  FileActions actions;
  if (!directory.empty()) posix_spawn_file_actions_addchdir_np(&actions.value, directory.c_str());
  posix_spawn_file_actions_adddup2(&actions.value, streams.in, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions.value, streams.out, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions.value, streams.error, STDERR_FILENO);
  const Attributes attributes(group);
  const std::vector<std::string> environment = merged_environment(env, unset);
  const int error = posix_spawnp(&pid_, argv.front().c_str(), &actions.value, &attributes.value, pointers(argv).data(),
                                 pointers(environment).data());
  if (error != 0)
    throw Error(ErrorCode::not_found, "process", "cannot start " + argv.front() + ": " + std::strerror(error), {{"program", argv.front()}});
  pidfd_.reset(static_cast<int>(syscall(SYS_pidfd_open, pid_, 0)));
  if (!pidfd_) {
    const int reason = errno;
    end();
    throw Error(ErrorCode::unsupported, "process", std::string("this kernel has no pidfd_open (Linux 5.3): ") + std::strerror(reason));
  }
}

Child::~Child() { end(); }

bool Child::reap(int flags) noexcept {
  if (exit_code_) return true;
  int status = 0;
  pid_t got = 0;
  do got = waitpid(pid_, &status, flags);
  while (got < 0 && errno == EINTR);
  if (got == 0) return false;
  // An embedder that ignores SIGCHLD takes the status away: the child is gone, how is not known.
  if (got < 0) exit_code_ = 255;
  else exit_code_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return true;
}

std::optional<int> Child::exit_code() {
  reap(WNOHANG);
  return exit_code_;
}

void Child::end() noexcept {
  if (reap(WNOHANG)) return;
  const pid_t whom = group_ == ChildGroup::own ? -pid_ : pid_;
  kill(whom, SIGTERM);
  pollfd ended{pidfd_.get(), POLLIN, 0};
  if (pidfd_) poll(&ended, 1, kTermGraceMs);
  kill(whom, SIGKILL);  // before reaping: the group's number is still ours
  reap(0);
}

Pipe make_pipe() {
  int fds[2];
  if (pipe2(fds, O_CLOEXEC) != 0) throw Error(ErrorCode::io, "process", std::string("cannot make a pipe: ") + std::strerror(errno));
  return {UniqueFd(fds[0]), UniqueFd(fds[1])};
}

}  // namespace deploy
