#include <doctest/doctest.h>
#include <signal.h>

#include <thread>

#include "deploy/error.hpp"
#include "support/subprocess.hpp"

using namespace deploy;
using std::chrono::milliseconds;

namespace {

const CallLimits kQuick{milliseconds(10'000), {}};

ErrorCode error_code_of(const Command& command, const CallLimits& limits) {
  try {
    (void)run_command(command, limits);
  } catch (const Error& error) {
    return error.code();
  }
  FAIL("no error was thrown");
  return ErrorCode::internal;
}

}  // namespace

TEST_CASE("a program's output, error output and exit code come back") {
  const CommandResult result = run_command({.argv = {"sh", "-c", "echo out; echo err >&2; exit 3"}}, kQuick);
  CHECK(result.output == "out\n");
  CHECK(result.error == "err\n");
  CHECK(result.exit_code == 3);
}

TEST_CASE("arguments reach the program as they are: no shell in between") {
  CHECK(run_command({.argv = {"printf", "%s|%s", "$HOME `id`", "'a b'"}}, kQuick).output == "$HOME `id`|'a b'");
}

TEST_CASE("input larger than a pipe goes through, however late it is read") {
  const std::string input(1'000'000, 'x');
  CHECK(run_command({.argv = {"sh", "-c", "sleep 0.1; cat"}, .input = input}, kQuick).output == input);
}

TEST_CASE("a program that does not read its input is no error") {
  CHECK(run_command({.argv = {"true"}, .input = std::string(1'000'000, 'x')}, kQuick).exit_code == 0);
}

TEST_CASE("environment and working directory are the ones asked for") {
  const CommandResult result = run_command({.argv = {"sh", "-c", "pwd; echo $GREETING; echo $PATH | wc -c"}, .env = {{"GREETING", "hi"}}, .directory = "/usr"}, kQuick);
  CHECK(result.output.starts_with("/usr\nhi\n"));
}

TEST_CASE("a program that does not exist is not found") {
  CHECK(error_code_of({.argv = {"no-such-program-here"}}, kQuick) == ErrorCode::not_found);
  CHECK(error_code_of({.argv = {"true"}, .directory = "/no/such/folder"}, kQuick) == ErrorCode::not_found);
  CHECK(error_code_of({.argv = {}}, kQuick) == ErrorCode::invalid_argument);
}

TEST_CASE("at the deadline the program and its children are killed") {
  const auto start = std::chrono::steady_clock::now();
  Command command{.argv = {"sh", "-c", "sleep 60 & echo $! > \"$PID_FILE\"; wait"}};
  const std::string pid_file = "/tmp/subprocess_test." + std::to_string(getpid());
  command.env["PID_FILE"] = pid_file;
  CHECK(error_code_of(command, {milliseconds(300), {}}) == ErrorCode::timeout);
  CHECK(std::chrono::steady_clock::now() - start < milliseconds(1500));
  const std::string pid = run_command({.argv = {"cat", pid_file}}, kQuick).output;
  unlink(pid_file.c_str());
  std::this_thread::sleep_for(milliseconds(50));
  // Gone, or a zombie that waits for init: no longer running either way.
  const CommandResult state = run_command({.argv = {"cat", "/proc/" + pid.substr(0, pid.find('\n')) + "/stat"}}, kQuick);
  CHECK((state.output.empty() || state.output.find(") Z ") != std::string::npos));
}

TEST_CASE("a stop from another thread kills the program at once") {
  std::stop_source stop;
  std::thread other([&] {
    std::this_thread::sleep_for(milliseconds(100));
    stop.request_stop();
  });
  const auto start = std::chrono::steady_clock::now();
  CHECK(error_code_of({.argv = {"sleep", "60"}}, {milliseconds(30'000), stop.get_token()}) == ErrorCode::cancelled);
  other.join();
  CHECK(std::chrono::steady_clock::now() - start < milliseconds(1000));
}

TEST_CASE("a program that writes without end is stopped with an error") {
  CHECK(error_code_of({.argv = {"yes"}, .output_limit = 100'000}, kQuick) == ErrorCode::protocol);
}

TEST_CASE("a program killed by a signal ends with 128 and its number") {
  CHECK(run_command({.argv = {"sh", "-c", "kill -9 $$"}}, kQuick).exit_code == 128 + SIGKILL);
}

TEST_CASE("a grandchild that keeps the output open does not keep us waiting") {
  const auto start = std::chrono::steady_clock::now();
  CHECK(run_command({.argv = {"sh", "-c", "sleep 3 & echo done"}}, kQuick).output == "done\n");
  CHECK(std::chrono::steady_clock::now() - start < milliseconds(1500));
}
