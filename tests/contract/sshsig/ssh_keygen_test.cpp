// The verifier against the real ssh-keygen: what one accepts or refuses, so does the other, over the same files. Where ours is stricter, it is said.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "deploy/error.hpp"
#include "soft_key.hpp"
#include "sshsig/ssh_keygen.hpp"
#include "sshsig/verify.hpp"
#include "support/hash.hpp"
#include "support/subprocess.hpp"

using namespace deploy;
using namespace std::chrono_literals;
using deploy::test::SoftKey;
namespace fs = std::filesystem;

namespace {
const CallLimits kQuick{60s, {}};
constexpr std::string_view kNamespace = "approval@libdeploy";
const std::string kText = "libdeploy-approval-v1\ndecision: approve\n";

struct Folder {
  fs::path path = fs::temp_directory_path() / ("sshsig-" + random_hex(8));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  [[nodiscard]] std::string put(const std::string& name, std::string_view text) const {
    std::ofstream(path / name, std::ios::binary) << text;
    return (path / name).string();
  }
  [[nodiscard]] std::string get(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(path / name, std::ios::binary).rdbuf();
    return text.str();
  }
};

/// A key of the real program's making: its private file, and the line of its public one.
struct RealKey {
  std::string file, line;
  RealKey(const Folder& folder, const std::string& type, const std::string& bits = "") : file((folder.path / ("key-" + type + bits)).string()) {
    Command make;
    make.argv = {"ssh-keygen", "-q", "-t", type, "-N", "", "-C", "test", "-f", file};
    if (!bits.empty()) make.argv.insert(make.argv.end(), {"-b", bits});
    REQUIRE(run_command(make, kQuick).exit_code == 0);
    line = folder.get("key-" + type + bits + ".pub");
    line.pop_back();
  }
};

struct Case {
  std::string signature, signers;
  std::string text = kText, principal = "alice", revoked{};
};

bool ours(const Case& c) {
  return sshsig::verify({c.signature, c.text, kNamespace, c.principal, sshsig::parse_allowed_signers(c.signers), sshsig::parse_revoked_keys(c.revoked),
                         std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now())}).good();
}

bool theirs(const Folder& folder, const Case& c) {
  Command command;
  command.argv = {"ssh-keygen", "-Y", "verify", "-f", folder.put("signers", c.signers), "-I", c.principal, "-n", std::string(kNamespace), "-s", folder.put("signature", c.signature)};
  if (!c.revoked.empty()) command.argv.insert(command.argv.end(), {"-r", folder.put("revoked", c.revoked)});
  command.input = c.text;
  return run_command(command, kQuick).exit_code == 0;
}

void agree(const Folder& folder, const Case& c, bool accepted) {
  CHECK(ours(c) == accepted);
  CHECK(theirs(folder, c) == accepted);
}
}  // namespace

TEST_CASE("what ssh-keygen signs is good here, with every kind of key, and whatever is changed is refused by both") {
  const Folder folder;
  const std::pair<const char*, const char*> kinds[] = {{"ed25519", ""}, {"ecdsa", "256"}, {"ecdsa", "384"}, {"ecdsa", "521"}, {"rsa", "2048"}};
  for (const auto& [type, bits] : kinds) {
    const RealKey key(folder, type, bits);
    CAPTURE(key.file);
    const std::string signature = sshsig::sign_by_ssh_keygen(key.file, kNamespace, kText, kQuick);
    agree(folder, {signature, "alice " + key.line}, true);
    agree(folder, {signature, "alice " + key.line, kText + " "}, false);
    agree(folder, {signature, "alice " + key.line, kText, "bob"}, false);
    agree(folder, {signature, "alice " + key.line, kText, "alice", key.line}, false);
    agree(folder, {sshsig::sign_by_ssh_keygen(key.file, "file", kText, kQuick), "alice " + key.line}, false);
  }
}

