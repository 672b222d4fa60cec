#include <doctest/doctest.h>
#include <pwd.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "fixture.hpp"
#include "refusal.hpp"

using namespace deploy;
using namespace std::chrono_literals;
namespace test = deploy::test;

namespace {
std::string home() { return getpwuid(getuid())->pw_dir; }

}  // namespace

TEST_CASE("a short configuration gets the documented defaults") {
  const Config config = test::parse(test::kGoodConfig);
  CHECK(config.application == "myapp");
  CHECK(config.state == "sqlite:/srv/app/.deploy/ledger.db");
  CHECK(config.directory == "/srv/app");
  CHECK(config.file.empty());
  CHECK(config.engine.url() == "unix:///var/run/docker.sock");
  CHECK(config.image.context == "/srv/app");
  CHECK(config.image.version == "1.0.{build}");
  CHECK(config.image.tags == std::vector<std::string>{"{version}", "build-{build}"});
  CHECK(config.image.floating_after == "production");
  CHECK_FALSE(config.git.has_value());
  CHECK(config.ssh.client == SshClient::libssh2);
  const Environment& staging = config.environment("staging");
  CHECK(staging.probe.interval == 1s);
  CHECK(staging.probe.timeout == 5s);
  CHECK(staging.probe.deadline == 60s);
  CHECK(staging.probe.success_threshold == 2);
  CHECK(staging.rollback == RollbackPolicy{});
  CHECK(staging.strategy == Strategy{});
  CHECK(staging.container.restart == "unless-stopped");
  CHECK_FALSE(staging.approval.has_value());
  CHECK(config.environment("production").after == "staging");
}

TEST_CASE("every key of the top level, the image and the access to hosts is read") {
  const Config config = test::parse(test::kFull);
  CHECK(config.state == "sqlite:/srv/app/var/ledger.db");
  CHECK(config.image.repository.str() == "registry.example.com:5000/team/shop");
  CHECK(config.image.context == "/srv/app/src");
  CHECK(config.image.dockerfile == "docker/Dockerfile");
  CHECK(config.image.target == "runtime");
  CHECK(config.image.build_args.at("PYTHON") == "3.12");
  CHECK(config.image.tags.at(1) == "b{build}-{commit}");
  CHECK(config.image.floating_tags == std::vector<std::string>{"latest", "stable"});
  CHECK(config.image.floating_after == "test");
  CHECK(config.engine.url() == "ssh://builder@build.example.com:2222");
  CHECK(config.registry.username == SecretSource(SecretFromEnv{"REG_USER"}));
  CHECK(config.registry.password == SecretSource(SecretFromCommand{{"pass", "show", "registry"}}));
  CHECK(config.registry.insecure);
  CHECK(config.git->tag == "v{version}");
  CHECK(config.git->push == "origin");
  CHECK(config.ssh.client == SshClient::openssh);
  CHECK(config.ssh.identity == home() + "/.ssh/id_ed25519");
  CHECK(config.ssh.passphrase == SecretSource(SecretFromFile{"/srv/app/secrets/pass"}));
  CHECK(config.ssh.known_hosts == "/srv/app/keys/known");
  CHECK(config.ssh.jump->name() == "bastion");
  CHECK(config.ssh.config == "/etc/ssh/deploy_config");
  CHECK(config.tls.key == "/srv/app/certs/key.pem");
}

TEST_CASE("every key of a container is read") {
  const ContainerSpec container = test::parse(test::kFull).environments.at(0).container;
  CHECK(container.ports.at(0).str() == "127.0.0.1:9000-9001:80-81");
  CHECK(container.env.at("MODE") == EnvValue("test"));
  CHECK(container.env.at("DB") == EnvValue(SecretSource(SecretFromEnv{"DB_URL"})));
  CHECK(container.volumes.size() == 2);
  CHECK(container.networks == std::vector<std::string>{"front", "back"});
  CHECK(container.restart == "on-failure:3");
  CHECK(container.stop_timeout == 60s);
  CHECK(container.labels.at("team") == "a");
  CHECK(container.memory == 256LL << 20);
  CHECK(container.cpus == 1.5);
  CHECK(container.command == std::vector<std::string>{"serve", ""});
  CHECK(container.user == "1000:1000");
  CHECK(container.read_only);
}

