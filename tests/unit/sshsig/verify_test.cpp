#include <doctest/doctest.h>

#include "refusal.hpp"
#include "soft_key.hpp"
#include "sshsig/signature.hpp"
#include "sshsig/verify.hpp"
#include "support/hash.hpp"
#include "support/wire.hpp"

using namespace deploy;
using namespace deploy::sshsig;
using deploy::test::SoftKey;

namespace {
const std::string kText = "a text\nof two lines\n";
const TimePoint kNow = parse_rfc3339("2026-11-22T12:00:00Z");

Finding ask(const std::string& signature, const std::string& signers, const std::string& revoked = "", const std::string& text = kText, const std::string& who = "alice") {
  return verify({signature, text, "approval@libdeploy", who, parse_allowed_signers(signers), parse_revoked_keys(revoked), kNow});
}

const char* const kTypes[] = {"ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa", "sk-ssh-ed25519@openssh.com",
                              "sk-ecdsa-sha2-nistp256@openssh.com"};
}  // namespace

TEST_CASE("a signature by each kind of key is good, with either hash, and names its key") {
  for (const char* type : kTypes) {
    CAPTURE(type);
    const SoftKey key(type);
    for (const char* hash : {"sha256", "sha512"}) {
      const Finding found = ask(key.sign(kText, {.hash = hash}), "alice " + key.line());
      CHECK_MESSAGE(found.good(), found.why);
      CHECK(found.fingerprint == key.fingerprint());
      CHECK(found.key_type == type);
    }
  }
}

TEST_CASE("no byte of a signature or of the text can be changed unseen") {
  for (const char* type : kTypes) {
    CAPTURE(type);
    const SoftKey key(type);
    const std::string good = key.sign(kText), signers = "alice " + key.line();
    REQUIRE(ask(good, signers).good());
    const std::size_t step = std::string(type) == "ssh-rsa" || std::string(type).find("384") != std::string::npos ? 7 : 1;  // slow kinds: a sample
    for (std::size_t i = 0; i + 1 < good.size(); i += step) {
      std::string changed = good;
      changed[i] = static_cast<char>(changed[i] ^ 1);
      CHECK_FALSE_MESSAGE(ask(changed, signers).good(), "byte ", i);
    }
    for (std::size_t i = 0; i < kText.size(); i += step) {
      std::string changed = kText;
      changed[i] = static_cast<char>(changed[i] ^ 1);
      CHECK(ask(good, signers, "", changed).problem == Problem::altered);
    }
  }
}

TEST_CASE("a signature that ends early or goes on is none") {
  const SoftKey key;
  const std::string good = key.sign(kText), signers = "alice " + key.line();
  for (std::size_t size = 0; size + 1 < good.size(); ++size) CHECK_FALSE(ask(good.substr(0, size), signers).good());
  CHECK(ask(good + "x", signers).why == "this is no SSH signature: something follows its last line");
  CHECK(ask(key.sign(kText, {.appended = "x"}), signers).why == "this is no SSH signature: bytes follow its last field");
  CHECK(ask("x" + good, signers).problem == Problem::malformed);
  CHECK(ask("", signers).problem == Problem::malformed);
  CHECK(ask(std::string(kMaxArmor + 1, 'A'), signers).problem == Problem::malformed);
}

TEST_CASE("each kind of refusal has its own words") {
  const SoftKey alice, bob, stranger;
  const std::string signers = "alice " + alice.line() + "\nbob@example.com,bob " + bob.line() + "\n";
  const std::string good = alice.sign(kText);
  const auto is = [](const Finding& found, Problem problem, const char* part) {
    CHECK(found.problem == problem);
    CHECK_MESSAGE(test::contains(found.why, part), found.why);
  };
  is(ask(alice.sign(kText, {.name_space = "git"}), signers), Problem::wrong_namespace, "the namespace 'git', for another purpose");
  is(ask(good, signers, "", "another text"), Problem::altered, "does not belong to this text");
  is(ask(good, signers, alice.line() + " gone"), Problem::revoked, "is revoked");
  is(ask(good, signers, alice.fingerprint()), Problem::revoked, "is revoked");
  is(ask(stranger.sign(kText), signers), Problem::unknown_key, "not listed for alice or anybody");
  is(ask(bob.sign(kText), signers), Problem::other_principal, "is not alice's; it is listed for bob@example.com,bob (line 2)");
  is(ask(good, "alice namespaces=\"git\" " + alice.line()), Problem::not_for_this, "may not sign in the namespace");
  is(ask(good, "alice valid-before=\"20261101Z\" " + alice.line()), Problem::key_expired, "expired at 2026-11-01T00:00:00.000Z (line 1)");
  is(ask(good, "alice valid-after=\"20270101Z\" " + alice.line()), Problem::not_yet_valid, "valid from 2027-01-01T00:00:00.000Z on");
  is(ask(good, "alice cert-authority " + alice.line()), Problem::unknown_key, "the cert-authority line 1 is not honoured");
  is(ask(alice.sign(kText, {.hash = "md5"}), signers), Problem::malformed, "neither sha256 nor sha512");
}

