#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>

#include "ssh/agent.hpp"
#include "ssh/file_text.hpp"
#include "ssh/key_file.hpp"
#include "ssh/known_hosts.hpp"
#include "support/wire.hpp"
#include "support/subprocess.hpp"

using namespace deploy;
using namespace deploy::ssh;

namespace {

/// A new key as ssh-keygen writes it, and its public half.
struct MadeKey {
  std::string text;
  std::string public_line;
};

MadeKey make_key(const std::string& type, const std::string& passphrase, const std::vector<std::string>& more = {}) {
  const std::string path = "/tmp/key_test." + std::to_string(getpid());
  std::vector<std::string> argv{"ssh-keygen", "-q", "-t", type, "-N", passphrase, "-f", path};
  argv.insert(argv.end(), more.begin(), more.end());
  const CommandResult made = run_command({.argv = argv}, {});
  REQUIRE_MESSAGE(made.exit_code == 0, made.error);
  MadeKey key{read_key_file(path), read_key_file(path + ".pub")};
  std::filesystem::remove(path);
  std::filesystem::remove(path + ".pub");
  return key;
}

}  // namespace

TEST_CASE("ssh keys: type, encryption and public half are seen without the passphrase") {
  const MadeKey plain = make_key("ed25519", "");
  const KeyFile seen = inspect_key(plain.text);
  CHECK(seen.valid);
  CHECK(!seen.encrypted);
  CHECK(seen.type == "ssh-ed25519");
  CHECK(seen.public_key == parse_public_key(plain.public_line));
  const KeyFile secret = inspect_key(make_key("ecdsa", "a passphrase").text);
  CHECK(secret.encrypted);
  CHECK(secret.type == "ecdsa-sha2-nistp256");
}

TEST_CASE("ssh keys: an RSA key is known as one in both of its formats") {
  CHECK(inspect_key(make_key("rsa", "").text).type == "ssh-rsa");
  const KeyFile pem = inspect_key(make_key("rsa", "a passphrase", {"-m", "PEM"}).text);
  CHECK(pem.type == "ssh-rsa");
  CHECK(pem.encrypted);
}

TEST_CASE("ssh keys: what is no key is none, cut short or not") {
  CHECK(!inspect_key("").valid);
  CHECK(!inspect_key("hello").valid);
  const std::string text = make_key("ed25519", "").text;
  for (std::size_t size = 0; size < text.size(); size += 7) CHECK(!inspect_key(text.substr(0, size)).valid);
  CHECK(parse_public_key("ssh-ed25519 AAAA comment").empty());
  CHECK(parse_public_key("").empty());
}

TEST_CASE("ssh keys: a fingerprint is what ssh-keygen prints") {
  const MadeKey key = make_key("ed25519", "");
  const CommandResult printed = run_command({.argv = {"ssh-keygen", "-lf", "/dev/stdin"}, .input = key.public_line}, {});
  CHECK(printed.output.find(fingerprint(parse_public_key(key.public_line))) != std::string::npos);
}

TEST_CASE("ssh agent: keys and signatures are read, and nothing is made of nonsense") {
  const std::string keys = std::string(1, 12) + wire_uint32(2) + wire_string("key one") + wire_string("comment") + wire_string("key two") + wire_string("");
  CHECK(parse_agent_keys(keys) == std::vector<std::string>{"key one", "key two"});
  CHECK(parse_agent_keys(keys.substr(0, keys.size() - 3)) == std::vector<std::string>{"key one"});
  CHECK(parse_agent_keys(std::string(1, 5)).empty());
  CHECK(parse_agent_keys(std::string(1, 12) + wire_uint32(0xffffffff)).empty());
  CHECK(parse_agent_signature(std::string(1, 14) + wire_string("signature")) == "signature");
  CHECK(!parse_agent_signature(std::string(1, 5)));
  CHECK(!parse_agent_signature(""));
}
