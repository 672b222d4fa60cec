#include <doctest/doctest.h>

#include <array>
#include <thread>

#include "http/client.hpp"
#include "scripted_server.hpp"

using namespace deploy;
using namespace deploy::http;
using deploy::testing::ok_answer;
using deploy::testing::ScriptedServer;
using deploy::testing::SeenRequest;
using std::chrono::milliseconds;

namespace {

const CallLimits kFiveSeconds{milliseconds(5000), {}};

std::string echo(const SeenRequest& request) { return ok_answer(request.body); }
std::string silence(const SeenRequest&) { return "hang"; }
std::string hang_up(const SeenRequest&) { return ""; }

template <class F>
Error error_of(F call) {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  FAIL("no error was thrown");
  return Error(ErrorCode::internal, "", "");
}

milliseconds time_of(const auto& call) {
  const auto start = std::chrono::steady_clock::now();
  call();
  return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - start);
}

}  // namespace

TEST_CASE("http: a hundred requests travel over one connection") {
  ScriptedServer server(echo);
  Client client(Endpoint::url(server.url()));
  int opened = 0;
  for (int i = 0; i < 100; ++i) opened += client.send({.method = "POST", .path = "/x", .body = "hello"}, kFiveSeconds).connections_opened;
  CHECK(opened == 1);
  CHECK(server.connections() == 1);
}

TEST_CASE("http: a request arrives as it was meant, and so does its answer") {
  ScriptedServer server([](const SeenRequest&) {
    return "HTTP/1.1 404 Not Found\r\nContent-Length: 7\r\nDocker-Content-Digest: sha256:abc  \r\n\r\nnothing";
  });
  Client client(Endpoint::url(server.url() + "/v2/"));
  const Response answer = client.send({.method = "DELETE", .path = "/a/../b?force=1", .headers = {{"X-Empty", ""}, {"X-One", "1"}}}, kFiveSeconds);
  CHECK(answer.status == 404);
  CHECK(answer.body == "nothing");
  CHECK(answer.header("docker-content-digest") == "sha256:abc");
  const std::string head = server.seen().at(0).head;
  CHECK(head.starts_with("DELETE /v2/a/../b?force=1 HTTP/1.1\r\n"));
  CHECK(head.find("X-One: 1\r\n") != std::string::npos);
  CHECK(head.find("X-Empty:\r\n") != std::string::npos);
  CHECK(head.find("Content-Type") == std::string::npos);
}

TEST_CASE("http: every method carries its body, or the length 0 where one is expected") {
  ScriptedServer server(echo);
  Client client(Endpoint::url(server.url()));
  for (const char* method : {"POST", "PUT", "PATCH"}) {
    CHECK(client.send({.method = method, .body = "payload"}, kFiveSeconds).body == "payload");
    CHECK(client.send({.method = method}, kFiveSeconds).status == 200);
    CHECK(server.seen().back().head.find("Content-Length: 0") != std::string::npos);
  }
  CHECK(client.send({.method = "HEAD"}, kFiveSeconds).body.empty());
  CHECK(server.seen().back().head.starts_with("HEAD / "));
}

TEST_CASE("http: a streamed upload goes out in chunks, or with its length when that is known") {
  ScriptedServer server([](const SeenRequest& r) { return ok_answer(std::to_string(r.body.size())); });
  Client client(Endpoint::url(server.url()));
  for (const bool known : {false, true}) {
    std::size_t left = 3'000'000;
    Request request{.method = "POST", .path = "/build"};
    request.body_source = [&left](char* to, std::size_t size) {
      const std::size_t n = std::min(left, size);
      std::fill_n(to, n, 'x');
      left -= n;
      return n;
    };
    if (known) request.body_size = left;
    CHECK(client.send(request, kFiveSeconds).body == "3000000");
    CHECK((server.seen().back().head.find("chunked") != std::string::npos) == !known);
  }
}

TEST_CASE("http: a streamed answer arrives piece by piece; an exception thrown there comes back as itself") {
  ScriptedServer server([](const SeenRequest&) { return ok_answer(std::string(1'000'000, 'y')); });
  Client client(Endpoint::url(server.url()));
  std::size_t got = 0;
  const Response answer = client.send({.on_data = [&](std::string_view piece) { got += piece.size(); }}, kFiveSeconds);
  CHECK(got == 1'000'000);
  CHECK(answer.body.empty());
  struct Enough {};
  CHECK_THROWS_AS(client.send({.on_data = [](std::string_view) { throw Enough(); }}, kFiveSeconds), Enough);
  CHECK(client.send({}, kFiveSeconds).body.size() == 1'000'000);
}

