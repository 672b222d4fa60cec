#include <doctest/doctest.h>

#include "refusal.hpp"
#include "soft_key.hpp"
#include "sshsig/allowed_signers.hpp"

using namespace deploy;
using namespace deploy::sshsig;
using deploy::test::SoftKey;

TEST_CASE("a line of allowed signers has principals, limits, a key and a comment") {
  const SoftKey key;
  const auto read = parse_allowed_signers("\n  # people\n\t\nalice@example.com,\"x\" NAMESPACES=\"a,b\",valid-after=\"20260101\",valid-before=\"202701011230Z\" " + key.line() +
                                          "  alice's laptop\r\n\"bob the builder\"\t" + key.line());
  REQUIRE(read.odd.empty());
  REQUIRE(read.signers.size() == 2);
  const AllowedSigner& alice = read.signers[0];
  CHECK(alice.line == 4);
  CHECK(alice.principals == "alice@example.com,\"x\"");
  CHECK(alice.namespaces == "a,b");
  CHECK(alice.valid_after.has_value());
  CHECK(to_rfc3339(alice.valid_before.value()) == "2027-01-01T12:30:00.000Z");
  CHECK(alice.key == key.blob());
  CHECK_FALSE(alice.certificate_authority);
  CHECK(read.signers[1].principals == "bob the builder");
}

TEST_CASE("an odd line says nothing, is remembered with its reason, and spoils no other") {
  const SoftKey key;
  const std::string k = key.line();
  const std::pair<std::string, std::string> odd[] = {
      {"alice", "names no key"},
      {"\"alice " + k, "principals are not readable"},
      {"alice ssh-ed25519 !!!!", "names no key"},
      {"alice ecdsa-sha2-nistp256 " + k.substr(k.find(' ') + 1), "names no key"},
      {"alice no-touch-required " + k, "an option that is not known"},
      {"alice namespaces=git " + k, "namespaces wants patterns in quotes"},
      {"alice namespaces=\"git\",namespaces=\"file\" " + k, "namespaces twice"},
      {"alice valid-before=\"tomorrow\" " + k, "valid-before wants a time"},
      {"alice valid-before=\"20261399\" " + k, "valid-before wants a time"},
      {"alice valid-after=\"20270101\",valid-before=\"20260101\" " + k, "not after its valid-after"},
      {"alice cert-authority, " + k, "not known"},
      {"alice namespaces=\"git " + k, "names no key"},
  };
  for (const auto& one : odd) {
    CAPTURE(one.first);
    const auto read = parse_allowed_signers("first " + k + "\n" + one.first + "\nlast " + k + "\n");
    CHECK(read.signers.size() == 2);
    REQUIRE(read.odd.size() == 1);
    CHECK(read.odd[0].line == 2);
    CHECK_MESSAGE(test::contains(read.odd[0].why, one.second), read.odd[0].why);
  }
}

TEST_CASE("principals are patterns, and an exclusion wins") {
  CHECK(matches("alice", "alice"));
  CHECK_FALSE(matches("alice", "alic"));
  CHECK_FALSE(matches("alice", "Alice"));
  CHECK(matches("bob,alice", "alice"));
  CHECK(matches("*@example.com", "a@b@example.com"));
  CHECK(matches("a?ice", "alice"));
  CHECK_FALSE(matches("a?ice", "aice"));
  CHECK(matches("*", ""));
  CHECK(matches("a*b*c", "aXbYbZc"));
  CHECK_FALSE(matches("a*b*c", "aXbYbZ"));
  CHECK_FALSE(matches("*,!alice", "alice"));
  CHECK_FALSE(matches("!alice,*", "alice"));
  CHECK(matches("*,!alice", "bob"));
  CHECK_FALSE(matches("!alice", "bob"));
  CHECK_FALSE(matches("", "alice"));
}

TEST_CASE("a list of revoked keys that cannot be understood accepts nobody") {
  const SoftKey one, two;
  const RevokedKeys read = parse_revoked_keys("# lost\n" + one.line() + " laptop\n" + two.fingerprint() + "\n");
  CHECK(read.contain(one.blob()));
  CHECK(read.contain(two.blob()));
  CHECK_FALSE(read.contain(SoftKey().blob()));
  CHECK(test::contains(test::refusal([&] { return parse_revoked_keys(one.line() + "\nalice's old key\n"); }), "line 2 is neither a public key"));
  CHECK(test::contains(test::refusal([&] { return parse_revoked_keys(std::string("SSHKRL\n\0", 8)); }), "binary KRL"));
}
