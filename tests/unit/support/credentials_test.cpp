#include "support/credentials.hpp"

#include <doctest/doctest.h>

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "deploy/error.hpp"
#include "refusal.hpp"
#include "support/docker_config.hpp"
#include "support/hash.hpp"

using namespace deploy;
namespace fs = std::filesystem;
using test::contains;

namespace {
const CallLimits kCredentialLimits{.timeout = std::chrono::seconds(10)};

// A folder with a config.json, on the PATH for as long as it lives, so that helpers in it are found.
struct DockerHome {
  explicit DockerHome(const std::string& config) : folder(fs::temp_directory_path() / ("libdeploy-login-" + random_hex(6))), old_path(std::getenv("PATH")) {
    fs::create_directories(folder);
    std::ofstream(folder / "config.json") << config;
    ::setenv("PATH", (folder.string() + ":" + old_path).c_str(), 1);
  }
  ~DockerHome() {
    ::setenv("PATH", old_path.c_str(), 1);
    fs::remove_all(folder);
  }
  void helper(const std::string& name, const std::string& script) const {
    const fs::path path = folder / ("docker-credential-" + name);
    std::ofstream(path) << "#!/bin/sh\n" << script << "\n";
    ::chmod(path.c_str(), 0755);
  }
  [[nodiscard]] std::optional<Credential> find(const std::string& registry) const { return CredentialStore(std::nullopt, (folder / "config.json").string()).find(registry, kCredentialLimits); }
  [[nodiscard]] std::string refusal(const std::string& registry) const {
    return test::refusal([&] { return find(registry); });
  }
  fs::path folder;
  std::string old_path;
};
}  // namespace

TEST_CASE("a login of the configuration wins, for its registry alone") {
  const DockerHome home(R"({"auths":{"a.test":{"username":"file","password":"f"},"b.test":{"username":"other","password":"o"}}})");
  const CredentialStore store(ConfiguredLogin{"a.test", Credential{"mine", Secret("m"), Secret()}}, (home.folder / "config.json").string());
  CHECK(store.find("a.test", kCredentialLimits)->username == "mine");
  CHECK(store.find("b.test", kCredentialLimits)->username == "other");
  CHECK_FALSE(store.find("c.test", kCredentialLimits).has_value());
}

TEST_CASE("no config.json is no login") {
  CHECK_FALSE(CredentialStore().find("a.test", kCredentialLimits).has_value());
  CHECK_FALSE(CredentialStore(std::nullopt, "/nonexistent/config.json").find("a.test", kCredentialLimits).has_value());
}

TEST_CASE("every form of a stored login is read") {
  const DockerHome home(R"({"auths":{"a.test":{"auth":")" + base64("user:pa:ss") + R"("},"https://b.test:5000/v2/":{"auth":")" + base64("u:p") +
                        R"("},"c.test":{"auth":")" + base64("u:") + R"(","identitytoken":"tok"},"d.test":{},"https://index.docker.io/v1/":{"auth":")" + base64("hub:pw") + R"("}}})");
  CHECK(home.find("a.test")->username == "user");
  CHECK(home.find("a.test")->password.reveal() == "pa:ss");
  CHECK(home.find("b.test:5000")->password.reveal() == "p");
  CHECK(home.find("c.test")->identity_token.reveal() == "tok");
  CHECK_FALSE(home.find("d.test").has_value());
  CHECK(home.find("docker.io")->username == "hub");
}

TEST_CASE("keys of config.json mean registries") {
  CHECK(registry_of_key("https://index.docker.io/v1/") == "docker.io");
  CHECK(registry_of_key("registry-1.docker.io") == "docker.io");
  CHECK(registry_of_key("http://localhost:5000/v2/") == "localhost:5000");
  CHECK(registry_of_key("ghcr.io") == "ghcr.io");
}

TEST_CASE("a helper is asked over its standard input, and a token is a token") {
  const DockerHome home(R"({"credsStore":"all","credHelpers":{"token.test":"special"},"auths":{"plain.test":{"username":"file","password":"p"}}})");
  home.helper("all", R"(read server; test "$1" = get || exit 9
case $server in
  https://index.docker.io/v1/) echo '{"ServerURL":"x","Username":"hub","Secret":"s1"}';;
  any.test:5000) echo '{"Username":"any","Secret":"s2"}';;
  *) echo 'credentials not found in native keychain'; exit 1;;
esac)");
  home.helper("special", R"(echo '{"Username":"<token>","Secret":"tok"}')");
  CHECK(home.find("docker.io")->username == "hub");
  CHECK(home.find("any.test:5000")->password.reveal() == "s2");
  CHECK(home.find("token.test")->identity_token.reveal() == "tok");
  CHECK(home.find("plain.test")->username == "file");
  CHECK_FALSE(home.find("unknown.test").has_value());
}

TEST_CASE("a helper that fails, is missing or has a strange name says so, with the registry and the file") {
  const DockerHome home(R"({"credHelpers":{"fails.test":"broken","none.test":"absent-helper","odd.test":"../../bin/sh","nonsense.test":"nonsense"}})");
  home.helper("broken", "echo 'the keychain is locked' ; exit 1");
  home.helper("nonsense", "echo 'not json'");
  CHECK(contains(home.refusal("fails.test"), "the keychain is locked"));
  CHECK(contains(home.refusal("fails.test"), (home.folder / "config.json").string()));
  CHECK(contains(home.refusal("none.test"), "docker-credential-absent-helper"));
  CHECK(contains(home.refusal("odd.test"), "no name of a credential helper"));
  CHECK(contains(home.refusal("nonsense.test"), "docker-credential-nonsense"));
}

TEST_CASE("a broken config.json is told, without what stands in it") {
  CHECK(contains(DockerHome(R"({"auths":)").refusal("a.test"), "config.json"));
  const std::string refusal = DockerHome(R"({"auths":{"a.test":{"auth":"c2VjcmV0"}}})").refusal("a.test");
  CHECK(contains(refusal, "docker login"));
  CHECK_FALSE(contains(refusal, "c2VjcmV0"));
  CHECK_FALSE(contains(refusal, "secret"));
}
