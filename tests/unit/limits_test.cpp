// Everything that comes from outside has an end: each reader against a peer that sends too much.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "deploy/error.hpp"
#include "docker/build_output.hpp"
#include "docker/engine.hpp"
#include "docker/output.hpp"
#include "docker/stream.hpp"
#include "http/client.hpp"
#include "probe/http_probe.hpp"
#include "refusal.hpp"
#include "registry/answers.hpp"
#include "registry/token_service.hpp"
#include "scripted_server.hpp"
#include "ssh/file_text.hpp"
#include "ssh/stream.hpp"
#include "support/credentials.hpp"
#include "support/hash.hpp"
#include "support/subprocess.hpp"

using namespace deploy;
using test::contains;
using test::refusal;
using testing::ok_answer;
using testing::ScriptedServer;
using testing::SeenRequest;
namespace fs = std::filesystem;

namespace {
const CallLimits kLimits{.timeout = std::chrono::seconds(20)};

std::string repeated(const std::string& text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

/// An Engine that answers everything but the ping with `answer`, which may look at the request line.
struct Flooding {
  explicit Flooding(std::function<std::string(const std::string&)> answer)
      : server([answer = std::move(answer)](const SeenRequest& request) {
          return contains(request.head, "/_ping") ? std::string("HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 2\r\n\r\nOK") : answer(request.head);
        }),
        engine(docker::open_engine(http::Client(http::Endpoint::url(server.url())), "tcp://flooding", CredentialStore())) {}
  ScriptedServer server;
  std::unique_ptr<Engine> engine;
};

struct Scratch {
  Scratch() { fs::create_directories(folder); }
  ~Scratch() { fs::remove_all(folder); }
  [[nodiscard]] std::string file(const std::string& name, const std::string& text) const {
    std::ofstream(folder / name, std::ios::binary) << text;
    return (folder / name).string();
  }
  fs::path folder = fs::temp_directory_path() / ("libdeploy-limits-" + random_hex(6));
};
}  // namespace

TEST_CASE("limits: an answer's headers have an end, and so have interim answers") {
  const std::string line = "X-Flood: " + std::string(90, 'x') + "\r\n";
  for (const std::string& flood : {"HTTP/1.1 200 OK\r\n" + repeated(line, 4000) + "\r\n", repeated("HTTP/1.1 100 Continue\r\n\r\n", 20'000) + ok_answer("ok"),
                                   "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + repeated(line, 4000) + "\r\n"}) {
    ScriptedServer server([&](const SeenRequest&) { return flood; });
    http::Client client(http::Endpoint::url(server.url()));
    const std::string said = refusal([&] { return client.send({}, kLimits); });
    CHECK_MESSAGE(contains(said, "headers are larger than " + std::to_string(http::kHeaderLimit) + " bytes"), said);
  }
}

TEST_CASE("limits: an answer's body has an end when nobody says another one") {
  const std::string flood = ok_answer(std::string(http::kBodyLimit + 1, 'x'));
  ScriptedServer server([&](const SeenRequest&) { return flood; });
  http::Client client(http::Endpoint::url(server.url()));
  CHECK(contains(refusal([&] { return client.send({}, kLimits); }), "larger than " + std::to_string(http::kBodyLimit) + " bytes"));
}

TEST_CASE("limits: a description by the Engine, and one message of its streams") {
  Flooding wordy([](const std::string&) { return ok_answer("{\"Id\":\"" + std::string(http::kBodyLimit, 'x') + "\"}"); });
  CHECK(contains(refusal([&] { return wordy.engine->inspect("a", kLimits); }), "larger than " + std::to_string(http::kBodyLimit) + " bytes"));
  Flooding endless([](const std::string&) { return ok_answer("{\"status\":\"" + std::string(docker::MessageStream::kLargestMessage, 'x') + "\"}"); });
  const ImageReference image = ImageReference::parse("registry.test/web@sha256:" + std::string(64, 'a'));
  const std::string said = refusal([&] { endless.engine->pull(image, {}, kLimits); return 0; });
  CHECK(contains(said, "larger than " + std::to_string(docker::MessageStream::kLargestMessage) + " bytes"));
}

TEST_CASE("limits: of a container's log the end is kept, and no more") {
  const std::string frame = std::string("\1\0\0\0\0\1\0\0", 8) + std::string(65'536, 'x');
  const std::string flood = repeated(frame, 48) + std::string("\1\0\0\0\0\0\0\3", 8) + "end";
  Flooding talkative([&](const std::string& head) { return ok_answer(contains(head, "/logs") ? flood : "{\"Config\":{\"Tty\":false}}"); });
  const std::string log = talkative.engine->logs("a", -1, kLimits);
  CHECK(log.size() == docker::kLogLimit);
  CHECK(log.ends_with("end"));
}

TEST_CASE("limits: layers that a stream names are remembered only as far as names go") {
  docker::PullTracker tracker;
  const std::string id(1000, 'x');
  const auto progress = tracker.update(json::parse(R"({"status":"Downloading","id":")" + id + R"(","progressDetail":{"current":5,"total":9}})", "a message"));
  CHECK(progress->total == 0);
  std::size_t longest = 0;
  docker::BuildOutput output([&](std::string_view line) { longest = std::max(longest, line.size()); });
  output.take(json::parse("{\"stream\":\"" + std::string(200'000, 'x') + "\"}", "a message"));
  output.finish();
  CHECK(longest <= (64u << 10));
}

TEST_CASE("limits: a token, and what a registry says when it refuses") {
  const std::string flood(2u << 20, 'x');
  ScriptedServer service([&](const SeenRequest&) { return ok_answer("{\"token\":\"" + flood + "\"}"); });
  const registry::TokenQuestion question{service.url() + "/token", "s", "repository:a:pull", "registry.test", true};
  CHECK(contains(refusal([&] { return registry::fetch_token(question, std::nullopt, TimeBudget(kLimits)); }), "larger than 1048576 bytes"));
  CHECK(registry::error_text({.status = 500, .headers = {}, .body = flood}).size() < 300);
}

TEST_CASE("limits: a probed service's body, which is then a failure that says so") {
  const std::string flood = ok_answer(std::string(2u << 20, 'x'));
  ScriptedServer server([&](const SeenRequest&) { return flood; });
  const probe::Route route{.address = "127.0.0.1", .port = static_cast<std::uint16_t>(server.port()), .through = "", .carrier = nullptr};
  HttpCheck check;
  check.port = route.port;
  CHECK(contains(refusal([&] { return probe::try_http(check, route, kLimits); }), "larger than 1048576 bytes"));
}

TEST_CASE("limits: what programs print") {
  CHECK(contains(refusal([] { return run_command({.argv = {"head", "-c", "5000000", "/dev/zero"}}, kLimits); }), "more than 4194304 bytes and was killed"));
  CHECK(contains(refusal([] { return run_command({.argv = {"sh", "-c", "yes >&2"}, .output_limit = 1000}, kLimits); }), "more than 1000 bytes and was killed"));
  const Scratch scratch;
  ::chmod(scratch.file("docker-credential-endless", "#!/bin/sh\nexec yes\n").c_str(), 0755);
  const std::string config = scratch.file("config.json", R"({"credsStore":"endless"})"), path = std::getenv("PATH");
  ::setenv("PATH", (scratch.folder.string() + ":" + path).c_str(), 1);
  const std::string said = refusal([&] { return CredentialStore(std::nullopt, config).find("a.test", kLimits); });
  ::setenv("PATH", path.c_str(), 1);
  CHECK_MESSAGE(contains(said, "more than 65536 bytes and was killed"), said);
}

TEST_CASE("limits: files that a configuration names, devices among them") {
  const Scratch scratch;
  const std::string large = scratch.file("config.json", "{\"a\":\"" + std::string(4u << 20, 'x') + "\"}");
  CHECK(contains(refusal([&] { return CredentialStore(std::nullopt, large).find("a.test", kLimits); }), "larger than 4194304 bytes"));
  CHECK(contains(refusal([] { return ssh::read_key_file("/dev/zero"); }), "larger than " + std::to_string(ssh::kLargestKeyFile) + " bytes"));
  CHECK(contains(refusal([] { return ssh::read_known_hosts("/dev/zero"); }), "larger than " + std::to_string(ssh::kLargestKnownHosts) + " bytes"));
}

TEST_CASE("limits: of the ssh program's log the beginning and the end are read") {
  const Scratch scratch;
  const std::string log = ssh::read_log(scratch.file("long", "first\n" + std::string(5u << 20, 'x') + "\nlast\n"));
  CHECK(log.size() <= 2 * ssh::kLogPart + 1);
  CHECK((log.starts_with("first\n") && log.ends_with("\nlast\n")));
  CHECK(ssh::read_log(scratch.file("short", "first\nlast\n")) == "first\nlast\n");
  const std::string between(ssh::kLogPart, 'y');
  CHECK(ssh::read_log(scratch.file("between", between + "last\n")) == between + "last\n");
  CHECK(ssh::read_log("/nonexistent/log").empty());
}

TEST_CASE("limits: a remote program's standard error is kept as far as it explains something") {
  ssh::StreamState state;
  for (int i = 0; i < 100; ++i) state.add_error_output(std::string(10'000, 'x'));
  CHECK(state.error_output().size() == (64u << 10));
  CHECK(state.diagnosis().size() < 3000);
}
