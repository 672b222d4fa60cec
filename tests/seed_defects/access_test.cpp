// Keys, logins and what must not get out.
#include <filesystem>
#include <fstream>

#include "docker/engine.hpp"
#include "docker/lint.hpp"
#include "docker/requests.hpp"
#include "helpers.hpp"
#include "ledger/entry.hpp"
#include "scripted_server.hpp"
#include "ssh/openssh_command.hpp"
#include "support/hash.hpp"

using namespace deploy;
using namespace deploy::test;
namespace fs = std::filesystem;

namespace {
struct Context {
  Context() { fs::create_directories(folder); }
  ~Context() { fs::remove_all(folder); }
  void file(const std::string& path, const std::string& text) const {
    fs::create_directories((folder / path).parent_path());
    std::ofstream(folder / path) << text;
  }
  [[nodiscard]] std::vector<std::string> warnings() const {
    return docker::lint_context(docker::list_context({.context = folder.string(), .dockerfile = "Dockerfile", .target = "", .build_args = {}, .labels = {}}));
  }
  fs::path folder = fs::temp_directory_path() / ("libdeploy-seed-" + random_hex(6));
};

/// All that a run leaves behind: what is recorded, and what was told.
std::string traces(World& world) {
  std::string out;
  for (const LedgerEntry& entry : world.store.read(0, 10'000)) out += to_json_line(entry) + "\n";
  for (const Event& event : world.events()) {
    out += event.message + "\n";
    for (const auto& [name, value] : event.details) out += value + "\n";
  }
  return out;
}
}  // namespace

TEST_CASE("S14: a build context that carries .git, a private key or logins is warned about, until .dockerignore keeps them out") {
  const Context context;
  context.file("Dockerfile", "FROM scratch\nCOPY . .\n");
  context.file(".git/config", "[remote]\n  url = https://token@example.com/app\n");
  context.file("deploy_key", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n");
  context.file(".env", "DB_PASSWORD=x\n");
  for (const char* what : {".git would be sent", "deploy_key contains a private key", ".env holds environment variables"})
    CHECK_MESSAGE(mentions(context.warnings(), what), what);
  context.file(".dockerignore", ".git\n.env\n*_key\n");
  CHECK(context.warnings().empty());
}

TEST_CASE("S35: a host whose key is unknown, is another one or is revoked is refused") {
  const auto key = [](char fill) { return std::string("\0\0\0\x0bssh-ed25519\0\0\0\x20", 19) + std::string(32, fill); };
  const auto verdict = [&](const std::string& known_hosts) { return ssh::judge_host_key(ssh::parse_known_hosts(known_hosts), "192.0.2.10", 22, key('a')).verdict; };
  const std::string right = "192.0.2.10 ssh-ed25519 " + base64(key('a')) + "\n", other = "192.0.2.10 ssh-ed25519 " + base64(key('b')) + "\n";
  CHECK(verdict("") == ssh::HostKeyVerdict::unknown);
  CHECK(verdict(other) == ssh::HostKeyVerdict::changed);
  CHECK(verdict(right + "@revoked " + right) == ssh::HostKeyVerdict::revoked);
  CHECK(verdict(right) == ssh::HostKeyVerdict::known);
  CHECK(mentions(ssh::master_command({"deploy", "192.0.2.10", 22}, {}, {"/run/x"}, ""), "StrictHostKeyChecking=yes"));
}

TEST_CASE("S39: a passphrase stands in no command line, and a password in no path") {
  ssh::Options options;
  options.identity = "/home/deploy/.ssh/id_ed25519";
  options.passphrase = Secret("planted-passphrase");
  options.jump = ssh::Target{"deploy", "bastion", 22};
  const ssh::Target target{"deploy", "192.0.2.10", 22};
  CHECK_FALSE(mentions(ssh::master_command(target, options, {"/run/x"}, "/run/agent"), "planted-passphrase"));
  const ssh::StreamRequest dial{.kind = ssh::StreamRequest::Kind::exec, .command = "docker system dial-stdio", .host = "", .port = 0};
  CHECK_FALSE(mentions(ssh::stream_command(target, options, {"/run/x"}, dial, "/run/x/1.log"), "planted-passphrase"));
  const auto image = ImageReference::parse("registry.test/app@sha256:" + std::string(64, 'a'));
  const std::string auth = docker::registry_auth(Credential{"bot", Secret("planted-password"), {}}, "registry.test");
  CHECK(docker::requests::pull(image, auth).path.find("planted") == std::string::npos);
}

TEST_CASE("S39: a secret that the application prints as it dies stands in no ledger, event or result") {
  World world;
  ::setenv("PLANTED_VALUE", "planted-value", 1);
  world.config.environments.front().container.env["DB"] = SecretSource(SecretFromEnv{"PLANTED_VALUE"});
  AppBehaviour blabbing = AppBehaviour::unhealthy();
  blabbing.output = {"connecting with planted-value", "giving up"};
  blabbing.body = "cannot log in with planted-value";
  auto ci = world.deployer("ci");
  const Deployment failed = ci.promote(world.ship("1.0.1", blabbing), "staging");
  ::unsetenv("PLANTED_VALUE");
  REQUIRE(failed.outcome == Outcome::rolled_back);
  CHECK(failed.evidence.at(0).logs.find("connecting with [redacted]") != std::string::npos);
  CHECK(to_json(failed).find("planted-value") == std::string::npos);
  CHECK(traces(world).find("planted-value") == std::string::npos);
  CHECK(traces(world).find("cannot log in with [redacted]") != std::string::npos);
}

TEST_CASE("S42: a host needs no registry login: each pull carries its own, for its registry alone, and none is left there") {
  testing::ScriptedServer host([](const testing::SeenRequest& request) {
    const bool ping = request.head.find("/_ping") != std::string::npos;
    return ping ? "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 2\r\n\r\nOK" : testing::ok_answer("{\"Id\":\"sha256:a\"}");
  });
  const CredentialStore logins(ConfiguredLogin{"mine.test", Credential{"bot", Secret("pass"), {}}});
  const auto engine = docker::open_engine(http::Client(http::Endpoint::url(host.url())), "tcp://host", logins);
  const std::string digest = "@sha256:" + std::string(64, 'a');
  for (const char* name : {"mine.test/app", "other.test/app"}) engine->pull(ImageReference::parse(name + digest), {}, {});
  std::vector<std::string> pulls;
  for (const auto& request : host.seen()) {
    CHECK(request.head.find("/auth") == std::string::npos);  // nobody logs in there
    if (request.head.find("/images/create") != std::string::npos) pulls.push_back(request.head);
  }
  REQUIRE(pulls.size() == 2);
  CHECK(pulls[0].find("X-Registry-Auth: " + docker::registry_auth(Credential{"bot", Secret("pass"), {}}, "mine.test")) != std::string::npos);
  CHECK(pulls[1].find("X-Registry-Auth: " + docker::registry_auth(std::nullopt, "other.test")) != std::string::npos);
}
