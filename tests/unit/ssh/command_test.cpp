#include <doctest/doctest.h>

#include <algorithm>

#include "ssh/openssh_command.hpp"
#include "ssh/shell_quote.hpp"
#include "support/subprocess.hpp"

using namespace deploy;
using namespace deploy::ssh;

namespace {

const Target kTarget{"deploy", "web.example", 2222};
const OpensshFiles kFiles{"/tmp/f"};

bool has_option(const std::vector<std::string>& argv, const std::string& option) {
  for (std::size_t i = 1; i < argv.size(); ++i)
    if (argv[i] == option && argv[i - 1] == "-o") return true;
  return false;
}

}  // namespace

TEST_CASE("ssh: a shell gives a quoted argument vector back as it was") {
  const std::vector<std::string> odd{"plain-word_1.2:3/@%+,", "", " ", "it's", "\"", "$HOME", "`id`", "a\nb", "\\", "*?[", "~", "!", "#x", "A=1", "-n", "\xff\x01"};
  std::string expected;
  for (const std::string& one : odd) expected += "[" + one + "]";
  std::vector<std::string> argv{"printf", "[%s]"};
  argv.insert(argv.end(), odd.begin(), odd.end());
  const CommandResult result = run_command({.argv = {"sh", "-c", shell_quote(argv)}}, {});
  CHECK(result.output == expected);
  CHECK(shell_quote({"docker", "system", "dial-stdio"}) == "docker system dial-stdio");
  CHECK_THROWS_AS((void)shell_quote({}), Error);
  CHECK_THROWS_AS((void)shell_quote({"a", std::string("b\0c", 3)}), Error);
}

TEST_CASE("ssh: the master asks nobody anything and trusts only what is recorded") {
  Options options;
  options.identity = "/keys/my key";
  options.known_hosts = "/etc/100%/known_hosts";
  options.use_agent = false;
  const std::vector<std::string> argv = master_command(kTarget, options, kFiles, "");
  CHECK(argv.front() == "ssh");
  for (const char* option : {"BatchMode=yes", "StrictHostKeyChecking=yes", "IdentitiesOnly=yes", "IdentityAgent=none", "ConnectTimeout=10",
                             "ServerAliveInterval=5", "ServerAliveCountMax=3", "UserKnownHostsFile=\"/etc/100%%/known_hosts\"", "IdentityFile=\"/keys/my key\""})
    CHECK_MESSAGE(has_option(argv, option), option);
  const std::vector<std::string> ending(argv.end() - 7, argv.end());
  CHECK(ending == std::vector<std::string>{"-p", "2222", "-l", "deploy", "--", "web.example", "cat"});
}

TEST_CASE("ssh: without an identity and known_hosts the program's own configuration decides") {
  const std::vector<std::string> argv = master_command({"", "web", 22}, {}, kFiles, "");
  for (const std::string& word : argv)
    for (const char* option : {"IdentityFile", "IdentityAgent", "UserKnownHostsFile", "-p", "-l"}) CHECK(!word.starts_with(option));
}

TEST_CASE("ssh: a host or user that looks like an option is refused") {
  CHECK_THROWS_AS((void)master_command({"", "-oProxyCommand=evil", 22}, {}, kFiles, ""), Error);
  CHECK_THROWS_AS((void)master_command({"-l", "web", 22}, {}, kFiles, ""), Error);
}

TEST_CASE("ssh: a stream goes over the master or not at all") {
  const std::vector<std::string> argv = stream_command(kTarget, {}, kFiles, {StreamRequest::Kind::tcp, "", "::1", 8081}, "/tmp/f/1.log");
  CHECK(has_option(argv, "ProxyCommand=false"));
  CHECK(std::find(argv.begin(), argv.end(), "[::1]:8081") != argv.end());
}

TEST_CASE("ssh: what the log says becomes the right error") {
  const auto code = [](std::string_view log) { return connect_error(log, kTarget, "/k", {}).code(); };
  CHECK(code("ssh: connect to host web port 2222: Connection refused\n") == ErrorCode::unreachable);
  CHECK(code("deploy@web: Permission denied (publickey).\n") == ErrorCode::unauthorized);
  CHECK(code("Unable to negotiate with 1.2.3.4: no matching host key type found.\n") == ErrorCode::unsupported);
  CHECK(code("debug1: Server host key: ssh-ed25519 SHA256:x\nNo ED25519 host key is known for web and you have requested strict checking.\n") == ErrorCode::host_key_unknown);
  CHECK(code("") == ErrorCode::unreachable);
  CHECK(plain_messages("OpenSSH_9.2p1\ndebug1: x\r\n@@@@\nfirst\r\nsecond\n") == "first; second");
}

TEST_CASE("ssh: how a stream ended is read from its log") {
  const std::string opened = "debug2: mux_client_hello_exchange: master version 4\r\ndebug1: mux_client_request_session: master session id: 2\r\n";
  CHECK(stream_end(opened + "debug2: Received exit status from master 255\r\n").exit_code == 255);
  CHECK(stream_end(opened + "debug2: Received exit status from master 0\r\n").kind == StreamEnd::Kind::exited);
  CHECK(stream_end(opened + "debug2: Control master terminated unexpectedly\r\n").kind == StreamEnd::Kind::cut_off);
  CHECK(stream_end("Stdio forwarding request failed: Session open refused by peer\r\n").kind == StreamEnd::Kind::refused);
  CHECK(stream_end("").kind == StreamEnd::Kind::refused);
  CHECK(last_open_failure("channel 2: open failed: x: y\r\nchannel 3: open failed: connect failed: Connection refused\r\ndebug1: z\n") ==
        "connect failed: Connection refused");
  CHECK(last_open_failure("debug1: nothing\n").empty());
}
