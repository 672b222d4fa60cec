#include "scripted_server.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>
#include <stdexcept>

namespace deploy::testing {

namespace {

/// Reads a request from the stream; keeps what follows it. False at the end of the stream.
class Reader {
 public:
  explicit Reader(int fd) : fd_(fd) {}

  bool next(SeenRequest& request) {
    const std::size_t end = find("\r\n\r\n");
    if (end == std::string::npos) return false;
    request.head = take(end + 4);
    const std::size_t length = request.head.find("Content-Length: ");
    if (length != std::string::npos) return body(std::stoul(request.head.substr(length + 16)), request.body);
    if (request.head.find("Transfer-Encoding: chunked") != std::string::npos) return chunks(request.body);
    return true;
  }

 private:
  bool more() {
    char bytes[65536];
    const ssize_t n = ::recv(fd_, bytes, sizeof bytes, 0);
    if (n <= 0) return false;
    pending_.append(bytes, static_cast<std::size_t>(n));
    return true;
  }
  std::size_t find(const char* what) {
    std::size_t at = 0;
    while ((at = pending_.find(what)) == std::string::npos)
      if (!more()) return at;
    return at;
  }
  std::string take(std::size_t count) {
    std::string taken = pending_.substr(0, count);
    pending_.erase(0, count);
    return taken;
  }
  bool body(std::size_t count, std::string& to) {
    while (pending_.size() < count)
      if (!more()) return false;
    to += take(count);
    return true;
  }
  bool chunks(std::string& to) {
    while (true) {
      const std::size_t end = find("\r\n");
      if (end == std::string::npos) return false;
      const std::size_t size = std::stoul(take(end + 2), nullptr, 16);
      std::string line_end;
      if (!body(size, to) || !body(2, line_end)) return false;
      if (size == 0) return true;
    }
  }

  int fd_;
  std::string pending_;
};

}  // namespace

std::string ok_answer(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

ScriptedServer::ScriptedServer(Script script, const std::string& path) : script_(std::move(script)) {
  listener_.reset(::socket(path.empty() ? AF_INET : AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un local{};
  sockaddr_in loopback{};
  local.sun_family = AF_UNIX;
  std::strncpy(local.sun_path, path.c_str(), sizeof local.sun_path - 1);
  loopback.sin_family = AF_INET;
  loopback.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto* address = path.empty() ? reinterpret_cast<sockaddr*>(&loopback) : reinterpret_cast<sockaddr*>(&local);
  const socklen_t size = path.empty() ? sizeof loopback : sizeof local;
  if (::bind(listener_.get(), address, size) != 0 || ::listen(listener_.get(), 64) != 0)
    throw std::runtime_error(std::string("scripted server: ") + std::strerror(errno));
  socklen_t length = sizeof loopback;
  if (path.empty() && getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&loopback), &length) == 0) port_ = ntohs(loopback.sin_port);
  acceptor_ = std::thread([this] { accept_loop(); });
}

ScriptedServer::~ScriptedServer() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    for (const int fd : open_) ::shutdown(fd, SHUT_RDWR);
  }
  ::shutdown(listener_.get(), SHUT_RDWR);
  acceptor_.join();
  for (std::thread& worker : workers_) worker.join();
  for (const int fd : open_) ::close(fd);
}

void ScriptedServer::accept_loop() {
  while (true) {
    const int fd = ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    const std::lock_guard lock(mutex_);
    open_.push_back(fd);
    ++connections_;
    if (ending_) ::shutdown(fd, SHUT_RDWR);
    workers_.emplace_back([this, fd] { serve(fd); });
  }
}

void ScriptedServer::serve(int fd) {
  Reader reader(fd);
  SeenRequest request;
  while (reader.next(request)) {
    {
      const std::lock_guard lock(mutex_);
      seen_.push_back(request);
    }
    const std::string answer = script_(request);
    if (answer == "hang") continue;
    if (answer.empty()) break;
    std::size_t sent = 0;
    while (sent < answer.size()) {
      const ssize_t n = ::send(fd, answer.data() + sent, answer.size() - sent, MSG_NOSIGNAL);
      if (n <= 0) break;
      sent += static_cast<std::size_t>(n);
    }
    if (answer.find("Connection: close") != std::string::npos) break;
    request = {};
  }
  ::shutdown(fd, SHUT_RDWR);
}

std::vector<SeenRequest> ScriptedServer::seen() {
  const std::lock_guard lock(mutex_);
  return seen_;
}

int ScriptedServer::connections() {
  const std::lock_guard lock(mutex_);
  return connections_;
}

}  // namespace deploy::testing
