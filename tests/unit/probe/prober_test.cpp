#include "probe/prober.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <sys/socket.h>

#include <cstring>
#include <thread>

#include "deploy/error.hpp"
#include "probe/addresses.hpp"
#include "probe/engine_probe.hpp"
#include "probe/finding.hpp"
#include "probe/http_probe.hpp"
#include "scripted_server.hpp"

using namespace deploy;
using namespace std::chrono_literals;
using deploy::testing::ok_answer;
using deploy::testing::ScriptedServer;
using deploy::testing::SeenRequest;

namespace {
const CallLimits kProbeSoon{10s, {}};

/// An engine that knows one container and answers exec as it is told.
class OneContainer final : public Engine, public Fleet {
 public:
  std::optional<ContainerInfo> container;
  std::function<ExecOutcome()> on_exec;
  std::optional<Error> trouble;
  int inspections = 0;

  Engine& engine(const Host&) override { return *this; }
  std::optional<ContainerInfo> inspect(const std::string&, const CallLimits&) override {
    ++inspections;
    if (trouble) throw *trouble;
    return container;
  }
  ExecOutcome exec(const std::string&, const std::vector<std::string>&, const CallLimits&) override {
    if (trouble) throw *trouble;
    return on_exec();
  }

  EngineInfo info(const CallLimits&) override { return {}; }
  void pull(const ImageReference&, const std::function<void(const PullProgress&)>&, const CallLimits&) override {}
  std::optional<ImageInfo> find_image(const std::string&, const CallLimits&) override { return {}; }
  std::vector<ImageInfo> list_images(const ImageReference&, const CallLimits&) override { return {}; }
  void remove_image(const std::string&, const CallLimits&) override {}
  std::string create(const ContainerRequest&, const CallLimits&) override { return {}; }
  void start(const std::string&, const CallLimits&) override {}
  void stop(const std::string&, std::chrono::milliseconds, const CallLimits&) override {}
  void rename(const std::string&, const std::string&, const CallLimits&) override {}
  void set_restart_policy(const std::string&, const std::string&, const CallLimits&) override {}
  void remove(const std::string&, const CallLimits&) override {}
  std::vector<ContainerInfo> list(const std::map<std::string, std::string>&, const CallLimits&) override { return {}; }
  std::vector<ContainerInfo> list_publishing(const std::vector<PortBinding>&, const CallLimits&) override { return {}; }
  std::string logs(const std::string&, int, const CallLimits&) override { return {}; }
  void follow_logs(const std::string&, int, const std::function<void(std::string_view)>&, const CallLimits&) override {}
};

/// A host's way to a local port, or to an error.
class FakeCarrier final : public StreamCarrier {
 public:
  FakeCarrier(std::uint16_t port, std::exception_ptr error, bool opens) : port_(port), error_(std::move(error)), opens_(opens) {}
  ~FakeCarrier() override {
    for (const int fd : fds_) ::shutdown(fd, SHUT_RDWR);
    for (std::thread& pump : pumps_) pump.join();
    for (const int fd : fds_) ::close(fd);
  }
  void carry(UniqueFd local_end, const std::string&) override {
    fds_.push_back(local_end.release());
    if (error_ || !opens_) {
      if (error_) ::shutdown(fds_.back(), SHUT_RDWR);
      return;
    }
    const int local = fds_.back(), remote = fds_.emplace_back(::socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port_);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(remote, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) ::shutdown(local, SHUT_RDWR);
    pumps_.emplace_back([=] { pump(local, remote); });
    pumps_.emplace_back([=] { pump(remote, local); });
  }
  std::string diagnosis(const std::string&) override { return ""; }
  std::exception_ptr failure(const std::string&) override { return error_; }
  bool opened(const std::string&) override { return opens_ && !error_; }

 private:
  static void pump(int from, int to) {
    char bytes[4096];
    while (true) {
      ssize_t n = ::recv(from, bytes, sizeof bytes, 0);
      if (n < 0 && errno == EAGAIN) {
        std::this_thread::sleep_for(1ms);
        continue;
      }
      if (n <= 0 || ::send(to, bytes, static_cast<std::size_t>(n), MSG_NOSIGNAL) != n) break;
    }
    ::shutdown(to, SHUT_WR);
  }
  std::uint16_t port_;
  std::exception_ptr error_;
  bool opens_;
  std::vector<int> fds_;
  std::vector<std::thread> pumps_;
};

struct Setup {
  OneContainer fleet;
  std::exception_ptr tunnel_error;
  bool tunnel_opens = true;
  std::unique_ptr<Prober> prober = open_prober(fleet, [this](const Host&, const std::string&, std::uint16_t port) {
    return std::make_unique<FakeCarrier>(port, tunnel_error, tunnel_opens);
  });

