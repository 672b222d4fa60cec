#include <doctest/doctest.h>

#include "fake_hub.hpp"
#include "refusal.hpp"
#include "registry/token_service.hpp"

using namespace deploy;
using namespace std::chrono_literals;
using deploy::test::contains;
using deploy::test::refusal;
using deploy::testing::FakeHub;
using deploy::testing::has;
using deploy::testing::ok_answer;
using deploy::testing::ScriptedServer;
using deploy::testing::SeenRequest;
using deploy::testing::status_answer;

namespace {
const CallLimits kLoginSoon{10s, {}};
constexpr const char* kPassword = "s3cret-pass";

CredentialStore login(const std::string& host) { return CredentialStore(ConfiguredLogin{host, {"alice", Secret(kPassword), {}}}); }

/// A registry behind a token service: tokens are "token-1", "token-2" ..., and only the newest is good.
struct TokenHub {
  std::string lifetime = "300";
  int given = 0;
  bool refuse_everything = false;
  std::string realm_override;
  ScriptedServer service{[this](const SeenRequest&) {
    return ok_answer("{\"token\":\"token-" + std::to_string(++given) + "\",\"expires_in\":" + lifetime + "}");
  }};
  FakeHub hub{[this](const SeenRequest& request) {
    if (!refuse_everything && given > 0 && has(request, "Authorization: Bearer token-" + std::to_string(given))) return std::string();
    const std::string realm = realm_override.empty() ? service.url() + "/token" : realm_override;
    const bool write = request.head.starts_with("PUT");
    return status_answer("401 Unauthorized", "WWW-Authenticate: Bearer realm=\"" + realm + "\",service=\"hub.test\",scope=\"repository:team/app:pull" +
                                                 std::string(write ? ",push" : "") + "\"" + (given > 0 ? ",error=\"insufficient_scope\"" : "") + "\r\n");
  }};
};
}  // namespace

TEST_CASE("a registry with basic authentication is asked with the login, once it asks for one") {
  FakeHub hub([](const SeenRequest& request) {
    return has(request, "Authorization: Basic " + base64(std::string("alice:") + kPassword)) ? std::string()
                                                                               : status_answer("401 Unauthorized", "WWW-Authenticate: Basic realm=\"r\"\r\n");
  });
  const Digest digest = hub.add("{}", "1");
  const CredentialStore store = login(hub.host());
  const auto registry = open_registry({.insecure = false, .credentials = &store});
  CHECK(registry->find(hub.image(":1"), kLoginSoon)->digest == digest);
  CHECK(registry->find(hub.image(":1"), kLoginSoon)->digest == digest);
  CHECK(hub.count("GET") == 3);
}

TEST_CASE("without a login the error says where to give one; a wrong one is not tried for ever") {
  FakeHub hub([](const SeenRequest&) { return status_answer("401 Unauthorized", "WWW-Authenticate: Basic realm=\"r\"\r\n"); });
  const auto text = refusal([&] { return open_registry({})->find(hub.image(":1"), kLoginSoon); });
  CHECK(contains(text, "registry.username"));
  CHECK(contains(text, "docker login " + hub.host()));

  const CredentialStore store = login(hub.host());
  const auto refused = refusal([&] { return open_registry({.insecure = false, .credentials = &store})->find(hub.image(":1"), kLoginSoon); });
  CHECK(contains(refused, "does not let it read"));
  CHECK_FALSE(contains(refused, kPassword));
  CHECK(hub.count("GET") == 3);
}

TEST_CASE("a token is fetched once for reading and once for writing, and used until it expires") {
  TokenHub world;
  const Digest digest = world.hub.add("{}", "1");
  const CredentialStore store = login(world.hub.host());
  const auto registry = open_registry({.insecure = false, .credentials = &store});
  for (int i = 0; i < 3; ++i) CHECK(registry->find(world.hub.image(":1"), kLoginSoon)->digest == digest);
  const auto asked = world.service.seen();
  REQUIRE(asked.size() == 1);
  registry->tag(world.hub.image("@" + digest.str()), "2", TagMove::allow, kLoginSoon);
  CHECK(world.given == 2);
  CHECK(has(world.service.seen()[1], "scope=repository%3Ateam%2Fapp%3Apull%2Cpush"));
  CHECK(has(asked[0], "GET /token?service=hub.test&scope=repository%3Ateam%2Fapp%3Apull HTTP"));
  CHECK(has(asked[0], "Authorization: Basic " + base64(std::string("alice:") + kPassword)));
}

