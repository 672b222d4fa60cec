#include <algorithm>
#include <array>
#include <atomic>
#include <thread>

#include "harness.hpp"
#include "http/client.hpp"
#include "scripted_server.hpp"

using namespace deploy;
using namespace deploy::ssh;
using namespace deploy::ssh::testing;
using deploy::testing::ok_answer;
using deploy::testing::ScriptedServer;
using deploy::testing::SeenRequest;

namespace {

http::Client engine_over(Transport& transport, std::vector<std::string> argv = {"docker", "system", "dial-stdio"}) {
  return http::Client(http::Endpoint::carried(transport.exec_carrier(std::move(argv)), to_string(target())));
}

http::Client server_over(Transport& transport, int port) {
  return http::Client(http::Endpoint::carried(transport.tcp_carrier("127.0.0.1", static_cast<std::uint16_t>(port)), to_string(target())));
}

std::string big_echo(const SeenRequest& request) { return ok_answer(request.body); }

std::string pattern(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>('a' + (i * 7 + i / 4096) % 26);
  return text;
}

}  // namespace

TEST_CASE_TEMPLATE("a hundred calls to the Engine use one connection", Adapter, SSH_ADAPTERS) {
  Adapter adapter;
  const auto transport = adapter.open(target(), good_options());
  http::Client engine = engine_over(*transport);
  int opened = 0;
  for (int i = 0; i < 100; ++i) {
    const http::Response pong = engine.send({.path = "/_ping"}, kQuick);
    CHECK(pong.body == "OK");
    opened += pong.connections_opened;
  }
  CHECK(opened == 1);
}

TEST_CASE_TEMPLATE("a host without the program says so, and counts as not reached", Adapter, SSH_ADAPTERS) {
  Adapter adapter;
  const auto transport = adapter.open(target(), good_options());
  http::Client engine = engine_over(*transport, {"no-docker-here", "system", "dial-stdio"});
  const Error error = error_of([&] { engine.send({.path = "/_ping"}, kQuick); });
  CHECK(error.code() == ErrorCode::unreachable);
  CHECK(contains(error.what(), "no-docker-here"));
  CHECK(contains(error.what(), "not found"));
}

TEST_CASE_TEMPLATE("what the remote program says on its standard error joins the error", Adapter, SSH_ADAPTERS) {
  Adapter adapter;
  const auto transport = adapter.open(target(), good_options());
  http::Client engine = engine_over(*transport, {"sh", "-c", "echo the engine is away >&2; exit 1"});
  const Error error = error_of([&] { engine.send({.path = "/_ping"}, kQuick); });
  CHECK(contains(error.what(), "the engine is away"));
  CHECK(contains(error.what(), "exit code 1"));
}

TEST_CASE_TEMPLATE("a server next to the host is reached through the session, over one kept-alive stream", Adapter, SSH_ADAPTERS) {
  ScriptedServer server([](const SeenRequest&) { return ok_answer("healthy"); });
  Adapter adapter;
  const auto transport = adapter.open(target(), good_options());
  http::Client client = server_over(*transport, server.port());
  for (int i = 0; i < 20; ++i) CHECK(client.send({.path = "/health"}, kQuick).body == "healthy");
  CHECK(server.connections() == 1);
}

TEST_CASE_TEMPLATE("a port on which nobody listens there is refused by the host, and the session lives on", Adapter, SSH_ADAPTERS) {
  Adapter adapter;
  const auto transport = adapter.open(target(), good_options());
  const std::string session = transport->exec({"sh", "-c", "echo $PPID"}, "", kQuick).output;
  http::Client client = server_over(*transport, 1);
  const Error error = error_of([&] { client.send({.method = "POST"}, kQuick); });
  CHECK(error.code() == ErrorCode::refused);
  CHECK(contains(error.what(), "127.0.0.1 port 1"));
  CHECK(transport->exec({"sh", "-c", "echo $PPID"}, "", kQuick).output == session);
}