  ProbeTry ask(decltype(HealthProbe::check) check, const char* host = "unix:///run/docker.sock", std::chrono::milliseconds timeout = 5s) {
    HealthProbe probe;
    probe.check = std::move(check);
    probe.timeout = timeout;
    return prober->attempt(probe, {Host::parse(host), ""}, kProbeSoon);
  }
};

HttpCheck health_of(const ScriptedServer& server) {
  HttpCheck check;
  check.path = "/health";
  check.port = static_cast<std::uint16_t>(server.port());
  return check;
}

constexpr const char* kSsh = "ssh://deploy@host.test";

std::exception_ptr ssh_error(ErrorCode code) { return std::make_exception_ptr(Error(code, "ssh", "the way there: trouble")); }

/// A port on which nobody listens.
std::uint16_t free_port() {
  const ScriptedServer server([](const SeenRequest&) { return std::string(); });
  return static_cast<std::uint16_t>(server.port());
}
}  // namespace

TEST_CASE("a healthy service is a success with its status and its time") {
  ScriptedServer server([](const SeenRequest&) { return ok_answer("fine"); });
  Setup setup;
  const ProbeTry found = setup.ask(health_of(server));
  CHECK(found.answer == ProbeAnswer::success);
  CHECK(found.detail.starts_with("200 in "));
  CHECK(server.seen().at(0).head.starts_with("GET /health HTTP/1.1\r\n"));
}

TEST_CASE("headers are sent, and Host replaces the default one") {
  ScriptedServer server([](const SeenRequest&) { return ok_answer(""); });
  HttpCheck check = health_of(server);
  check.headers = {{"Host", "app.example.com"}, {"X-Probe", "1"}};
  Setup setup;
  CHECK(setup.ask(check).answer == ProbeAnswer::success);
  const std::string head = server.seen().at(0).head;
  CHECK(head.find("Host: app.example.com\r\n") != std::string::npos);
  CHECK(head.find("Host: 127") == std::string::npos);
  CHECK(head.find("X-Probe: 1\r\n") != std::string::npos);
}

TEST_CASE("every try makes a connection of its own") {
  ScriptedServer server([](const SeenRequest&) { return ok_answer(""); });
  Setup setup;
  for (int i = 0; i < 3; ++i) CHECK(setup.ask(health_of(server)).answer == ProbeAnswer::success);
  CHECK(server.connections() == 3);
}

TEST_CASE("what the service does wrong is a failure, directly and through a host") {
  ScriptedServer sick([](const SeenRequest&) { return "HTTP/1.1 503 X\r\nContent-Length: 4\r\n\r\ndown"; });
  ScriptedServer moved([](const SeenRequest&) { return "HTTP/1.1 302 Found\r\nLocation: /ok\r\nContent-Length: 0\r\n\r\n"; });
  ScriptedServer mute([](const SeenRequest&) { return std::string("hang"); });
  ScriptedServer rude([](const SeenRequest&) { return std::string(); });
  ScriptedServer babble([](const SeenRequest&) { return std::string("SSH-2.0-x\r\nConnection: close\r\n\r\n"); });
  ScriptedServer endless([](const SeenRequest&) { return "HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n" + std::string(2u << 20, 'x'); });
  for (const char* host : {"unix:///run/docker.sock", kSsh}) {
    CAPTURE(host);
    Setup setup;
    CHECK(setup.ask(health_of(sick), host).detail == "503, expected 200: down");
    for (ScriptedServer* server : {&sick, &moved, &rude, &babble, &endless}) {
      const ProbeTry found = setup.ask(health_of(*server), host);
      CAPTURE(found.detail);
      CHECK(found.answer == ProbeAnswer::failure);
    }
    const ProbeTry late = setup.ask(health_of(mute), host, 300ms);
    CHECK(late.answer == ProbeAnswer::failure);
    CHECK(late.latency >= 300ms);
    CHECK(late.latency < 3s);
  }
}