TEST_CASE("an expired token is renewed") {
  TokenHub world;
  world.lifetime = "1";
  world.hub.add("{}", "1");
  const auto registry = open_registry({});
  (void)registry->find(world.hub.image(":1"), kLoginSoon);
  std::this_thread::sleep_for(800ms);
  (void)registry->find(world.hub.image(":1"), kLoginSoon);
  CHECK(world.given == 2);
}

TEST_CASE("a token that does not suffice is an error that says so, after one more try") {
  TokenHub world;
  world.refuse_everything = true;
  const auto text = refusal([&] { return open_registry({})->find(world.hub.image(":1"), kLoginSoon); });
  CHECK(contains(text, "does not let it read this repository"));
  CHECK(world.given == 1);
  CHECK(world.hub.count("GET") == 2);
}

TEST_CASE("a login is not sent to a token service in the clear on another machine") {
  TokenHub world;
  world.realm_override = "http://tokens.example.com/token";
  const CredentialStore store = login(world.hub.host());
  const auto text = refusal([&] { return open_registry({.insecure = false, .credentials = &store})->find(world.hub.image(":1"), kLoginSoon); });
  CHECK(contains(text, "no login was sent there"));
}

TEST_CASE("a login does not follow a redirect to another host") {
  ScriptedServer elsewhere([](const SeenRequest&) { return status_answer("404 Not Found"); });
  FakeHub hub([&](const SeenRequest& request) {
    if (!has(request, "Authorization: ")) return status_answer("401 Unauthorized", "WWW-Authenticate: Basic realm=\"r\"\r\n");
    return status_answer("307 Temporary Redirect", "Location: http://localhost:" + std::to_string(elsewhere.port()) + "/x\r\n");
  });
  const CredentialStore store = login(hub.host());
  CHECK_FALSE(open_registry({.insecure = false, .credentials = &store})->find(hub.image(":1"), kLoginSoon));
  REQUIRE(elsewhere.seen().size() == 1);
  CHECK_FALSE(has(elsewhere.seen()[0], "Authorization"));
}

TEST_CASE("an identity token is exchanged by POST, and never stands in a URL") {
  const registry::TokenQuestion question{"https://auth.example.com/oauth/token", "hub", "repository:a/b:pull", "hub.example.com", true};
  const http::Request request = registry::token_request(question, Credential{"<token>", {}, Secret("id/tok+en")});
  CHECK(request.method == "POST");
  CHECK(request.path == "/oauth/token");
  CHECK(contains(request.body, "grant_type=refresh_token"));
  CHECK(contains(request.body, "refresh_token=id%2Ftok%2Ben"));
  CHECK(http::find_header(request.headers, "Authorization") == nullptr);
}

TEST_CASE("several scopes are several parameters, and a realm keeps its own query") {
  const registry::TokenQuestion question{"https://a.example/t?x=1", "s", "repository:a:pull  repository:b:pull", "r", true};
  CHECK(registry::token_request(question, std::nullopt).path == "/t?x=1&service=s&scope=repository%3Aa%3Apull&scope=repository%3Ab%3Apull");
}

TEST_CASE("a token service that refuses the login is named, without the password") {
  ScriptedServer service([](const SeenRequest&) { return status_answer("401 Unauthorized", "Content-Type: application/json\r\n", "{\"details\":\"incorrect username or password\"}"); });
  FakeHub hub([&](const SeenRequest&) { return status_answer("401 Unauthorized", "WWW-Authenticate: Bearer realm=\"" + service.url() + "\",service=\"s\"\r\n"); });
  const CredentialStore store = login(hub.host());
  const auto text = refusal([&] { return open_registry({.insecure = false, .credentials = &store})->find(hub.image(":1"), kLoginSoon); });
  CHECK(contains(text, "refused the login of alice with 401 incorrect username or password"));
  CHECK_FALSE(contains(text, kPassword));
}
