// A tiny HTTP server inside the test: says what it is told, remembers what it saw.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "support/unique_fd.hpp"

namespace deploy::testing {

struct SeenRequest {
  std::string head;  ///< request line and headers, as received
  std::string body;  ///< chunks joined
};

/// "HTTP/1.1 200 OK" with that body and its length.
[[nodiscard]] std::string ok_answer(const std::string& body);

class ScriptedServer {
 public:
  /// Gives the bytes to send for a request; "" closes the connection without an answer, "hang" says nothing and keeps it open.
  using Script = std::function<std::string(const SeenRequest&)>;

  /// On 127.0.0.1 with a port of the system's choice, or on a unix socket at `path`.
  explicit ScriptedServer(Script script, const std::string& path = "");
  ~ScriptedServer();

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] std::vector<SeenRequest> seen();
  [[nodiscard]] int connections();

 private:
  void accept_loop();
  void serve(int fd);

  Script script_;
  UniqueFd listener_;
  int port_ = 0;
  std::mutex mutex_;
  std::vector<SeenRequest> seen_;
  std::vector<int> open_;
  std::vector<std::thread> workers_;
  int connections_ = 0;
  bool ending_ = false;
  std::thread acceptor_;
};

}  // namespace deploy::testing
