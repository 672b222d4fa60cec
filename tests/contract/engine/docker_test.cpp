// What only a real Engine shows: that what was asked for is what happens in the container.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <thread>

#include "deploy/error.hpp"
#include "docker/engine.hpp"
#include "refusal.hpp"
#include "world.hpp"

using namespace deploy;
using namespace deploy::test;
using std::chrono::milliseconds;

namespace {
// As the tool's `show` prints it: the kind, the length, the bytes.
std::string shown(const std::string& kind, const std::string& text) { return kind + " " + std::to_string(text.size()) + " " + text + "\n"; }

const std::string kHostile = "a 'b' \"c\" $(touch /x) `id` \\ %s ${HOME}\nsecond line\t\u00e9";

std::string log_of(RealHost& host, const ContainerInfo& container) { return host.engine().logs(container.id, -1, kLimits); }

std::string started(RealHost& host, const ContainerRequest& request) {
  host.engine().pull(request.image, nullptr, kLimits);
  const std::string id = host.engine().create(request, kLimits);
  host.engine().start(id, kLimits);
  return id;
}

ContainerInfo run(RealHost& host, const ContainerRequest& request) {
  host.engine().pull(request.image, nullptr, kLimits);
  return host.run_to_end(request);
}
}  // namespace

TEST_CASE("quotes, newlines and command substitutions arrive verbatim in command, environment and labels") {
  RealHost host;
  ContainerRequest request = host.runs("web", {"show", kHostile, "", "--flag=\"x\""});
  request.env.emplace_back("HOSTILE", Secret(kHostile));
  request.env.emplace_back("EMPTY", Secret(""));
  request.labels["hostile"] = kHostile;
  const ContainerInfo info = run(host, request);
  const std::string log = log_of(host, info);
  for (const std::string& argument : {kHostile, std::string(), std::string("--flag=\"x\"")}) CHECK(contains(log, shown("arg", argument)));
  CHECK(contains(log, shown("env", "HOSTILE=" + kHostile)));
  CHECK(contains(log, shown("env", "EMPTY=")));
  CHECK(info.labels.at("hostile") == kHostile);
}

TEST_CASE("an exit code is reported as it was") {
  RealHost host;
  CHECK(run(host, host.runs("web", {"exit", "78"})).exit_code == 78);
}

TEST_CASE("a container that the kernel kills for its memory says so") {
  RealHost host;
  // The Engine learns of the cause and of the end by two notices of containerd; when the end comes first the cause is lost, so it is
  // given five chances. The exit code never lies.
  bool said = false;
  for (int round = 0; round < 5 && !said; ++round) {
    ContainerRequest request = host.runs("web" + std::to_string(round), {"eat"});
    request.spec.memory = parse_memory("16m");
    const ContainerInfo info = run(host, request);
    CHECK(info.exit_code == 137);
    said = info.oom_killed;
  }
  CHECK(said);
}

TEST_CASE("the log holds both streams, and as many lines as were asked for") {
  RealHost host;
  const std::string both = log_of(host, run(host, host.runs("both", {"both"})));
  CHECK(contains(both, "to output\n"));
  CHECK(contains(both, "to error\n"));
  const ContainerInfo many = run(host, host.runs("many", {"lines", "500"}));
  CHECK(host.engine().logs(many.id, 3, kLimits) == "line 498\nline 499\nline 500\n");
}

TEST_CASE("a log larger than the limit keeps its end") {
  RealHost host;
  const std::string log = log_of(host, run(host, host.runs("web", {"lines", "200000"})));
  CHECK(log.size() == 1u << 20);
  CHECK(log.ends_with("line 199999\nline 200000\n"));
}

TEST_CASE("following a log ends with the container, and at once when it is told to stop") {
  RealHost host;
  const std::string id = started(host, host.runs("web", {"wait"}));
  std::stop_source stop;
  std::string text;
  std::thread stopper([&] {
    std::this_thread::sleep_for(milliseconds(500));
    stop.request_stop();
  });
  host.engine().follow_logs(id, 10, [&](std::string_view part) { text += part; }, {.timeout = std::chrono::minutes(1), .stop = stop.get_token()});
  stopper.join();
  CHECK(text == "waiting\n");
  std::thread ender([&] { host.engine().stop(id, milliseconds(3000), kLimits); });
  host.engine().follow_logs(id, 10, [](std::string_view) {}, {.timeout = std::chrono::minutes(1)});
  ender.join();
  CHECK(host.engine().inspect(id, kLimits)->status == ContainerStatus::exited);
}

TEST_CASE("a command in a container gives its exit code and both of its streams") {
  RealHost host;
  const std::string id = started(host, host.runs("web", {"wait"}));
  const ExecOutcome both = host.engine().exec(id, {"/tool", "both"}, kLimits);
  CHECK(both.exit_code == 0);
  CHECK(contains(both.output, "to output\n"));
  CHECK(contains(both.output, "to error\n"));
  CHECK(host.engine().exec(id, {"/tool", "exit", "7"}, kLimits).exit_code == 7);
  CHECK(contains(host.engine().exec(id, {"/tool", "show", kHostile}, kLimits).output, shown("arg", kHostile)));
}

TEST_CASE("a program that the container does not have ends with 126 or 127, and its words") {
  RealHost host;
  const std::string id = started(host, host.runs("web", {"wait"}));
  const ExecOutcome outcome = host.engine().exec(id, {"/no/such/program"}, kLimits);
  CHECK((outcome.exit_code == 126 || outcome.exit_code == 127));
  CHECK(contains(outcome.output, "/no/such/program"));
}

