#include <csignal>
#include <thread>

#include "harness.hpp"
#include "ssh/free_disk.hpp"

using namespace deploy;
using namespace deploy::ssh;
using namespace deploy::ssh::testing;

TEST_CASE_TEMPLATE("a command's output, error output and exit code come back", Adapter, SSH_ADAPTERS) {
  Adapter adapter;
  const auto transport = adapter.open(target(), good_options());
  const ExecResult result = transport->exec({"sh", "-c", "echo out; echo err >&2; exit 3"}, "", kQuick);
  CHECK(result.output == "out\n");
  CHECK(result.error == "err\n");
  CHECK(result.exit_code == 3);
  CHECK(transport->exec({"true"}, "", kQuick).exit_code == 0);
}

TEST_CASE_TEMPLATE("every argument arrives as it is, whatever a shell would make of it", Adapter, SSH_ADAPTERS) {
  Adapter adapter;
  const auto transport = adapter.open(target(), good_options());
  const std::vector<std::string> odd{"$HOME `id` $(id)", "it's \"quoted\"", "", " ", "a\nb", "*", "~", "-n", "!x", "A=1", "\xc3\xa4;|&<>"};
  std::vector<std::string> argv{"printf", "[%s]"};
  argv.insert(argv.end(), odd.begin(), odd.end());
  std::string expected;
  for (const std::string& one : odd) expected += "[" + one + "]";
  CHECK(transport->exec(argv, "", kQuick).output == expected);
}

TEST_CASE_TEMPLATE("a host says how much room a folder of it has", Adapter, SSH_ADAPTERS) {
  Adapter adapter;
  const auto transport = adapter.open(target(), good_options());
  CHECK(free_disk(*transport, "/", kQuick) > 0);
  CHECK(free_disk(*transport, "/no/such/folder here", kQuick) == -1);
}

TEST_CASE_TEMPLATE("a large input and a large output go through at once", Adapter, SSH_ADAPTERS) {
  Adapter adapter;
  const auto transport = adapter.open(target(), good_options());
  std::string input(20'000'000, 'x');
  for (std::size_t i = 0; i < input.size(); i += 997) input[i] = static_cast<char>('a' + i % 26);
  const ExecResult result = transport->exec({"cat"}, input, kQuick);
  CHECK(result.output == input);
}

TEST_CASE_TEMPLATE("a command that does not read its input ends with its exit code", Adapter, SSH_ADAPTERS) {
  Adapter adapter;
  const auto transport = adapter.open(target(), good_options());
  CHECK(transport->exec({"sh", "-c", "exit 4"}, std::string(10'000'000, 'x'), kQuick).exit_code == 4);
}

TEST_CASE_TEMPLATE("a command that is not there ends with 127 and the shell's words", Adapter, SSH_ADAPTERS) {
  Adapter adapter;
  const auto transport = adapter.open(target(), good_options());
  const ExecResult result = transport->exec({"no-such-program-here"}, "", kQuick);
  CHECK(result.exit_code == 127);
  CHECK(contains(result.error, "no-such-program-here"));
}

TEST_CASE_TEMPLATE("exit code 255 is the command's own, not an error", Adapter, SSH_ADAPTERS) {
  Adapter adapter;
  const auto transport = adapter.open(target(), good_options());
  CHECK(transport->exec({"sh", "-c", "exit 255"}, "", kQuick).exit_code == 255);
}

TEST_CASE_TEMPLATE("a command that takes too long is a timeout whose effect is unknown", Adapter, SSH_ADAPTERS) {
  Adapter adapter;
  const auto transport = adapter.open(target(), good_options());
  (void)transport->exec({"true"}, "", kQuick);
  Error error(ErrorCode::internal, "", "");
  const auto took = time_of([&] { error = error_of([&] { (void)transport->exec({"sleep", "30"}, "", {milliseconds(400), {}}); }); });
  CHECK(error.code() == ErrorCode::timeout);
  CHECK(took < milliseconds(1000));
  CHECK(transport->exec({"true"}, "", kQuick).exit_code == 0);
}

TEST_CASE_TEMPLATE("a command is stopped from another thread at once", Adapter, SSH_ADAPTERS) {
  Adapter adapter;
  const auto transport = adapter.open(target(), good_options());
  (void)transport->exec({"true"}, "", kQuick);
  std::stop_source stop;
  std::chrono::steady_clock::time_point asked;
  std::thread other([&] {
    std::this_thread::sleep_for(milliseconds(200));
    asked = std::chrono::steady_clock::now();
    stop.request_stop();
  });
  const Error error = error_of([&] { (void)transport->exec({"sleep", "30"}, "", {milliseconds(20'000), stop.get_token()}); });
  const auto took = std::chrono::steady_clock::now() - asked;
  other.join();
  CHECK(error.code() == ErrorCode::cancelled);
  CHECK(took < milliseconds(300));
}

TEST_CASE_TEMPLATE("many commands share one session", Adapter, SSH_ADAPTERS) {
  Adapter adapter;
  const auto transport = adapter.open(target(), good_options());
  const std::string session = transport->exec({"sh", "-c", "echo $PPID"}, "", kQuick).output;
  for (int i = 0; i < 10; ++i) CHECK(transport->exec({"sh", "-c", "echo $PPID"}, "", kQuick).output == session);
}

TEST_CASE_TEMPLATE("a command that writes without end is let go of, and the session serves the next one", Adapter, SSH_ADAPTERS) {
  Adapter adapter;
  const auto transport = adapter.open(target(), good_options());
  const Error error = error_of([&] { (void)transport->exec({"yes"}, "", {milliseconds(60'000), {}}); });
  CHECK(error.code() == ErrorCode::protocol);
  CHECK(std::string(error.what()).find("more than 67108864 bytes") != std::string::npos);
  const ExecResult flooded = transport->exec({"sh", "-c", "head -c 1000000 /dev/zero >&2; exit 3"}, "", kQuick);
  CHECK(flooded.exit_code == 3);
  CHECK(flooded.error.size() == (64u << 10));
}