TEST_CASE("a refused connection is a failure") {
  HttpCheck check;
  check.port = free_port();
  Setup setup;
  CHECK(setup.ask(check).answer == ProbeAnswer::failure);
  CHECK(setup.ask(TcpCheck{check.port}).answer == ProbeAnswer::failure);
  setup.tunnel_error = ssh_error(ErrorCode::refused);
  CHECK(setup.ask(check, kSsh).answer == ProbeAnswer::failure);
  CHECK(setup.ask(TcpCheck{check.port}, kSsh).answer == ProbeAnswer::failure);
}

TEST_CASE("a way to the host that is gone says nothing about the service") {
  Setup setup;
  for (const ErrorCode code : {ErrorCode::unreachable, ErrorCode::connection_lost, ErrorCode::host_key_changed, ErrorCode::unauthorized}) {
    setup.tunnel_error = ssh_error(code);
    CHECK(setup.ask(HttpCheck{}, kSsh).answer == ProbeAnswer::unknown);
    CHECK(setup.ask(TcpCheck{80}, kSsh).answer == ProbeAnswer::unknown);
  }
}

TEST_CASE("a stream that does not open in time says nothing about the service") {
  Setup setup;
  setup.tunnel_opens = false;
  CHECK(setup.ask(HttpCheck{}, kSsh, 300ms).answer == ProbeAnswer::unknown);
  CHECK(setup.ask(TcpCheck{80}, kSsh, 300ms).answer == ProbeAnswer::unknown);
}

TEST_CASE("a malformed check or an unknown name is no failure of the service") {
  ScriptedServer server([](const SeenRequest&) { return ok_answer("x"); });
  HttpCheck check = health_of(server);
  check.body = "/(/";
  Setup setup;
  CHECK(setup.ask(check).answer == ProbeAnswer::unknown);
  HealthProbe probe;
  probe.from = ProbeFrom::controller;
  probe.check = HttpCheck{};
  CHECK(setup.prober->attempt(probe, {Host::parse("tcp://no-such-name.invalid:2376"), ""}, kProbeSoon).answer == ProbeAnswer::unknown);
}

TEST_CASE("a TCP port must accept and keep the connection") {
  ScriptedServer server([](const SeenRequest&) { return ok_answer(""); });
  const TcpCheck check{static_cast<std::uint16_t>(server.port())};
  Setup setup;
  CHECK(setup.ask(check).answer == ProbeAnswer::success);
  CHECK(setup.ask(check, kSsh).answer == ProbeAnswer::success);
}

TEST_CASE("a proxy that accepts for a service that is not there is a failure") {
  UniqueFd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  REQUIRE(::bind(listener.get(), reinterpret_cast<sockaddr*>(&at), sizeof at) == 0);
  REQUIRE(::listen(listener.get(), 8) == 0);
  REQUIRE(::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&at), &size) == 0);
  std::thread closes([&] {
    for (int i = 0; i < 2; ++i) ::close(::accept(listener.get(), nullptr, nullptr));
  });
  Setup setup;
  const ProbeTry direct = setup.ask(TcpCheck{ntohs(at.sin_port)});
  const ProbeTry through = setup.ask(TcpCheck{ntohs(at.sin_port)}, kSsh);
  closes.join();
  CHECK(direct.answer == ProbeAnswer::failure);
  CHECK(direct.detail.find("closed it at once") != std::string::npos);
  CHECK(through.answer == ProbeAnswer::failure);
}

TEST_CASE("a command in the container is judged by its exit code") {
  Setup setup;
  setup.fleet.on_exec = [] { return ExecOutcome{0, ""}; };
  CHECK(setup.ask(ExecCheck{{"true"}}).answer == ProbeAnswer::success);
  setup.fleet.on_exec = [] { return ExecOutcome{3, "no\ndatabase"}; };
  const ProbeTry found = setup.ask(ExecCheck{{"check"}});
  CHECK(found.answer == ProbeAnswer::failure);
  CHECK(found.detail == "exit 3, expected 0: no database");
}

