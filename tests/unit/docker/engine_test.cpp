// The adapter against a scripted Engine: what a real one does rarely.
#include "docker/engine.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "deploy/error.hpp"
#include "docker/builder.hpp"
#include "refusal.hpp"
#include "scripted_server.hpp"

using namespace deploy;
using test::contains;
using testing::ScriptedServer;
using testing::SeenRequest;

namespace {
const CallLimits kLimits{.timeout = std::chrono::seconds(5)};
const std::string kDigest = "sha256:" + std::string(64, 'a');
const ImageReference kImage = ImageReference::parse("registry.test/web@" + kDigest);

std::string answer(const std::string& status, const std::string& headers, const std::string& body) {
  return "HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

struct Scripted {
  explicit Scripted(std::string ping_headers, std::function<std::string(const std::string&)> answer_to)
      : server([ping = std::move(ping_headers), answer_to = std::move(answer_to)](const SeenRequest& request) {
          const std::string line = request.head.substr(0, request.head.find(" HTTP/"));
          return line == "GET /_ping" ? answer("200 OK", ping, "OK") : answer_to(line);
        }),
        engine(docker::open_engine(http::Client(http::Endpoint::url(server.url())), "tcp://scripted", CredentialStore())) {}

  std::vector<std::string> lines() {
    std::vector<std::string> out;
    for (const SeenRequest& request : server.seen()) out.push_back(request.head.substr(0, request.head.find(" HTTP/")));
    return out;
  }

  ScriptedServer server;
  std::unique_ptr<Engine> engine;
};

const std::string kDocker = "Api-Version: 1.41\r\n";
const std::string kPodman = "Api-Version: 1.41\r\nLibpod-Api-Version: 4.3.1\r\n";
}  // namespace

TEST_CASE("the API version is asked once, without one, and used from then on") {
  Scripted newest("Api-Version: 1.99\r\n", [](const std::string&) { return answer("404 Not Found", "", R"({"message":"none"})"); });
  (void)newest.engine->inspect("a", kLimits);
  (void)newest.engine->inspect("b", kLimits);
  CHECK(newest.lines() == std::vector<std::string>{"GET /_ping", "GET /v1.47/containers/a/json", "GET /v1.47/containers/b/json"});
}

TEST_CASE("an Engine that is too old, and what is no Engine, are told apart") {
  Scripted old("Api-Version: 1.18\r\n", [](const std::string&) { return answer("200 OK", "", ""); });
  Scripted none("", [](const std::string&) { return answer("200 OK", "", ""); });
  CHECK(contains(test::refusal([&] { return old.engine->inspect("a", kLimits); }), "1.24 (Engine 1.12) is the oldest"));
  CHECK(contains(test::refusal([&] { return none.engine->inspect("a", kLimits); }), "no Engine API version"));
}

TEST_CASE("podman is recognised, and its errors inside a 200 are errors") {
  Scripted podman(kPodman, [](const std::string& line) {
    if (line.starts_with("GET /v1.41/version")) return answer("200 OK", "", R"({"Version":"4.3.1","ApiVersion":"1.41","Os":"linux","Arch":"amd64"})");
    return answer("200 OK", "", "{\"status\":\"Pulling\"}\n{\"errorDetail\":{\"message\":\"manifest unknown\"},\"error\":\"manifest unknown\"}\n");
  });
  CHECK(podman.engine->info(kLimits).podman);
  try {
    podman.engine->pull(kImage, nullptr, kLimits);
    FAIL("it was pulled");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::not_found);
    CHECK(error.details().at("registry") == "registry.test");
  }
}

TEST_CASE("podman's taken name is taken") {
  Scripted podman(kPodman, [](const std::string&) {
    return answer("500 Internal Server Error", "", R"({"cause":"that name is already in use","message":"creating container storage: the container name \"web\" is already in use by x: that name is already in use","response":500})");
  });
  try {
    (void)podman.engine->create({.name = "web", .image = kImage, .spec = {}, .env = {}, .labels = {}}, kLimits);
    FAIL("it was created");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::already_exists);
  }
}

TEST_CASE("a container that cannot be joined to all of its networks is removed again") {
  Scripted engine(kDocker, [](const std::string& line) {
    if (line.ends_with("/connect")) return answer("403 Forbidden", "", R"({"message":"no free address"})");
    if (line.starts_with("POST")) return answer("201 Created", "", R"({"Id":"new"})");
    return answer("200 OK", "", "{}");
  });
  ContainerRequest request{.name = "web", .image = kImage, .spec = {}, .env = {}, .labels = {}};
  request.spec.networks = {"front", "back"};
  const std::string message = test::refusal([&] { return engine.engine->create(request, kLimits); });
  CHECK(contains(message, "connect container web to network back"));
  CHECK(contains(message, "no free address"));
  CHECK(contains(message, "The container was removed again."));
  CHECK(engine.lines().back() == "DELETE /v1.41/containers/new?force=1&v=1");
}