TEST_CASE("what libcrypto signs in our tests ssh-keygen takes as well, of security keys too") {
  const Folder folder;
  for (const char* type : {"ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa", "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com"}) {
    CAPTURE(type);
    const SoftKey key(type);
    for (const char* hash : {"sha256", "sha512"}) agree(folder, {key.sign(kText, {.hash = hash}), "alice " + key.line()}, true);
    agree(folder, {key.sign(kText, {.appended = "x"}), "alice " + key.line()}, false);
  }
  const SoftKey rsa("ssh-rsa");
  agree(folder, {rsa.sign(kText, {.algorithm = "rsa-sha2-256"}), "alice " + rsa.line()}, true);
  agree(folder, {rsa.sign(kText, {.algorithm = "ssh-rsa"}), "alice " + rsa.line()}, false);
}

TEST_CASE("we are stricter than ssh-keygen: short RSA keys, keys nobody touched, and what follows a signature are refused") {
  const Folder folder;
  const SoftKey small("ssh-rsa", 1024), key("sk-ssh-ed25519@openssh.com"), ed;
  const Case cases[] = {{small.sign(kText), "alice " + small.line()}, {key.sign(kText, {.flags = 0}), "alice " + key.line()}, {ed.sign(kText) + "more\n", "alice " + ed.line()}};
  for (const Case& c : cases) {
    CHECK_FALSE(ours(c));
    CHECK(theirs(folder, c));
  }
}

TEST_CASE("a list of allowed signers means the same to both") {
  const Folder folder;
  const SoftKey key, other;
  const std::string k = key.line(), signature = key.sign(kText);
  const std::pair<std::string, bool> lists[] = {
      {"alice " + k, true},
      {"bob " + k, false},
      {"alice " + other.line(), false},
      {"", false},
      {"# alice " + k, false},
      {"  alice\t" + k + "   a comment\n", true},
      {"alice " + k + "\r\n", true},
      {"\"alice\" " + k, true},
      {"al*e " + k, true},
      {"bob,alice " + k, true},
      {"*,!alice " + k, false},
      {"!bob,* " + k, true},
      {"Alice " + k, false},
      {"alice namespaces=\"approval@libdeploy\" " + k, true},
      {"alice namespaces=\"git,approval@*\" " + k, true},
      {"alice namespaces=\"git\" " + k, false},
      {"alice namespaces=\"*,!approval@libdeploy\" " + k, false},
      {"alice valid-after=\"20200101\",valid-before=\"20990101Z\" " + k, true},
      {"alice VALID-BEFORE=\"20200101\" " + k, false},
      {"alice valid-after=\"20990101123000Z\" " + k, false},
      {"alice valid-before=\"209901010000UTC\" " + k, true},
      {"alice cert-authority " + k, false},
      {"alice no-such-option " + k, false},
      {"alice namespaces=git " + k, false},
      {"alice valid-before=20990101 " + k, false},
      {"alice valid-before=\"soon\" " + k, false},
      {"alice valid-before=\"20200101\" " + k + "\nalice " + k, true},
      {"alice namespaces=\"git\" " + k + "\nali* " + k, true},
      {"bob " + k + "\nalice " + k, true},
      {"alice ssh-ed25519 AAAA\nalice " + k, true},
      {"alice rubbish\nalice " + k, true},
      {"alice\nalice " + k, true},
  };
  for (const auto& one : lists) {
    CAPTURE(one.first);
    agree(folder, {signature, one.first}, one.second);
  }
}

TEST_CASE("a signature with a byte changed is refused by both, wherever it is (ssh-keygen lets white space pass)") {
  const Folder folder;
  const SoftKey key;
  const std::string good = key.sign(kText);
  for (std::size_t i = 0; i + 40 < good.size(); i += 5) {
    if (good[i] == '\n') continue;
    std::string changed = good;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    CAPTURE(i);
    agree(folder, {changed, "alice " + key.line()}, false);
  }
}

TEST_CASE("a key that cannot be used is told in ssh-keygen's words, and what to do") {
  const Folder folder;
  const auto refusal = [&](const std::string& key) {
    try {
      static_cast<void>(sshsig::sign_by_ssh_keygen(key, kNamespace, kText, kQuick));
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("(signed)");
  };
  const std::string missing = refusal((folder.path / "none").string());
  CHECK_MESSAGE(missing.find("No such file or directory") != std::string::npos, missing);
  CHECK(missing.find("load it into an SSH agent") != std::string::npos);
  CHECK(refusal(folder.put("rubbish", "no key\n")).find("ssh-keygen did not sign with") == 0);
}