TEST_CASE("http: an error status fills the body even when the answer was to be streamed") {
  ScriptedServer server([](const SeenRequest&) { return "HTTP/1.1 500 Oops\r\nContent-Length: 3\r\n\r\nbad"; });
  Client client(Endpoint::url(server.url()));
  const Response answer = client.send({.on_data = [](std::string_view) { FAIL("streamed an error"); }}, kFiveSeconds);
  CHECK(answer.body == "bad");
}

TEST_CASE("http: an exception of the upload's source comes back as itself") {
  ScriptedServer server(echo);
  Client client(Endpoint::url(server.url()));
  Request request{.method = "POST"};
  request.body_source = [](char*, std::size_t) -> std::size_t { throw std::runtime_error("disk gone"); };
  CHECK_THROWS_WITH(client.send(request, kFiveSeconds), "disk gone");
}

TEST_CASE("http: an answer above the limit is an error, not an exhausted memory") {
  ScriptedServer server([](const SeenRequest&) { return ok_answer(std::string(5000, 'z')); });
  Client client(Endpoint::url(server.url()));
  CHECK(error_of([&] { client.send({.body_limit = 4999}, kFiveSeconds); }).code() == ErrorCode::protocol);
  CHECK(client.send({.body_limit = 5000}, kFiveSeconds).body.size() == 5000);
}

TEST_CASE("http: headers without end are an error, not an exhausted memory") {
  std::string flood = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 40'000; ++i) flood += "X-More: and more of them\r\n";
  ScriptedServer server([&](const SeenRequest&) { return flood + "\r\n"; });
  Client client(Endpoint::url(server.url()));
  const Error error = error_of([&] { client.send({}, kFiveSeconds); });
  CHECK(error.code() == ErrorCode::protocol);
  CHECK(std::string(error.what()).find("headers are larger than") != std::string::npos);
}

TEST_CASE("http: nobody listens: unreachable, and nothing was sent") {
  int port = 0;
  { port = ScriptedServer(echo).port(); }
  Client client(Endpoint::url("http://127.0.0.1:" + std::to_string(port)));
  const Error error = error_of([&] { client.send({.method = "POST", .path = "/x?secret=1"}, kFiveSeconds); });
  CHECK(error.code() == ErrorCode::unreachable);
  CHECK(error.details().at("sent") == "no");
  CHECK(std::string(error.what()).find("secret") == std::string::npos);
  CHECK(error_of([] { Client(Endpoint::unix_socket("/nonexistent.sock")).send({}, kFiveSeconds); }).code() == ErrorCode::unreachable);
}

TEST_CASE("http: the peer hangs up after the request: its effect is unknown") {
  ScriptedServer server(hang_up);
  Client client(Endpoint::url(server.url()));
  const Error error = error_of([&] { client.send({.method = "POST", .body = "create"}, kFiveSeconds); });
  CHECK(error.code() == ErrorCode::connection_lost);
  CHECK(error.outcome_unknown());
  CHECK(error.details().at("sent") == "yes");
}

TEST_CASE("http: a POST is never sent twice, not even when a kept-alive connection dies under it") {
  int answers = 0;
  ScriptedServer server([&answers](const SeenRequest&) { return ++answers == 1 ? ok_answer("first") : std::string(); });
  Client client(Endpoint::url(server.url()));
  CHECK(client.send({.method = "POST", .body = "1"}, kFiveSeconds).body == "first");
  CHECK(error_of([&] { client.send({.method = "POST", .body = "2"}, kFiveSeconds); }).code() == ErrorCode::connection_lost);
  CHECK(server.seen().size() == 2);
}

TEST_CASE("http: a GET is sent again when a kept-alive connection dies under it") {
  int answers = 0;
  ScriptedServer server([&answers](const SeenRequest&) { return ++answers == 2 ? std::string() : ok_answer("fine"); });
  Client client(Endpoint::url(server.url()));
  CHECK(client.send({}, kFiveSeconds).body == "fine");
  CHECK(client.send({}, kFiveSeconds).body == "fine");
  CHECK(server.seen().size() == 3);
}