TEST_CASE("of several lines for a key the one that lets it sign counts") {
  const SoftKey key;
  const std::string line = key.line();
  const std::string signers = "alice valid-before=\"20200101Z\" " + line + "\nalice namespaces=\"git\" " + line + "\n";
  CHECK(ask(key.sign(kText), signers).problem == Problem::key_expired);
  CHECK(ask(key.sign(kText), signers + "*,!bob namespaces=\"approval@*\" " + line + "\n").good());
  CHECK(ask(key.sign(kText), "*,!alice " + line).problem == Problem::other_principal);
}

TEST_CASE("weak and foreign algorithms are refused, and so are certificates") {
  const SoftKey rsa("ssh-rsa"), ed;
  const std::string signers = "alice " + rsa.line() + "\nalice " + ed.line();
  CHECK(ask(rsa.sign(kText, {.algorithm = "rsa-sha2-256"}), signers).good());
  CHECK(test::contains(ask(rsa.sign(kText, {.algorithm = "ssh-rsa"}), signers).why, "with SHA-1"));
  CHECK(test::contains(ask(ed.sign(kText, {.algorithm = "rsa-sha2-512"}), signers).why, "does not belong to its key"));
  CHECK(test::contains(ask(ed.sign(kText, {.algorithm = "sk-ssh-ed25519@openssh.com"}), signers).why, "does not belong to its key"));
  const SoftKey small("ssh-rsa", 1024);
  CHECK(test::contains(ask(small.sign(kText), "alice " + small.line()).why, "an RSA key of 1024 bits; 2048 are the least"));
  const auto with_key = [](const std::string& type) {
    const std::string blob = ssh::wire_string(type) + ssh::wire_string("x");
    return test::armored("SSHSIG" + ssh::wire_uint32(1) + ssh::wire_string(blob) + ssh::wire_string("approval@libdeploy") + ssh::wire_string("") + ssh::wire_string("sha512") + ssh::wire_string("x"));
  };
  CHECK(ask(with_key("ssh-ed25519-cert-v01@openssh.com"), signers).why == "the key is a certificate (ssh-ed25519-cert-v01@openssh.com); certificates are not taken, list the key itself");
  CHECK(ask(with_key("ssh-dss"), signers).problem == Problem::unsupported);
  CHECK(ask(with_key("ssh-ed25519"), signers).problem == Problem::malformed);
}

TEST_CASE("a security key has to be touched, and its counter and flags are part of what it signs") {
  for (const char* type : {"sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com"}) {
    const SoftKey key(type);
    const std::string signers = "alice " + key.line();
    CHECK(ask(key.sign(kText, {.flags = 5}), signers).good());
    CHECK(ask(key.sign(kText, {.flags = 4}), signers).problem == Problem::untouched);
    CHECK(ask(key.sign(kText, {.flags = 0}), signers).problem == Problem::untouched);
  }
}

TEST_CASE("an ECDSA point that is not on its curve is no key") {
  const SoftKey key("ecdsa-sha2-nistp256");
  std::string bent = key.sign(kText);
  std::string blob = key.blob();
  blob.back() = static_cast<char>(blob.back() ^ 1);
  const std::string line = "alice ecdsa-sha2-nistp256 " + base64(blob);
  const Signature parsed = parse_sshsig(bent);
  const std::string forged = test::armored("SSHSIG" + ssh::wire_uint32(1) + ssh::wire_string(blob) + ssh::wire_string(parsed.name_space) + ssh::wire_string("") + ssh::wire_string(parsed.hash) +
                                           ssh::wire_string(parsed.signature));
  CHECK(ask(forged, line).problem == Problem::altered);
}