TEST_CASE("a command that outlives its limits is a timeout that says it may still run") {
  RealHost host;
  const std::string id = started(host, host.runs("web", {"wait"}));
  try {
    (void)host.engine().exec(id, {"/tool", "sleep", "20"}, {.timeout = milliseconds(700)});
    FAIL("it was waited for");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::timeout);
    CHECK(contains(error.what(), "may still run"));
    CHECK(error.details().at("host") == required_variable("LIBDEPLOY_TEST_DOCKER_HOST"));
  }
}

TEST_CASE("a stop waits out the grace of a process that ignores the signal, though the caller's limit is shorter") {
  RealHost host;
  const std::string id = started(host, host.runs("web", {"stubborn"}));
  const auto begun = std::chrono::steady_clock::now();
  host.engine().stop(id, milliseconds(2000), {.timeout = milliseconds(15000)});
  CHECK(std::chrono::steady_clock::now() - begun >= milliseconds(1900));
  CHECK(host.engine().inspect(id, kLimits)->exit_code == 137);
}

TEST_CASE("user, read-only root and volumes take effect") {
  RealHost host;
  ContainerRequest who = host.runs("who", {"uid"});
  who.spec.user = "1234";
  CHECK(log_of(host, run(host, who)) == "1234\n");
  ContainerRequest write = host.runs("write", {"write", "/file"});
  CHECK(run(host, write).exit_code == 0);
  write = host.runs("write-ro", {"write", "/file"});
  write.spec.read_only = true;
  CHECK(run(host, write).exit_code == 1);
  write = host.runs("write-volume", {"write", "/data/file"});
  write.spec.read_only = true;
  const std::string folder = required_variable("LIBDEPLOY_TEST_TMP") + "/volume-" + host.id();
  std::filesystem::create_directory(folder);
  write.spec.volumes = {folder + ":/data"};
  CHECK(run(host, write).exit_code == 0);
  CHECK(std::filesystem::exists(folder + "/file"));
}

TEST_CASE("a range of ports is published port by port, over TCP and UDP") {
  RealHost host;
  const std::uint16_t first = host.free_port();
  const std::string one = std::to_string(first), two = std::to_string(first + 1);
  ContainerRequest request = host.runs("web", {"wait"});
  request.spec.ports = {PortBinding::parse("127.0.0.1:" + one + "-" + two + ":80-81"), PortBinding::parse("127.0.0.1:" + one + ":53/udp")};
  const ContainerInfo info = *host.engine().inspect(started(host, request), kLimits);
  std::vector<std::string> ports;
  for (const PortBinding& port : info.ports) ports.push_back(port.str());
  std::sort(ports.begin(), ports.end());
  CHECK(ports == std::vector<std::string>{"127.0.0.1:" + one + ":53/udp", "127.0.0.1:" + one + ":80", "127.0.0.1:" + two + ":81"});
}

TEST_CASE("a network that does not exist is found out at creation, not at the start") {
  RealHost host;
  for (const bool first : {true, false}) {
    ContainerRequest request = host.runs("web", {"wait"});
    request.spec.networks = {first ? "no-such-network" : "bridge", "no-such-network"};
    host.engine().pull(request.image, nullptr, kLimits);
    CHECK(contains(refusal([&] { return host.engine().create(request, kLimits); }), "needs the network no-such-network"));
    CHECK_FALSE(host.engine().inspect(request.name, kLimits).has_value());
  }
}

TEST_CASE("a command that cannot be started is refused with the Engine's reason, which the container keeps") {
  RealHost host;
  ContainerRequest request = host.runs("web", {"wait"});
  request.spec.volumes = {required_variable("LIBDEPLOY_TEST_TMP") + ":/tool"};  // a folder over the program
  host.engine().pull(request.image, nullptr, kLimits);
  const std::string id = host.engine().create(request, kLimits);
  try {
    host.engine().start(id, kLimits);
    FAIL("it started");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::refused);
    CHECK(error.details().at("status") == "400");
    CHECK(contains(error.what(), "cannot start container"));
  }
  CHECK_FALSE(host.engine().inspect(id, kLimits)->error.empty());
}

TEST_CASE("a pull from a registry that is not there is unreachable, and names the registry") {
  RealHost host;
  const std::string registry = "127.0.0.1:" + std::to_string(host.free_port());
  try {
    host.engine().pull(ImageReference::parse(registry + "/app").with_digest(digest_of_nothing()), nullptr, kLimits);
    FAIL("it was pulled");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::unreachable);
    CHECK(error.details().at("registry") == registry);
    CHECK(contains(error.what(), "connection refused"));
  }
}

TEST_CASE("an Engine that is not there is unreachable") {
  const auto engine = docker::open_engine(http::Client(http::Endpoint::unix_socket("/nonexistent/docker.sock")), "unix:///nonexistent/docker.sock", CredentialStore());
  try {
    (void)engine->info(kLimits);
    FAIL("somebody answered");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::unreachable);
    CHECK(error.details().at("host") == "unix:///nonexistent/docker.sock");
    CHECK(contains(error.what(), "reach the Engine"));
  }
}

TEST_CASE("several threads use one engine at a time") {
  RealHost host;
  host.engine().pull(host.waiting(), nullptr, kLimits);
  std::vector<std::thread> threads;
  std::vector<std::string> ids(6);
  for (std::size_t i = 0; i < ids.size(); ++i)
    threads.emplace_back([&, i] { ids[i] = host.engine().create(host.runs("web-" + std::to_string(i), {"wait"}), kLimits); });
  for (std::thread& thread : threads) thread.join();
  CHECK(host.engine().list({{kWorldLabel, host.id()}}, kLimits).size() == ids.size());
}
