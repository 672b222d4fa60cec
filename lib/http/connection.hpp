// A libcurl handle with its own connection cache, and the stream that a carrier runs for it.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>

#include "http/client.hpp"
#include "http/one_shot.hpp"

namespace deploy::http {

// libcurl's easy and multi handles are both `void`: a deleter each.
struct EasyFree {
  void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
};
struct MultiFree {
  void operator()(CURLM* handle) const noexcept { curl_multi_cleanup(handle); }
};
struct ListFree {
  void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};

/// Serves one request at a time; kept by the pool between requests, so that the connection stays alive.
class Connection {
 public:
  explicit Connection(const Endpoint& endpoint);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  [[nodiscard]] CURLM* multi() const { return multi_.get(); }
  [[nodiscard]] CURL* easy() const { return easy_.get(); }
  [[nodiscard]] const Endpoint& endpoint() const { return endpoint_; }

  /// Points libcurl at a fresh one-shot listener. For the open-socket callback of a carried endpoint.
  curl_socket_t open_carried(curl_sockaddr* address);
  /// Hands libcurl's connection to the carrier once it has been made; throws what the carrier throws.
  void hand_over();
  /// The listener that waits for libcurl, -1 when none does.
  [[nodiscard]] int waiting_fd() const { return listener_ ? listener_->fd() : -1; }

  [[nodiscard]] std::string diagnosis() const;
  [[nodiscard]] std::exception_ptr carrier_failure() const;
  [[nodiscard]] bool stream_opened() const;

 private:
  void forget_stream() noexcept;

  const Endpoint& endpoint_;
  std::unique_ptr<OneShotListener> listener_;
  std::string stream_;  // the carrier's key of our stream
  // Before multi_ goes, easy_ must have left it: Exchange takes care of that.
  std::unique_ptr<CURL, EasyFree> easy_;
  std::unique_ptr<CURLM, MultiFree> multi_;
};

}  // namespace deploy::http
