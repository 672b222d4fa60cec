// The prober port against real containers of a real Engine, from here and through a real sshd.
#include "probe/prober.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "deploy/error.hpp"
#include "docker/engine.hpp"
#include "service_variable.hpp"
#include "ssh/reactor.hpp"
#include "ssh/transport.hpp"
#include "support/hash.hpp"

using namespace deploy;
using namespace std::chrono_literals;
using deploy::testing::service;

namespace {
const CallLimits kLimits{60s, {}};

/// The services' Engine under every host's name, and libssh2 to their sshd.
class RealFleet final : public Fleet {
 public:
  Engine& engine(const Host&) override { return *engine_; }
  std::unique_ptr<StreamCarrier> carrier(std::string address, std::uint16_t port) { return transport_->tcp_carrier(std::move(address), port); }

 private:
  static ssh::Options options() {
    ssh::Options options;
    options.identity = service("SSH_KEY_ED25519");
    options.known_hosts = service("KNOWN_HOSTS");
    options.use_agent = false;
    return options;
  }
  std::unique_ptr<Engine> engine_ = docker::open_engine(http::Client(http::Endpoint::unix_socket(service("DOCKER_SOCKET"))), service("DOCKER_HOST"), CredentialStore());
  ssh::Reactor reactor_;
  std::unique_ptr<ssh::Transport> transport_ =
      ssh::open_libssh2(reactor_, {service("SSH_USER"), service("SSH_HOST"), static_cast<std::uint16_t>(std::stoi(service("SSH_PORT")))}, options());
};

/// A container of the test application on a loopback port, removed at the end.
struct App {
  RealFleet& fleet;
  std::uint16_t port;
  std::string id;

  App(RealFleet& f, std::map<std::string, std::string> switches, const std::string& address = "127.0.0.1", std::uint16_t at = free_port())
      : fleet(f), port(at) {
    ContainerRequest request{"probe-test-" + random_hex(4), ImageReference::parse(service("APP_IMAGE") + ":1.0.1"), {}, {}, {}};
    request.spec.ports = {PortBinding::parse(address + ":" + std::to_string(port) + ":8080")};
    request.spec.restart = "no";
    for (const auto& [name, value] : switches) request.env.emplace_back(name, Secret(value));
    const std::string label = service("LABEL");
    request.labels = {{label.substr(0, label.find('=')), label.substr(label.find('=') + 1)}};
    id = engine().create(request, kLimits);
    engine().start(id, kLimits);
  }
  ~App() { engine().remove(id, kLimits); }
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  Engine& engine() { return fleet.engine(Host::parse("unix:///x")); }
  static std::uint16_t free_port() {
    static std::uint16_t next = static_cast<std::uint16_t>(20'000 + std::stoul(random_hex(2), nullptr, 16) % 10'000);
    return ++next;
  }
};

struct Setup {
  RealFleet fleet;
  std::unique_ptr<Prober> prober = open_prober(fleet, [this](const Host&, std::string address, std::uint16_t port) { return fleet.carrier(std::move(address), port); });

  ProbeTry once(decltype(HealthProbe::check) check, const App& app, const std::string& host, std::chrono::milliseconds timeout = 5s) {
    HealthProbe probe;
    probe.check = std::move(check);
    probe.timeout = timeout;
    return prober->attempt(probe, {Host::parse(host), app.id}, kLimits);
  }
  /// Until the answer is as wanted, for a few seconds.
  ProbeTry until(ProbeAnswer wanted, const decltype(HealthProbe::check)& check, const App& app, const std::string& host) {
    ProbeTry found = once(check, app, host);
    for (int i = 0; i < 100 && found.answer != wanted; ++i) {
      std::this_thread::sleep_for(50ms);
      found = once(check, app, host);
    }
    return found;
  }
};

HttpCheck health(const App& app) {
  HttpCheck check;
  check.path = "/health";
  check.port = app.port;
  check.json = {{"/status", "\"ok\""}};
  return check;
}

std::vector<std::string> both() { return {"unix:///run/docker.sock", service("SSH_URL")}; }
}  // namespace

TEST_CASE("a running application is healthy over HTTP and TCP, from here and through its host") {
  Setup setup;
  const App app(setup.fleet, {});
  for (const std::string& host : both()) {
    CAPTURE(host);
    const ProbeTry http = setup.until(ProbeAnswer::success, health(app), app, host);
    CAPTURE(http.detail);
    CHECK(http.answer == ProbeAnswer::success);
    CHECK(setup.until(ProbeAnswer::success, TcpCheck{app.port}, app, host).answer == ProbeAnswer::success);
  }
}

TEST_CASE("an unhealthy, a hanging and an absent service are failures, from here and through its host") {
  Setup setup;
  const App sick(setup.fleet, {{"UNHEALTHY", "1"}}), mute(setup.fleet, {{"HANG", "1"}}), late(setup.fleet, {{"BIND_DELAY_S", "600"}});
  for (const std::string& host : both()) {
    CAPTURE(host);
    (void)setup.until(ProbeAnswer::success, TcpCheck{sick.port}, sick, host);
    const ProbeTry answer = setup.once(health(sick), sick, host);
    CHECK(answer.answer == ProbeAnswer::failure);
    CHECK(answer.detail.starts_with("503, expected 200: "));
    CHECK(setup.once(health(mute), mute, host, 500ms).answer == ProbeAnswer::failure);
    CHECK(setup.once(health(late), late, host).answer == ProbeAnswer::failure);
    // Docker's proxy listens for it: accepting alone is no health.
    CHECK(setup.once(TcpCheck{late.port}, late, host).answer == ProbeAnswer::failure);
  }
}

TEST_CASE("a port where nobody listens is a failure through the host as well, not a lost tunnel") {
  Setup setup;
  const App app(setup.fleet, {});
  for (const std::string& host : both()) {
    const ProbeTry found = setup.once(TcpCheck{1}, app, host);
    CAPTURE(found.detail);
    CHECK(found.answer == ProbeAnswer::failure);
    HttpCheck check = health(app);
    check.port = 1;
    const ProbeTry asked = setup.once(check, app, host);
    CAPTURE(asked.detail);
    CHECK(asked.answer == ProbeAnswer::failure);
  }
}

TEST_CASE("an application that is published on one address of its host is found there") {
  Setup setup;
  const App app(setup.fleet, {}, "127.0.0.7");
  for (const std::string& host : both()) CHECK(setup.until(ProbeAnswer::success, health(app), app, host).answer == ProbeAnswer::success);
}

TEST_CASE("an image without HEALTHCHECK cannot be probed by the engine, and says so") {
  Setup setup;
  const App app(setup.fleet, {});
  CHECK(setup.once(EngineCheck{}, app, both()[0]).detail.find("no HEALTHCHECK") != std::string::npos);
}

TEST_CASE("a command that the container does not have is a failure") {
  Setup setup;
  const App app(setup.fleet, {});
  const ProbeTry found = setup.once(ExecCheck{{"/no/such/program"}}, app, both()[0]);
  CAPTURE(found.detail);
  CHECK(found.answer == ProbeAnswer::failure);
}