TEST_CASE("an Engine that is away is unknown, a container that is gone is a failure") {
  Setup setup;
  for (const ErrorCode code : {ErrorCode::unreachable, ErrorCode::connection_lost}) {
    setup.fleet.trouble = Error(code, "engine", "away");
    CHECK(setup.ask(ExecCheck{{"true"}}).answer == ProbeAnswer::unknown);
    CHECK(setup.ask(EngineCheck{}).answer == ProbeAnswer::unknown);
  }
  setup.fleet.trouble = Error(ErrorCode::conflict, "engine", "container is not running");
  CHECK(setup.ask(ExecCheck{{"true"}}).answer == ProbeAnswer::failure);
  setup.fleet.trouble.reset();
  CHECK(setup.ask(EngineCheck{}).answer == ProbeAnswer::failure);
}

TEST_CASE("the engine's health check is taken at its word") {
  ContainerInfo container;
  container.status = ContainerStatus::running;
  container.health = EngineHealth::healthy;
  CHECK(probe::judge_health(container).answer == ProbeAnswer::success);
  container.health = EngineHealth::unhealthy;
  container.health_log = "curl: (7)";
  CHECK(probe::judge_health(container).detail == "the engine's health check says unhealthy: curl: (7)");
  container.health = EngineHealth::starting;
  CHECK(probe::judge_health(container).answer == ProbeAnswer::failure);
  container.health = EngineHealth::none;
  CHECK(probe::judge_health(container).detail.find("no HEALTHCHECK") != std::string::npos);
  container.status = ContainerStatus::exited;
  container.exit_code = 137;
  container.oom_killed = true;
  CHECK(probe::judge_health(container).detail == "the container is exited (exit code 137), killed for lack of memory");
}

TEST_CASE("a port that is published on one address is asked there") {
  ContainerInfo container;
  container.ports = {PortBinding::parse("127.0.0.9:8080-8082:80-82"), PortBinding::parse("0.0.0.0:53:53/udp"), PortBinding::parse("9000:9000")};
  CHECK(probe::published_address(container, 8081) == "127.0.0.9");
  CHECK(probe::published_address(container, 9000) == "127.0.0.1");
  CHECK(probe::published_address(container, 53) == "127.0.0.1");
  CHECK(probe::published_address(container, 1) == "127.0.0.1");
}

TEST_CASE("the published address is asked for once, and an Engine that is away does not stand in the way") {
  ScriptedServer server([](const SeenRequest&) { return ok_answer(""); });
  Setup setup;
  HealthProbe probe;
  probe.check = health_of(server);
  const ProbeTarget target{Host::parse("unix:///run/docker.sock"), "abc"};
  setup.fleet.trouble = Error(ErrorCode::unreachable, "engine", "away");
  CHECK(setup.prober->attempt(probe, target, kProbeSoon).answer == ProbeAnswer::success);
  setup.fleet.trouble.reset();
  setup.fleet.container = ContainerInfo{};
  setup.fleet.container->status = ContainerStatus::running;
  for (int i = 0; i < 3; ++i) CHECK(setup.prober->attempt(probe, target, kProbeSoon).answer == ProbeAnswer::success);
  CHECK(setup.fleet.inspections == 2);
}

TEST_CASE("over TLS the Host header is the name that the certificate must have") {
  HttpCheck check;
  check.tls = true;
  check.ca = "/ca.pem";
  const probe::Route route{"127.0.0.1", 8443, "", nullptr};
  CHECK(probe::http_endpoint(check, route).base_url == "https://127.0.0.1:8443");
  check.headers = {{"host", "app.example.com:443"}};
  CHECK(probe::http_endpoint(check, route).base_url == "https://app.example.com:8443");
  CHECK(probe::http_endpoint(check, route).connect_to == "127.0.0.1:8443");
  CHECK(probe::http_endpoint(check, route).tls.ca_file == "/ca.pem");
}

TEST_CASE("a probe that is stopped ends as cancelled") {
  ScriptedServer mute([](const SeenRequest&) { return std::string("hang"); });
  Setup setup;
  HealthProbe probe;
  probe.check = health_of(mute);
  std::stop_source source;
  std::thread stops([&] {
    std::this_thread::sleep_for(100ms);
    source.request_stop();
  });
  const ProbeTarget target{Host::parse("unix:///run/docker.sock"), ""};
  CHECK_THROWS_AS((void)setup.prober->attempt(probe, target, {10s, source.get_token()}), Error);
  stops.join();
}
