#include "docker/requests.hpp"

#include <doctest/doctest.h>

#include "deploy/error.hpp"
#include "docker/container_body.hpp"
#include "refusal.hpp"
#include "support/hash.hpp"

using namespace deploy;
using namespace deploy::docker;
using std::chrono::milliseconds;

namespace {
const std::string kRequestedDigest = "sha256:" + std::string(64, 'a');

ImageReference image() { return ImageReference::parse("registry.test:5000/shop/web@" + kRequestedDigest); }

std::string line(const http::Request& request) { return request.method + " " + request.path; }

std::string header(const http::Request& request, const std::string& name) {
  const std::string* value = http::find_header(request.headers, name);
  return value == nullptr ? "" : *value;
}
}  // namespace

TEST_CASE("a container is created from exactly what was asked for") {
  ContainerRequest request{.name = "web", .image = image(), .spec = {}, .env = {}, .labels = {{"a", "1"}}};
  request.env.emplace_back("MODE", Secret("x=\"y\"\n"));
  request.spec.ports = {PortBinding::parse("127.0.0.1:8080:80"), PortBinding::parse("[::1]:8080:80"), PortBinding::parse("9000-9001:7000-7001/udp")};
  request.spec.volumes = {"/data:/data:ro"};
  request.spec.networks = {"front", "back"};
  request.spec.restart = "on-failure:3";
  request.spec.stop_timeout = milliseconds(1500);
  request.spec.memory = 268435456;
  request.spec.cpus = 1.5;
  request.spec.command = std::vector<std::string>{"serve", "--all"};
  request.spec.user = "1000:1000";
  request.spec.read_only = true;
  const http::Request r = requests::create(request);
  CHECK(line(r) == "POST /containers/create?name=web");
  CHECK(header(r, "Content-Type") == "application/json");
  CHECK(r.body ==
        R"({"Image":"registry.test:5000/shop/web@)" + kRequestedDigest + R"(","Cmd":["serve","--all"],"User":"1000:1000","Env":["MODE=x=\"y\"\n"],"Labels":{"a":"1"},)"
        R"("ExposedPorts":{"7000/udp":{},"7001/udp":{},"80/tcp":{}},"StopTimeout":2,"HostConfig":{"PortBindings":{)"
        R"("7000/udp":[{"HostIp":"","HostPort":"9000"}],"7001/udp":[{"HostIp":"","HostPort":"9001"}],)"
        R"("80/tcp":[{"HostIp":"127.0.0.1","HostPort":"8080"},{"HostIp":"::1","HostPort":"8080"}]},)"
        R"("Binds":["/data:/data:ro"],"NetworkMode":"front","RestartPolicy":{"Name":"on-failure","MaximumRetryCount":3},)"
        R"("Memory":268435456,"NanoCpus":1500000000,"ReadonlyRootfs":true}})");
}

TEST_CASE("what a container's specification leaves open is the Engine's default") {
  const http::Request r = requests::create({.name = "web", .image = image(), .spec = {}, .env = {}, .labels = {}});
  CHECK(r.body == R"({"Image":"registry.test:5000/shop/web@)" + kRequestedDigest +
                      R"(","Env":[],"Labels":{},"StopTimeout":10,"HostConfig":{"RestartPolicy":{"Name":"unless-stopped","MaximumRetryCount":0}}})");
}

TEST_CASE("each step on a container is one request") {
  CHECK(line(requests::start("abc")) == "POST /containers/abc/start");
  CHECK(line(requests::stop("abc", milliseconds(2500))) == "POST /containers/abc/stop?t=3");
  CHECK(line(requests::stop("abc", milliseconds(0))) == "POST /containers/abc/stop?t=0");
  CHECK(line(requests::rename("abc", "web.v1.0.37.ab")) == "POST /containers/abc/rename?name=web.v1.0.37.ab");
  CHECK(line(requests::remove("abc")) == "DELETE /containers/abc?force=1&v=1");
  CHECK(line(requests::inspect("web")) == "GET /containers/web/json");
  CHECK(line(requests::logs("abc", 50, false)) == "GET /containers/abc/logs?stdout=1&stderr=1&tail=50");
  CHECK(line(requests::logs("abc", -1, true)) == "GET /containers/abc/logs?stdout=1&stderr=1&tail=all&follow=1");
  CHECK(requests::set_restart_policy("abc", "always").body == R"({"RestartPolicy":{"Name":"always","MaximumRetryCount":0}})");
  CHECK(requests::connect_network("back", "abc").body == R"({"Container":"abc"})");
  CHECK(line(requests::connect_network("back", "abc")) == "POST /networks/back/connect");
}

