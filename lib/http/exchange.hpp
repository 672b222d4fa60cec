// One request and its answer on one connection.
#pragma once

#include <exception>

#include "http/connection.hpp"
#include "http/failure.hpp"
#include "support/deadline.hpp"

namespace deploy::http {

class Exchange {
 public:
  Exchange(Connection& connection, const Request& request, const CallLimits& limits);
  ~Exchange();
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  /// Blocks until the answer is there; throws as Client::send says.
  Response run();

 private:
  void set_up();
  void set_up_transport();
  void set_up_tls();
  void set_up_body();
  void set_up_headers();

  void drive();
  void check_limits();
  void check_idle(SteadyClock::time_point now);
  [[nodiscard]] int wait_ms() const;
  void finish(CURLcode code);

  [[nodiscard]] bool sent() const;
  [[nodiscard]] Ending ending(const char* text) const;

  std::size_t take_body(const char* data, std::size_t size);
  std::size_t take_header(std::string_view line);
  curl_socket_t open_socket(curl_sockaddr* address);

  /// Runs a callback's work; an exception must not cross libcurl's C frames: it is kept and thrown by run().
  template <class T, class F>
  T guarded(T failed, F work) noexcept;

  static std::size_t on_write(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_read(char* data, std::size_t size, std::size_t count, void* self);
  static curl_socket_t on_open_socket(void* self, curlsocktype purpose, curl_sockaddr* address);

  template <class T>
  void set(CURLoption option, T value);

  Connection& connection_;
  const Endpoint& endpoint_;
  const Request& request_;
  const CallLimits& limits_;
  const SteadyClock::time_point deadline_;
  std::unique_ptr<curl_slist, ListFree> headers_;
  std::unique_ptr<curl_slist, ListFree> connect_to_;
  char error_text_[CURL_ERROR_SIZE] = "";
  Response response_;
  std::exception_ptr thrown_;
  SteadyClock::time_point last_activity_;
  curl_off_t last_bytes_ = 0;
  std::size_t header_bytes_ = 0;  ///< of every answer so far: interim ones and redirects count too
  bool attached_ = false;
};

}  // namespace deploy::http
