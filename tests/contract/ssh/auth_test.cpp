#include <unistd.h>

#include <fstream>

#include "harness.hpp"
#include "support/child.hpp"
#include "support/subprocess.hpp"

using namespace deploy;
using namespace deploy::ssh;
using namespace deploy::ssh::testing;

namespace {

Options with_identity(const std::string& path) {
  Options options = good_options();
  options.identity = path;
  return options;
}

/// An ssh-agent of the test's own.
class TestAgent {
 public:
  TestAgent() : socket_(service("TMP") + "/agent." + std::to_string(getpid())) {
    const Pipe nothing = make_pipe();
    agent_.emplace(std::vector<std::string>{"ssh-agent", "-D", "-a", socket_}, ChildStreams{nothing.read.get(), nothing.write.get(), nothing.write.get()});
    for (int i = 0; i < 200 && access(socket_.c_str(), F_OK) != 0; ++i) usleep(10'000);
  }
  ~TestAgent() {
    agent_.reset();
    unlink(socket_.c_str());
  }
  void add(const std::string& key) const {
    const CommandResult result = run_command({.argv = {"ssh-add", key}, .env = {{"SSH_AUTH_SOCK", socket_}}}, kQuick);
    REQUIRE(result.exit_code == 0);
  }
  [[nodiscard]] const std::string& socket() const { return socket_; }

 private:
  std::string socket_;
  std::optional<Child> agent_;
};

}  // namespace

TEST_CASE_TEMPLATE("ed25519 and ECDSA keys are accepted", Adapter, SSH_ADAPTERS) {
  for (const char* key : {"SSH_KEY_ED25519", "SSH_KEY_ECDSA"}) {
    CAPTURE(key);
    Adapter adapter;
    CHECK(adapter.open(target(), with_identity(service(key)))->exec({"true"}, "", kQuick).exit_code == 0);
  }
}

TEST_CASE_TEMPLATE("an RSA key is used, or refused early with the client that can", Adapter, SSH_ADAPTERS) {
  Adapter adapter;
  const auto transport = adapter.open(target(), with_identity(service("SSH_KEY_RSA")));
  if (Adapter::kUsesRsaKeys) {
    CHECK(transport->exec({"true"}, "", kQuick).exit_code == 0);
    return;
  }
  const Error error = error_of([&] { (void)transport->exec({"true"}, "", kQuick); });
  CHECK(error.code() == ErrorCode::unsupported);
  CHECK(contains(error.what(), "\"client\": \"openssh\""));
}

TEST_CASE_TEMPLATE("a key with a passphrase is used when the passphrase is given", Adapter, SSH_ADAPTERS) {
  Adapter adapter;
  Options options = with_identity(service("SSH_KEY_PASSPHRASE"));
  options.passphrase = Secret(service("SSH_PASSPHRASE"));
  CHECK(adapter.open(target(), options)->exec({"true"}, "", kQuick).exit_code == 0);
}

TEST_CASE_TEMPLATE("a wrong and a missing passphrase are told apart, and neither is printed", Adapter, SSH_ADAPTERS) {
  Adapter adapter;
  Options options = with_identity(service("SSH_KEY_PASSPHRASE"));
  const Error missing = error_of([&] { (void)adapter.open(target(), options)->exec({"true"}, "", kQuick); });
  options.passphrase = Secret("not-the-passphrase");
  const Error wrong = error_of([&] { (void)adapter.open(target(), options)->exec({"true"}, "", kQuick); });
  CHECK(missing.code() == ErrorCode::unauthorized);
  CHECK(wrong.code() == ErrorCode::unauthorized);
  CHECK(contains(missing.what(), "is encrypted"));
  CHECK(contains(wrong.what(), "wrong"));
  CHECK(!contains(wrong.what(), "not-the-passphrase"));
}

TEST_CASE_TEMPLATE("a key file that is missing, or is none, is said to be so", Adapter, SSH_ADAPTERS) {
  Adapter adapter;
  const Error missing = error_of([&] { (void)adapter.open(target(), with_identity("/no/such/key"))->exec({"true"}, "", kQuick); });
  CHECK(missing.code() == ErrorCode::unauthorized);
  CHECK(contains(missing.what(), "/no/such/key"));
  const std::string path = service("TMP") + "/not-a-key";
  std::ofstream(path) << "hello\n";
  const Error none = error_of([&] { (void)adapter.open(target(), with_identity(path))->exec({"true"}, "", kQuick); });
  CHECK(none.code() == ErrorCode::unauthorized);
  CHECK(contains(none.what(), "not a private key"));
}

TEST_CASE_TEMPLATE("a key that the host does not accept is an error that names user and key", Adapter, SSH_ADAPTERS) {
  Adapter adapter;
  const Error error = error_of([&] { (void)adapter.open(target(), with_identity(service("SSH_KEY_STRANGER")))->exec({"true"}, "", kQuick); });
  CHECK(error.code() == ErrorCode::unauthorized);
  CHECK(contains(error.what(), service("SSH_USER")));
}

TEST_CASE_TEMPLATE("a key that only the agent holds is used", Adapter, SSH_ADAPTERS) {
  TestAgent agent;
  agent.add(service("SSH_KEY_STRANGER"));
  agent.add(service("SSH_KEY_ED25519"));
  Adapter adapter;
  Options options = with_identity("");
  options.use_agent = true;
  options.agent_socket = agent.socket();
  CHECK(adapter.open(target(), options)->exec({"true"}, "", kQuick).exit_code == 0);
}

TEST_CASE_TEMPLATE("of all that the agent holds only the wanted identity is offered", Adapter, SSH_ADAPTERS) {
  TestAgent agent;
  agent.add(service("SSH_KEY_ED25519"));
  Adapter adapter;
  Options options = with_identity(service("SSH_KEY_STRANGER"));
  options.use_agent = true;
  options.agent_socket = agent.socket();
  CHECK(error_of([&] { (void)adapter.open(target(), options)->exec({"true"}, "", kQuick); }).code() == ErrorCode::unauthorized);
}
