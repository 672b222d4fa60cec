#include "docker/responses.hpp"

#include <doctest/doctest.h>

#include "deploy/error.hpp"
#include "refusal.hpp"

using namespace deploy;
using namespace deploy::docker;

namespace {
// As Engine 20.10 describes a container that the kernel killed, shortened to what is read and a little more.
const char* const kKilled = R"({"Id":"abc","Created":"2026-11-22T22:00:00Z","Name":"/web","RestartCount":2,"Image":"sha256:img",
 "State":{"Status":"exited","Running":false,"OOMKilled":true,"ExitCode":137,"Error":"","StartedAt":"2026-11-22T22:00:01.123456789Z",
          "FinishedAt":"2026-11-22T22:00:02.5Z","Health":{"Status":"unhealthy","FailingStreak":3,"Log":[{"Output":"old"},{"Output":"refused"}]}},
 "HostConfig":{"RestartPolicy":{"Name":"on-failure","MaximumRetryCount":5},
   "PortBindings":{"80/tcp":[{"HostIp":"127.0.0.1","HostPort":"8080"}],"53/udp":[{"HostIp":"0.0.0.0","HostPort":"53"}],"1/tcp":null}},
 "Config":{"Image":"r/web@sha256:x","Labels":{"a":"1"},"Env":["A=b"],"Tty":false},
 "NetworkSettings":{"Ports":{}}})";

std::string with_status(const std::string& status) {
  return R"({"Id":"x","State":{"Status":")" + status + R"(","StartedAt":"0001-01-01T00:00:00Z"},"Config":{},"HostConfig":{}})";
}
}  // namespace

TEST_CASE("a container's description is read in full") {
  const ContainerInfo info = responses::container(kKilled);
  CHECK(info.id == "abc");
  CHECK(info.name == "web");
  CHECK(info.image == "r/web@sha256:x");
  CHECK(info.image_id == "sha256:img");
  CHECK(info.status == ContainerStatus::exited);
  CHECK(info.exit_code == 137);
  CHECK(info.oom_killed);
  CHECK(info.restart_count == 2);
  CHECK(info.health == EngineHealth::unhealthy);
  CHECK(info.health_log == "refused");
  CHECK(to_rfc3339(*info.started) == "2026-11-22T22:00:01.123Z");
  CHECK(to_rfc3339(*info.finished) == "2026-11-22T22:00:02.500Z");
  CHECK(info.restart_policy == "on-failure:5");
  CHECK(info.labels.at("a") == "1");
  CHECK(info.env == std::vector<std::string>{"A=b"});
  REQUIRE(info.ports.size() == 2);
  CHECK(info.ports[0].str() == "127.0.0.1:8080:80");
  CHECK(info.ports[1].str() == "53:53/udp");
}

TEST_CASE("a container that never started has no times") {
  const ContainerInfo info = responses::container(with_status("created"));
  CHECK_FALSE(info.started.has_value());
  CHECK_FALSE(info.finished.has_value());
  CHECK(info.restart_policy == "no");
}

TEST_CASE("ports that the Engine chose are read from the network settings") {
  const ContainerInfo info = responses::container(
      R"({"Id":"x","State":{"Status":"running"},"Config":{},"HostConfig":{"PortBindings":{"80/tcp":[{"HostIp":"","HostPort":""}]}},
          "NetworkSettings":{"Ports":{"80/tcp":[{"HostIp":"0.0.0.0","HostPort":"49153"}]}}})");
  REQUIRE(info.ports.size() == 1);
  CHECK(info.ports[0].host_first == 49153);
}

TEST_CASE("podman's states are read as Docker's nearest") {
  CHECK(responses::container(with_status("configured")).status == ContainerStatus::created);
  CHECK(responses::container(with_status("initialized")).status == ContainerStatus::created);
  CHECK(responses::container(with_status("stopped")).status == ContainerStatus::exited);
  CHECK(responses::container(with_status("stopping")).status == ContainerStatus::running);
  CHECK_THROWS_AS((void)responses::container(with_status("confused")), Error);
}