TEST_CASE("a pull that ends well without the image being there is not believed") {
  Scripted engine(kDocker, [](const std::string& line) {
    if (line.starts_with("POST")) return answer("200 OK", "", "{\"status\":\"Pull complete\"}\n");
    return answer("404 Not Found", "", R"({"message":"No such image"})");
  });
  CHECK(contains(test::refusal([&] { return engine.engine->pull(kImage, nullptr, kLimits), 0; }), "does not have it now"));
}

TEST_CASE("a pull stream that breaks off is an error") {
  Scripted engine(kDocker, [](const std::string&) { return answer("200 OK", "", "{\"status\":\"Pulling\"}\n{\"status\":"); });
  CHECK(contains(test::refusal([&] { return engine.engine->pull(kImage, nullptr, kLimits), 0; }), "ends within a message"));
}

TEST_CASE("an anonymous pull says so with an empty login") {
  Scripted engine(kDocker, [](const std::string& line) {
    return line.starts_with("POST") ? answer("200 OK", "", "") : answer("200 OK", "", R"({"Id":"sha256:x"})");
  });
  engine.engine->pull(kImage, nullptr, kLimits);
  CHECK(contains(engine.server.seen()[1].head, "X-Registry-Auth: e30="));
}

TEST_CASE("a start that gets no answer is a timeout that says what is not known") {
  Scripted engine(kDocker, [](const std::string&) { return std::string("hang"); });
  try {
    engine.engine->start("web", {.timeout = std::chrono::milliseconds(300)});
    FAIL("it was answered");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::timeout);
    CHECK(error.details().at("host") == "tcp://scripted");
    CHECK(contains(error.what(), "it may be running: inspect it"));
  }
}

TEST_CASE("a removal that somebody else has under way is waited for") {
  int looks = 0;
  Scripted engine(kDocker, [&](const std::string& line) {
    if (line.starts_with("DELETE")) return answer("409 Conflict", "", R"({"message":"removal of container web is already in progress"})");
    return ++looks < 3 ? answer("200 OK", "", R"({"Id":"x","State":{"Status":"removing"},"Config":{},"HostConfig":{}})") : answer("404 Not Found", "", "{}");
  });
  CHECK_NOTHROW(engine.engine->remove("web", kLimits));
  CHECK(looks == 3);
}

TEST_CASE("a terminal's log is read as it is") {
  Scripted engine(kDocker, [](const std::string& line) {
    if (contains(line, "/logs")) return answer("200 OK", "", "plain\r\ntext");
    return answer("200 OK", "", R"({"Id":"x","Config":{"Tty":true}})");
  });
  CHECK(engine.engine->logs("web", 10, kLimits) == "plain\r\ntext");
}

TEST_CASE("an answer that makes no sense is a protocol error that names the host") {
  Scripted engine(kDocker, [](const std::string&) { return answer("200 OK", "", "<html>"); });
  try {
    (void)engine.engine->list({}, kLimits);
    FAIL("it made sense");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::protocol);
    CHECK(error.details().at("host") == "tcp://scripted");
    CHECK(contains(error.what(), "list the containers"));
  }
}

TEST_CASE("a container that vanishes while the list is read was not there") {
  Scripted engine(kDocker, [](const std::string& line) {
    if (contains(line, "/containers/json")) return answer("200 OK", "", R"([{"Id":"gone"}])");
    return answer("404 Not Found", "", R"({"message":"No such container"})");
  });
  CHECK(engine.engine->list({}, kLimits).empty());
}

TEST_CASE("a push without a digest at its end is not believed") {
  ScriptedServer server([](const SeenRequest& request) {
    return request.head.starts_with("GET /_ping") ? answer("200 OK", kDocker, "OK") : answer("200 OK", "", "{\"status\":\"Pushed\"}\n");
  });
  const auto builder = docker::open_builder(http::Client(http::Endpoint::url(server.url())), "tcp://scripted", CredentialStore());
  CHECK(contains(test::refusal([&] { return builder->push(ImageReference::parse("registry.test/web:1"), nullptr, kLimits); }), "without naming the manifest's digest"));
}

TEST_CASE("a push whose tag names another image afterwards is a conflict") {
  ScriptedServer server([](const SeenRequest& request) {
    if (request.head.starts_with("GET /_ping")) return answer("200 OK", kDocker, "OK");
    if (request.head.starts_with("GET")) return answer("200 OK", "", R"({"Id":"sha256:x","RepoDigests":["registry.test/web@sha256:other"]})");
    return answer("200 OK", "", R"({"aux":{"Tag":"1","Digest":")" + kDigest + R"(","Size":5}})");
  });
  const auto builder = docker::open_builder(http::Client(http::Endpoint::url(server.url())), "tcp://scripted", CredentialStore());
  CHECK(contains(test::refusal([&] { return builder->push(ImageReference::parse("registry.test/web:1"), nullptr, kLimits); }), "names another image by now"));
}