TEST_CASE("every key of a probe, of a strategy and of the gates is read") {
  const Environment environment = test::parse(test::kFull).environments.at(0);
  const auto& http = std::get<HttpCheck>(environment.probe.check);
  CHECK(http.path == "/health?x=1");
  CHECK(http.port == 9001);
  CHECK(http.status == std::vector<int>{200, 204});
  CHECK(http.body == "/^ok$/");
  CHECK(http.json == std::vector<JsonExpectation>{{"/status", "\"ok\""}, {"/n", "3"}});
  CHECK(http.headers.at("Host") == "shop.example.com");
  CHECK(http.tls);
  CHECK(http.ca == "/srv/app/certs/service.pem");
  CHECK(environment.probe.from == ProbeFrom::controller);
  CHECK(environment.probe.interval == 500ms);
  CHECK(environment.probe.start_period == 10s);
  CHECK(environment.probe.failure_threshold == 5);
  CHECK(environment.strategy == Strategy{StrategyType::blue_green, 2});
  CHECK(environment.rollback == RollbackPolicy{false, OnUnknown::rollback, 0ms, 0});
  CHECK(environment.approval == ApprovalPolicy{{"alice", "bob"}, 2, true, 2h, "/srv/app/signers", "/srv/app/revoked"});
  CHECK(environment.freeze.at(0).from_minute == 4 * 1440 + 960);
  CHECK(environment.freeze.at(0).timezone == "Europe/Berlin");
  CHECK(environment.allow_downgrade);
}

TEST_CASE("what a downstream environment asks of its upstream is read") {
  const Environment plain = test::parse(test::kGoodConfig).environments.at(1);
  CHECK(plain.max_age == 0ms);
  CHECK_FALSE(plain.stop_the_line);
  const Environment strict = test::parse(test::spoiled(R"("after": "staging",)", R"("after": "staging", "soak": "1h", "max_age": "72h", "stop_the_line": true,)")).environments.at(1);
  CHECK(strict.soak == 1h);
  CHECK(strict.max_age == 72h);
  CHECK(strict.stop_the_line);
}

TEST_CASE("the other checks are read too") {
  const auto check = [](std::string_view with) {
    return kind_of(test::parse(test::spoiled(R"("http": {"path": "/health", "port": 8081})", with)).environment("staging").probe);
  };
  CHECK(check(R"("tcp": {"port": 8081})") == "tcp");
  CHECK(check(R"("exec": {"command": ["test", "-e", "/ready"]})") == "exec");
  CHECK(check(R"("engine": {})") == "engine");
}

TEST_CASE("an unknown environment is named with the nearest known one") {
  const Config config = test::parse(test::kGoodConfig);
  CHECK(config.find_environment("nowhere") == nullptr);
  const std::string why = test::refusal([&] { return config.environment("producton"); });
  CHECK(test::contains(why, "there is no environment 'producton' (known: \"staging\", \"production\"); did you mean \"production\"?"));
}

TEST_CASE("a file is read with its paths relative to where it stands") {
  const auto folder = std::filesystem::temp_directory_path() / ("libdeploy-config-" + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  const std::string path = folder / "deploy.json";
  std::ofstream(path) << "\xef\xbb\xbf" << test::kGoodConfig;
  const Config config = Config::load(path);
  CHECK(config.file == path);
  CHECK(config.image.context == folder.string());

  std::ofstream(path) << test::spoiled("\"probe\"", "\"prob\"");
  const std::string why = test::refusal([&] { return Config::load(path); });
  CHECK_MESSAGE(test::contains(why, path + ":9:7: /environments/0/prob: unknown key \"prob\""), why);
  std::filesystem::remove_all(folder);

  CHECK(test::contains(test::refusal([&] { return Config::load(path); }), "cannot read the configuration " + path + ": No such file or directory; deployctl init writes one"));
  CHECK(test::contains(test::refusal([] { return Config::load("/"); }), "Is a directory"));
}
