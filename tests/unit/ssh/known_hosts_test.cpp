#include <doctest/doctest.h>

#include "ssh/known_hosts.hpp"
#include "support/wire.hpp"
#include "support/hash.hpp"

using namespace deploy;
using namespace deploy::ssh;

namespace {

std::string blob(const std::string& type, const std::string& content) { return wire_string(type) + wire_string(content); }

const std::string kEd = blob("ssh-ed25519", "one");
const std::string kOtherEd = blob("ssh-ed25519", "two");
const std::string kRsa = blob("ssh-rsa", "three");

std::string line(const std::string& hosts, const std::string& key) { return hosts + " " + key_type(key) + " " + base64(key) + "\n"; }

HostKeyVerdict verdict(const std::string& text, const std::string& key, std::uint16_t port = 22, const std::string& host = "web.example") {
  return judge_host_key(parse_known_hosts(text), host, port, key).verdict;
}

}  // namespace

TEST_CASE("known_hosts: a recorded key is known, another is changed, none is unknown") {
  const std::string text = line("web.example", kEd);
  CHECK(verdict(text, kEd) == HostKeyVerdict::known);
  CHECK(verdict(text, kOtherEd) == HostKeyVerdict::changed);
  CHECK(verdict(text, kEd, 22, "other.example") == HostKeyVerdict::unknown);
  CHECK(verdict("", kEd) == HostKeyVerdict::unknown);
}

TEST_CASE("known_hosts: several key types of one host stand side by side") {
  const std::string text = line("web.example", kRsa) + line("web.example", kEd);
  CHECK(verdict(text, kEd) == HostKeyVerdict::known);
  CHECK(verdict(text, kRsa) == HostKeyVerdict::known);
  CHECK(recorded_types(parse_known_hosts(text), "web.example", 22) == std::vector<std::string>{"ssh-rsa", "ssh-ed25519"});
}

TEST_CASE("known_hosts: a changed key is told with the line of the same type, and its fingerprint") {
  const std::string text = "# comment\n" + line("web.example", kRsa) + line("web.example", kEd);
  const HostKeyFinding finding = judge_host_key(parse_known_hosts(text), "web.example", 22, kOtherEd);
  CHECK(finding.line == 3);
  CHECK(finding.recorded == fingerprint(kEd));
}

TEST_CASE("known_hosts: another port is another host, but a right key recorded without the port is right") {
  const std::string text = line("[web.example]:2222", kEd);
  CHECK(verdict(text, kEd, 2222) == HostKeyVerdict::known);
  CHECK(verdict(text, kEd, 22) == HostKeyVerdict::unknown);
  CHECK(verdict(line("web.example", kEd), kEd, 2222) == HostKeyVerdict::known);
  CHECK(verdict(line("web.example", kOtherEd), kEd, 2222) == HostKeyVerdict::unknown);
}

TEST_CASE("known_hosts: names are compared without case, by patterns, and a negation wins") {
  CHECK(verdict(line("WEB.Example", kEd), kEd) == HostKeyVerdict::known);
  CHECK(verdict(line("a,*.example,b", kEd), kEd) == HostKeyVerdict::known);
  CHECK(verdict(line("w?b.example", kEd), kEd) == HostKeyVerdict::known);
  CHECK(verdict(line("*.example,!web.example", kEd), kEd) == HostKeyVerdict::unknown);
  CHECK(verdict(line("*a*a*a*a*a*a*a*a*b", kEd), kEd, 22, std::string(4000, 'a')) == HostKeyVerdict::unknown);
}

TEST_CASE("known_hosts: a hashed name is found") {
  // printf web.example | openssl dgst -sha1 -hmac 01234567890123456789 -binary | base64
  CHECK(!names_host("|1|", "web.example", 2222));
  CHECK(!names_host("|1|||", "web.example", 2222));
  CHECK(names_host("|1|MDEyMzQ1Njc4OTAxMjM0NTY3ODk=|PmZAZfViWdaMje+H5/cx407xuGU=", "web.example", 22));
  CHECK(names_host("|1|MDEyMzQ1Njc4OTAxMjM0NTY3ODk=|Fj+66/dRY8Mzj2qCckcxIwJ3YXE=", "WEB.example", 2222));
  CHECK(!names_host("|1|MDEyMzQ1Njc4OTAxMjM0NTY3ODk=|PmZAZfViWdaMje+H5/cx407xuGU=", "web.example", 2222));
}

TEST_CASE("known_hosts: a revoked key is revoked, wherever else it stands, and another key of the host is not") {
  const std::string text = line("web.example", kEd) + "@revoked " + line("*", kEd) + line("web.example", kRsa);
  CHECK(verdict(text, kEd) == HostKeyVerdict::revoked);
  CHECK(verdict(text, kRsa) == HostKeyVerdict::known);
  CHECK(recorded_types(parse_known_hosts("@revoked " + line("*", kEd)), "web.example", 22).empty());
}

TEST_CASE("known_hosts: an authority's line makes no plain key known, and is reported") {
  const std::string text = "@cert-authority " + line("*.example", kEd);
  const HostKeyFinding finding = judge_host_key(parse_known_hosts(text), "web.example", 22, kEd);
  CHECK(finding.verdict == HostKeyVerdict::unknown);
  CHECK(finding.only_authorities);
}

TEST_CASE("known_hosts: odd lines spoil nothing") {
  const std::string odd = "\n   \n# comment\nweb.example\nweb.example ssh-ed25519\nweb.example ssh-ed25519 !!!!\nweb.example ssh-rsa " + base64(kEd) +
                          "\n@unknown web.example ssh-ed25519 " + base64(kOtherEd) + "\n@revoked\nweb.example 1024 35 1234567\r\n" + std::string(5000, 'x') + "\n";
  CHECK(parse_known_hosts(odd).empty());
  CHECK(verdict(odd + line("  web.example", kEd) + odd, kEd) == HostKeyVerdict::known);
  CHECK(verdict("web.example ssh-ed25519 " + base64(kEd) + " a comment\r\n", kEd) == HostKeyVerdict::known);
  CHECK(verdict("web.example\tssh-ed25519\t" + base64(kEd), kEd) == HostKeyVerdict::known);
}