TEST_CASE("http: a peer that says nothing is a timeout at the deadline") {
  ScriptedServer server(silence);
  Client client(Endpoint::url(server.url()));
  Error error(ErrorCode::internal, "", "");
  const auto took = time_of([&] { error = error_of([&] { client.send({.method = "POST"}, {milliseconds(300), {}}); }); });
  CHECK(error.code() == ErrorCode::timeout);
  CHECK(took >= milliseconds(300));
  CHECK(took < milliseconds(600));
}

TEST_CASE("http: an answer that dries up is a timeout long before the deadline, when asked for") {
  ScriptedServer server([](const SeenRequest&) { return "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this"; });
  Client client(Endpoint::url(server.url()));
  const auto took = time_of([&] {
    CHECK(error_of([&] { client.send({.idle_timeout = milliseconds(200)}, kFiveSeconds); }).code() == ErrorCode::timeout);
  });
  CHECK(took < milliseconds(1000));
}

TEST_CASE("http: a call is stopped from another thread at once") {
  ScriptedServer server(silence);
  Client client(Endpoint::url(server.url()));
  std::stop_source stop;
  std::chrono::steady_clock::time_point asked;
  std::thread other([&] {
    std::this_thread::sleep_for(milliseconds(100));
    asked = std::chrono::steady_clock::now();
    stop.request_stop();
  });
  CHECK(error_of([&] { client.send({}, {milliseconds(10'000), stop.get_token()}); }).code() == ErrorCode::cancelled);
  const auto took = std::chrono::steady_clock::now() - asked;
  other.join();
  CHECK(took < milliseconds(100));
  CHECK(error_of([&] { client.send({}, {milliseconds(10'000), stop.get_token()}); }).details().at("sent") == "no");
}

TEST_CASE("http: concurrent calls each use a connection of their own") {
  ScriptedServer server(echo);
  Client client(Endpoint::url(server.url()));
  std::array<std::thread, 8> threads;
  std::atomic<int> good{0};
  for (std::size_t i = 0; i < threads.size(); ++i)
    threads[i] = std::thread([&, i] {
      const std::string body(1000 + i, static_cast<char>('a' + i));
      for (int n = 0; n < 50; ++n) good += client.send({.method = "POST", .body = body}, kFiveSeconds).body == body ? 1 : 0;
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(good == 400);
  CHECK(server.connections() <= 8);
}

TEST_CASE("http: redirects are followed only when asked, and never with another method than GET or HEAD") {
  ScriptedServer server([](const SeenRequest& r) {
    return r.head.starts_with("GET /old") ? "HTTP/1.1 302 Found\r\nLocation: /new\r\nX-Old: 1\r\nContent-Length: 0\r\n\r\n" : ok_answer("new");
  });
  Client client(Endpoint::url(server.url()));
  CHECK(client.send({.path = "/old"}, kFiveSeconds).status == 302);
  const Response followed = client.send({.path = "/old", .follow_redirects = true}, kFiveSeconds);
  CHECK(followed.body == "new");
  CHECK(followed.header("X-Old").empty());
  CHECK(error_of([&] { client.send({.method = "POST", .follow_redirects = true}, kFiveSeconds); }).code() == ErrorCode::invalid_argument);
}

TEST_CASE("http: a line break smuggled into a header, a path or a method is refused") {
  Client client(Endpoint::url("http://127.0.0.1:1"));
  const std::string bad = "x\r\nInjected: 1";
  for (const Request& request : {Request{.method = bad}, Request{.path = "/" + bad}, Request{.headers = {{"X", bad}}}, Request{.headers = {{bad, "x"}}}})
    CHECK(error_of([&] { client.send(request, kFiveSeconds); }).code() == ErrorCode::invalid_argument);
}

TEST_CASE("http: an answer that is no HTTP is a protocol error") {
  ScriptedServer server([](const SeenRequest&) { return "SSH-2.0-OpenSSH_9.2\r\nConnection: close\r\n"; });
  Client client(Endpoint::url(server.url()));
  CHECK(error_of([&] { client.send({}, kFiveSeconds); }).code() == ErrorCode::protocol);
}

TEST_CASE("http: text is percent-encoded but for the unreserved characters") {
  CHECK(percent_encode("a-Z_0.9~/ {}\xc3\xa4") == "a-Z_0.9~%2F%20%7B%7D%C3%A4");
}