TEST_CASE_TEMPLATE("a server that closes after its answer is heard to the end", Adapter, SSH_ADAPTERS) {
  const std::string body = pattern(3'000'000);
  ScriptedServer server([&](const SeenRequest&) { return "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body; });
  Adapter adapter;
  const auto transport = adapter.open(target(), good_options());
  http::Client client = server_over(*transport, server.port());
  CHECK(client.send({}, kQuick).body == body);
  CHECK(client.send({}, kQuick).body == body);
}

TEST_CASE_TEMPLATE("fifty megabytes each way go through a small send buffer", Adapter, SSH_ADAPTERS) {
  ScriptedServer server(big_echo);
  Adapter adapter;
  // With a tiny buffer the kernel's delayed acknowledgements set the pace (some 2 MB/s), so it gets less to carry.
  struct Load {
    int send_buffer;
    std::size_t bytes;
  };
  for (const Load load : {Load{0, 50u << 20}, Load{64 * 1024, 50u << 20}, Load{4 * 1024, 4u << 20}}) {
    CAPTURE(load.send_buffer);
    Options options = good_options();
    options.send_buffer = load.send_buffer;
    const auto transport = adapter.open(target(), options);
    http::Client client = server_over(*transport, server.port());
    const std::string body = pattern(load.bytes);
    http::Request request{.method = "POST", .path = "/echo", .body = body};
    request.body_limit = 64u << 20;
    CHECK((client.send(request, {milliseconds(60'000), {}}).body == body));
  }
}

TEST_CASE_TEMPLATE("eight streams of one session carry their own bytes at once, each way, with a small send buffer", Adapter, SSH_ADAPTERS) {
  ScriptedServer server(big_echo);
  Adapter adapter;
  Options options = good_options();
  options.send_buffer = 64 * 1024;
  const auto transport = adapter.open(target(), options);
  (void)transport->exec({"true"}, "", kQuick);
  http::Client client = server_over(*transport, server.port());
  std::array<std::thread, 8> threads;
  std::atomic<int> good{0};
  for (std::size_t i = 0; i < threads.size(); ++i)
    threads[i] = std::thread([&, i] {
      const std::string body = pattern(2'000'000 + i * 1'001);
      for (int n = 0; n < 3; ++n) good += client.send({.method = "POST", .body = body}, {milliseconds(60'000), {}}).body == body ? 1 : 0;
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(good == 24);
}

TEST_CASE_TEMPLATE("a stream does not wait for another one's bytes: error output first, then the answer", Adapter, SSH_ADAPTERS) {
  // The loss of a wake-up: reading one stream takes the other's packet off the socket, and no event tells of it again.
  Adapter adapter;
  const auto transport = adapter.open(target(), good_options());
  const std::string script = "while read -r line; do echo noise >&2; printf '%s\\n' \"$line\"; done";
  for (int i = 0; i < 5; ++i) {
    const ExecResult result = transport->exec({"sh", "-c", script}, "1\n2\n3\n4\n5\n6\n7\n8\n9\n", {milliseconds(5'000), {}});
    CHECK(result.output == "1\n2\n3\n4\n5\n6\n7\n8\n9\n");
    CHECK(result.error.size() == 9 * 6);
  }
}

TEST_CASE_TEMPLATE("a slow reader holds up its own stream and no other", Adapter, SSH_ADAPTERS) {
  ScriptedServer server([body = pattern(30'000'000)](const SeenRequest&) { return ok_answer(body); });
  Adapter adapter;
  const auto transport = adapter.open(target(), good_options());
  http::Client client = server_over(*transport, server.port());
  std::atomic<bool> release{false};
  std::atomic<std::size_t> got{0};
  std::thread slow([&] {
    client.send({.on_data = [&](std::string_view piece) {
                   got += piece.size();
                   while (!release) std::this_thread::sleep_for(milliseconds(2));
                 }},
                kQuick);
  });
  while (got == 0) std::this_thread::sleep_for(milliseconds(2));
  for (int i = 0; i < 10; ++i) CHECK(transport->exec({"echo", "quick"}, "", kQuick).output == "quick\n");
  release = true;
  slow.join();
  CHECK(got == 30'000'000);
}

TEST_CASE_TEMPLATE("a call is cancelled while its stream is silent, and the session lives on", Adapter, SSH_ADAPTERS) {
  ScriptedServer server([](const SeenRequest&) { return "hang"; });
  Adapter adapter;
  const auto transport = adapter.open(target(), good_options());
  const std::string session = transport->exec({"sh", "-c", "echo $PPID"}, "", kQuick).output;
  http::Client client = server_over(*transport, server.port());
  std::stop_source stop;
  std::thread other([&] {
    std::this_thread::sleep_for(milliseconds(300));
    stop.request_stop();
  });
  const auto took = time_of([&] {
    CHECK(error_of([&] { client.send({}, {milliseconds(20'000), stop.get_token()}); }).code() == ErrorCode::cancelled);
  });
  other.join();
  CHECK(took < milliseconds(600));
  CHECK(transport->exec({"sh", "-c", "echo $PPID"}, "", kQuick).output == session);
}

TEST_CASE_TEMPLATE("the remote program is gone after its stream was cancelled", Adapter, SSH_ADAPTERS) {
  Adapter adapter;
  const auto transport = adapter.open(target(), good_options());
  const std::string mark = service("TMP") + "/cancelled." + Adapter::kName;
  {
    http::Client client = engine_over(*transport, {"sh", "-c", "echo $$ > " + mark + "; exec cat > /dev/null"});
    CHECK(error_of([&] { client.send({}, {milliseconds(1'000), {}}); }).code() == ErrorCode::timeout);
  }
  bool running = true;
  for (int i = 0; running && i < 100; ++i) {
    running = transport->exec({"sh", "-c", "kill -0 $(cat " + mark + ") 2>/dev/null"}, "", kQuick).exit_code == 0;
    std::this_thread::sleep_for(milliseconds(20));
  }
  CHECK(!running);
}