TEST_CASE("the images of a repository are asked for by the name that the Engine knows it under") {
  CHECK(line(requests::list_images(ImageReference::parse("registry.test:5000/shop/web:1.0"))) == "GET /images/json?filters=%7B%22reference%22%3A%5B%22registry.test%3A5000%2Fshop%2Fweb%22%5D%7D");
  CHECK(line(requests::list_images(ImageReference::parse("flask"))) == "GET /images/json?filters=%7B%22reference%22%3A%5B%22flask%22%5D%7D");
  CHECK(line(requests::list_briefly()) == "GET /containers/json?all=1");
}

TEST_CASE("names cannot break out of their place in the path") {
  CHECK(line(requests::start("../x?a=b#c")) == "POST /containers/..%2Fx%3Fa%3Db%23c/start");
  CHECK(line(requests::inspect_image("a/b:1@x?y#z")) == "GET /images/a/b:1@x%3Fy%23z/json");
}

TEST_CASE("labels are asked for as the Engine's filter wants them") {
  CHECK(line(requests::list({{"a", "1"}, {"b", "x y"}})) == "GET /containers/json?all=1&filters=" + http::percent_encode(R"({"label":["a=1","b=x y"]})"));
}

TEST_CASE("a command in a container is created, then started attached") {
  CHECK(requests::create_exec("abc", {"/tool", "a b"}).body == R"({"AttachStdout":true,"AttachStderr":true,"Cmd":["/tool","a b"]})");
  CHECK(line(requests::start_exec("e1")) == "POST /exec/e1/start");
  CHECK(requests::start_exec("e1").body == R"({"Detach":false,"Tty":false})");
}

TEST_CASE("a pull is by digest even when a tag stands beside it") {
  const http::Request r = requests::pull(image(), "auth");
  CHECK(line(r) == "POST /images/create?fromImage=registry.test%3A5000%2Fshop%2Fweb&tag=" + http::percent_encode(kRequestedDigest));
  CHECK(header(r, "X-Registry-Auth") == "auth");
  const auto both = ImageReference::parse("registry.test:5000/shop/web:1@" + kRequestedDigest);
  CHECK(line(requests::pull(both, "auth")) == line(r));
}

TEST_CASE("a reference without tag and digest is refused: the Engine would pull every tag") {
  CHECK_THROWS_AS((void)requests::pull(ImageReference::parse("shop/web"), ""), Error);
}

TEST_CASE("credentials travel as the Engine reads them") {
  const auto decoded = [](const std::string& text) {
    std::string standard = text;
    for (char& c : standard) c = c == '-' ? '+' : c == '_' ? '/' : c;
    return base64_decode(standard);
  };
  CHECK(decoded(registry_auth(std::nullopt, "docker.io")) == "{}");
  CHECK(decoded(registry_auth(Credential{"u", Secret("p\"q"), Secret()}, "registry.test:5000")) ==
        R"({"username":"u","password":"p\"q","serveraddress":"registry.test:5000"})");
  CHECK(decoded(registry_auth(Credential{"", Secret(), Secret("tok")}, "docker.io")) == R"({"identitytoken":"tok","serveraddress":"https://index.docker.io/v1/"})");
  CHECK(decoded(registry_config({{"docker.io", Credential{"u", Secret("p"), Secret()}}})) ==
        R"({"https://index.docker.io/v1/":{"username":"u","password":"p","serveraddress":"https://index.docker.io/v1/"}})");
}

TEST_CASE("a build names its Dockerfile, target, arguments and labels, and always cleans up") {
  const BuildRequest request{.context = "/src", .dockerfile = "Dockerfile", .target = "prod", .build_args = {{"A", "1 2"}}, .labels = {{"l", "v"}}};
  const http::Request r = requests::build(request, "docker/Dockerfile", "config");
  CHECK(line(r) == "POST /build?version=1&rm=1&forcerm=1&dockerfile=docker%2FDockerfile&target=prod&buildargs=" + http::percent_encode(R"({"A":"1 2"})") +
                       "&labels=" + http::percent_encode(R"({"l":"v"})"));
  CHECK(header(r, "Content-Type") == "application/x-tar");
  CHECK(header(r, "X-Registry-Config") == "config");
}

TEST_CASE("tag and push name repository and tag apart") {
  const auto reference = ImageReference::parse("registry.test:5000/shop/web:1.0.37");
  CHECK(line(requests::tag_image("sha256:ab", reference)) == "POST /images/sha256:ab/tag?repo=registry.test%3A5000%2Fshop%2Fweb&tag=1.0.37");
  CHECK(line(requests::push(reference, "auth")) == "POST /images/registry.test:5000/shop/web/push?tag=1.0.37");
}

TEST_CASE("only restart policies that exist are sent") {
  for (const char* policy : {"sometimes", "always:3", "on-failure:", "on-failure:x", "on-failure:-1", "on-failure:1x"})
    CHECK(test::contains(test::refusal([&] { return restart_policy_body(policy).str(); }), "restart policy"));
}
