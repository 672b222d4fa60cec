// The floor of a deployment: one SSH connection by libssh2 and the bare Engine calls over it, nothing checked or recorded.
//
//   bare_calls SSH-URL KEY KNOWN_HOSTS PORT OLD-CONTAINER SPEC-JSON     prints {"container":ID,"gap_ms":N}
#include <chrono>
#include <cstdio>
#include <string>
#include <thread>

#include "deploy/host.hpp"
#include "http/client.hpp"
#include "ssh/reactor.hpp"
#include "ssh/transport.hpp"
#include "support/json.hpp"

using namespace deploy;

namespace {
const CallLimits kLimits{std::chrono::seconds(60), {}};

http::Response call(http::Client& engine, const std::string& method, const std::string& path, const std::string& body = "") {
  http::Request request{.method = method, .path = "/v1.41" + path, .headers = {{"Content-Type", "application/json"}}, .body = body};
  http::Response answer = engine.send(request, kLimits);
  if (!answer.ok() && answer.status != 304) throw Error(ErrorCode::refused, "bench", method + " " + path + ": " + answer.body);
  return answer;
}

void wait_until_healthy(const std::string& port) {
  http::Client service(http::Endpoint::url("http://127.0.0.1:" + port));
  for (;; std::this_thread::sleep_for(std::chrono::milliseconds(5))) {
    try {
      if (service.send({.path = "/health"}, {std::chrono::seconds(1), {}}).status == 200) return;
    } catch (const Error&) {  // not up yet
    }
  }
}
}  // namespace

int main(int argc, char** argv) {
  if (argc != 7) return std::fprintf(stderr, "usage: bare_calls SSH-URL KEY KNOWN_HOSTS PORT OLD-CONTAINER SPEC-JSON\n"), 2;
  try {
    const Host host = Host::parse(argv[1]);
    ssh::Reactor reactor;
    ssh::Options options;
    options.identity = argv[2];
    options.known_hosts = argv[3];
    const auto transport = ssh::open_libssh2(reactor, {host.user(), host.name(), host.port()}, options);
    http::Client engine(http::Endpoint::carried(transport->exec_carrier({"docker", "system", "dial-stdio"}), host.url()));
    call(engine, "GET", "/_ping");
    const std::string id = json::string(json::parse(call(engine, "POST", "/containers/create", argv[6]).body, "answer"), "Id");
    const auto stopped = std::chrono::steady_clock::now();
    call(engine, "POST", "/containers/" + std::string(argv[5]) + "/stop?t=3");
    call(engine, "POST", "/containers/" + id + "/start");
    wait_until_healthy(argv[4]);
    const auto gap = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - stopped);
    std::printf("{\"container\":\"%s\",\"gap_ms\":%lld}\n", id.c_str(), static_cast<long long>(gap.count()));
    return 0;
  } catch (const std::exception& error) {
    return std::fprintf(stderr, "bare_calls: %s\n", error.what()), 1;
  }
}
