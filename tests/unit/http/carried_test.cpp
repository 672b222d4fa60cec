#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <atomic>
#include <cstring>
#include <map>
#include <thread>

#include "http/client.hpp"
#include "http/one_shot.hpp"
#include "scripted_server.hpp"

using namespace deploy;
using namespace deploy::http;
using deploy::testing::ok_answer;
using std::chrono::milliseconds;

namespace {

const CallLimits kQuick{milliseconds(5000), {}};

/// Answers every request on the carried stream by itself, in a thread per stream.
class LoopCarrier final : public StreamCarrier {
 public:
  ~LoopCarrier() override {
    for (std::thread& thread : threads_) thread.join();
  }
  void carry(UniqueFd local, const std::string&) override {
    ++streams;
    if (refuse) throw Error(ErrorCode::host_key_unknown, "ssh", "who is this?");
    threads_.emplace_back([fd = std::move(local), this] { answer(fd.get()); });
  }
  std::string diagnosis(const std::string&) override { return words; }
  std::exception_ptr failure(const std::string&) override { return cause; }
  bool opened(const std::string&) override { return !cause; }
  void forget(const std::string&) override { ++forgotten; }

  std::atomic<int> streams{0};
  std::atomic<int> forgotten{0};
  bool refuse = false;
  bool close_at_once = false;
  std::string words;
  std::exception_ptr cause;

 private:
  void answer(int fd) const {
    std::string seen;
    char bytes[4096];
    while (!close_at_once) {
      const ssize_t n = ::recv(fd, bytes, sizeof bytes, 0);
      if (n < 0 && errno == EAGAIN) {
        std::this_thread::sleep_for(milliseconds(1));
        continue;
      }
      if (n <= 0) return;
      seen.append(bytes, static_cast<std::size_t>(n));
      if (!seen.ends_with("\r\n\r\n")) continue;
      seen.clear();
      const std::string reply = ok_answer("OK");
      (void)!::send(fd, reply.data(), reply.size(), MSG_NOSIGNAL);
    }
  }

  std::vector<std::thread> threads_;
};

bool connect_from_another_process(const sockaddr_un& address) {
  const pid_t pid = fork();
  if (pid == 0) {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    _exit(::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ? 0 : 1);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

TEST_CASE("http: a hundred requests over a carried stream use one stream") {
  const auto carrier = std::make_shared<LoopCarrier>();
  {
    Client client(Endpoint::carried(carrier, "ssh://somewhere"));
    int opened = 0;
    for (int i = 0; i < 100; ++i) {
      const Response answer = client.send({.path = "/_ping"}, kQuick);
      CHECK(answer.body == "OK");
      opened += answer.connections_opened;
    }
    CHECK(opened == 1);
    CHECK(carrier->streams == 1);
  }
  CHECK(carrier->forgotten == 1);
}

TEST_CASE("http: what the carrier throws comes back as itself") {
  const auto carrier = std::make_shared<LoopCarrier>();
  carrier->refuse = true;
  Client client(Endpoint::carried(carrier, "ssh://somewhere"));
  CHECK_THROWS_WITH_AS(client.send({}, kQuick), "who is this?", Error);
}

TEST_CASE("http: why a stream never opened is the error, not the closed socket it left behind") {
  const auto carrier = std::make_shared<LoopCarrier>();
  carrier->close_at_once = true;
  carrier->cause = std::make_exception_ptr(Error(ErrorCode::host_key_changed, "ssh", "another key"));
  Client client(Endpoint::carried(carrier, "ssh://somewhere"));
  CHECK_THROWS_WITH_AS(client.send({}, kQuick), "another key", Error);
}

TEST_CASE("http: the far side's words join the error text") {
  const auto carrier = std::make_shared<LoopCarrier>();
  carrier->close_at_once = true;
  carrier->words = "docker: command not found";
  Client client(Endpoint::carried(carrier, "ssh://somewhere"));
  try {
    client.send({.path = "/info"}, kQuick);
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::connection_lost);
    CHECK(std::string(error.what()).find("GET /info at ssh://somewhere") != std::string::npos);
    CHECK(std::string(error.what()).find("docker: command not found") != std::string::npos);
  }
}

TEST_CASE("http: a foreign process at the one-shot socket is turned away, and ours still gets in") {
  OneShotListener listener;
  REQUIRE(connect_from_another_process(listener.address()));
  CHECK(!listener.accept_own());
  const UniqueFd own(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  REQUIRE(::connect(own.get(), reinterpret_cast<const sockaddr*>(&listener.address()), sizeof(sockaddr_un)) == 0);
  CHECK(listener.accept_own());
  CHECK(::access(listener.address().sun_path, F_OK) != 0);
  CHECK(!connect_from_another_process(listener.address()));
}