TEST_CASE("an image's description is read, whether or not it was ever pushed") {
  const ImageInfo info = responses::image(R"({"Id":"sha256:i","RepoTags":["a:1"],"RepoDigests":["a@sha256:d"],"Size":5,"Config":{"Labels":{"l":"v"}}})");
  CHECK(info.id == "sha256:i");
  CHECK(info.repo_digests == std::vector<std::string>{"a@sha256:d"});
  CHECK(info.labels.at("l") == "v");
  CHECK(info.size == 5);
  CHECK(responses::image(R"({"Id":"sha256:i","RepoDigests":null,"Config":null})").repo_digests.empty());
}

TEST_CASE("lists of images and of what uses them are read as Docker and podman write them") {
  const std::string hex(64, 'b');
  const auto images = responses::images(R"([{"Id":"sha256:)" + hex + R"(","RepoTags":["a/b:1"],"RepoDigests":["a/b@sha256:)" + hex + R"("],"Size":5},{"Id":")" + hex + R"(","RepoTags":null}])");
  REQUIRE(images.size() == 2);
  CHECK(images[0].repo_tags == std::vector<std::string>{"a/b:1"});
  CHECK(images[0].size == 5);
  CHECK(images[0].containers == -1);
  CHECK(images[1].id == images[0].id);
  CHECK(images[1].repo_tags.empty());
  const auto uses = responses::image_uses(R"([{"Id":"1","ImageID":"sha256:)" + hex + R"("},{"Id":"2","ImageID":")" + hex + R"("}])");
  CHECK(uses.at("sha256:" + hex) == 2);
  CHECK(test::contains(test::refusal([] { return responses::images("{}"); }), "no JSON array"));
  CHECK(test::contains(test::refusal([] { return responses::image_uses(R"([{"Id":"1"}])"); }), "has no ImageID"));
}

TEST_CASE("a command has no exit code while it runs") {
  CHECK_FALSE(responses::exec_exit_code(R"({"Running":true,"ExitCode":null})").has_value());
  CHECK_FALSE(responses::exec_exit_code(R"({"Running":true,"ExitCode":0})").has_value());
  CHECK(responses::exec_exit_code(R"({"Running":false,"ExitCode":3})") == 3);
}

TEST_CASE("error answers are read as Docker, podman and old Engines write them") {
  CHECK(responses::error_message(R"({"message":"No such container: x"})") == "No such container: x");
  CHECK(responses::error_message(R"({"cause":"name in use","response":500})") == "name in use");
  CHECK(responses::error_message("client version 1.10 is too old.\n") == "client version 1.10 is too old.");
  CHECK(responses::error_message("") == "no message");
}

TEST_CASE("messages cannot carry control characters, broken UTF-8 or megabytes") {
  CHECK(responses::error_message("{\"message\":\"a\\u001b[31mb\\n\\nc\\td\"}") == "a [31mb c d");
  CHECK(responses::error_message("a\xff\xc3(b") == "a?" "?(b");
  CHECK(responses::error_message(std::string(1 << 20, 'x')).size() == 2003);
}

TEST_CASE("whatever the bytes are, the worst is an error") {
  for (const char* body : {"", "null", "[]", "{}", "\"x\"", "{\"Id\":5}", "{\"Id\":\"x\",\"State\":[],\"Config\":[],\"HostConfig\":[]}", "[[[[",
                           R"({"Id":"x","State":{"Status":"exited","StartedAt":"yesterday"},"Config":{},"HostConfig":{}})"}) {
    CAPTURE(body);
    CHECK_THROWS_AS((void)responses::container(body), Error);
  }
  CHECK_THROWS_AS((void)responses::image("{}"), Error);
  CHECK_THROWS_AS((void)responses::container_ids(R"([{"Id":""}])"), Error);
  CHECK_THROWS_AS((void)responses::container_ids("{}"), Error);
  CHECK_THROWS_AS((void)responses::created_id("{}"), Error);
}
