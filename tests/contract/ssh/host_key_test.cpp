#include "harness.hpp"

using namespace deploy;
using namespace deploy::ssh;
using namespace deploy::ssh::testing;

namespace {

Options with_known_hosts(const std::string& which) {
  Options options = good_options();
  options.known_hosts = service(which);
  return options;
}

}  // namespace

TEST_CASE_TEMPLATE("right keys are accepted, however they are recorded", Adapter, SSH_ADAPTERS) {
  for (const char* which : {"KNOWN_HOSTS", "KNOWN_HOSTS_HASHED", "KNOWN_HOSTS_ED25519", "KNOWN_HOSTS_ODD"}) {
    CAPTURE(which);
    Adapter adapter;
    const auto transport = adapter.open(target(), with_known_hosts(which));
    CHECK(transport->exec({"true"}, "", kQuick).exit_code == 0);
  }
}

TEST_CASE_TEMPLATE("an unknown host is refused with its fingerprint and the command that would record it", Adapter, SSH_ADAPTERS) {
  Adapter adapter;
  const auto transport = adapter.open(target(), with_known_hosts("KNOWN_HOSTS_EMPTY"));
  const Error error = error_of([&] { (void)transport->exec({"true"}, "", kQuick); });
  CHECK(error.code() == ErrorCode::host_key_unknown);
  CHECK(error.details().at("fingerprint").starts_with("SHA256:"));
  CHECK(contains(error.what(), error.details().at("fingerprint")));
  CHECK(contains(error.what(), "ssh-keyscan -p " + service("SSH_PORT") + " 127.0.0.1 >> " + service("KNOWN_HOSTS_EMPTY")));
}

TEST_CASE_TEMPLATE("a changed host key is refused with both fingerprints, the line and the command that forgets it", Adapter, SSH_ADAPTERS) {
  Adapter adapter;
  const auto transport = adapter.open(target(), with_known_hosts("KNOWN_HOSTS_WRONG"));
  const Error error = error_of([&] { (void)transport->exec({"true"}, "", kQuick); });
  CHECK(error.code() == ErrorCode::host_key_changed);
  CHECK(contains(error.what(), error.details().at("fingerprint")));
  CHECK(contains(error.what(), service("KNOWN_HOSTS_WRONG") + ":" + error.details().at("line")));
  CHECK(error.details().at("recorded").starts_with("SHA256:"));
  CHECK(error.details().at("recorded") != error.details().at("fingerprint"));
  CHECK(contains(error.what(), "ssh-keygen -R '[127.0.0.1]:" + service("SSH_PORT") + "' -f " + service("KNOWN_HOSTS_WRONG")));
}

TEST_CASE_TEMPLATE("a revoked host key is refused, and called that", Adapter, SSH_ADAPTERS) {
  Adapter adapter;
  const auto transport = adapter.open(target(), with_known_hosts("KNOWN_HOSTS_REVOKED"));
  const Error error = error_of([&] { (void)transport->exec({"true"}, "", kQuick); });
  CHECK(error.code() == ErrorCode::host_key_changed);
  CHECK(contains(error.what(), "revoked"));
}

TEST_CASE_TEMPLATE("a host with nothing but an RSA key is reached, or the other client is named", Adapter, SSH_ADAPTERS) {
  Adapter adapter;
  Target rsa_host = target();
  rsa_host.port = static_cast<std::uint16_t>(std::stoi(service("SSH_RSA_PORT")));
  const auto transport = adapter.open(rsa_host, good_options());
  if (Adapter::kUsesRsaHostKeys) {
    CHECK(transport->exec({"true"}, "", kQuick).exit_code == 0);
    return;
  }
  const Error error = error_of([&] { (void)transport->exec({"true"}, "", kQuick); });
  CHECK(error.code() == ErrorCode::unsupported);
  CHECK(contains(error.what(), "openssh"));
}
