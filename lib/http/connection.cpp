#include "http/connection.hpp"

#include <sys/socket.h>

#include <atomic>
#include <cstring>
#include <new>

namespace deploy::http {

namespace {

std::string next_stream_name() {
  static std::atomic<unsigned long> counter{0};
  return "http-" + std::to_string(++counter);
}

// libcurl wants one call before the first handle; a later one by the embedder is counted, not repeated.
void initialise_curl() {
  static const CURLcode result = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (result != CURLE_OK) throw Error(ErrorCode::internal, "http", "libcurl cannot be initialised");
}

}  // namespace

Connection::Connection(const Endpoint& endpoint) : endpoint_(endpoint) {
  initialise_curl();
  multi_.reset(curl_multi_init());
  easy_.reset(curl_easy_init());
  if (!multi_ || !easy_) throw std::bad_alloc();
}

Connection::~Connection() {
  easy_.reset();
  multi_.reset();  // closes the connection, which ends the stream
  forget_stream();
}

void Connection::forget_stream() noexcept {
  if (!stream_.empty()) endpoint_.carrier->forget(stream_);
  stream_.clear();
}

curl_socket_t Connection::open_carried(curl_sockaddr* address) {
  forget_stream();
  listener_ = std::make_unique<OneShotListener>();
  const sockaddr_un& target = listener_->address();
  static_assert(sizeof target <= sizeof(sockaddr_storage));
  address->family = AF_UNIX;
  address->socktype = SOCK_STREAM;
  address->protocol = 0;
  address->addrlen = sizeof target;
  // libcurl documents that the callback may change the address, and keeps room for the largest kind of it.
  std::memcpy(static_cast<void*>(&address->addr), &target, sizeof target);
  return ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

void Connection::hand_over() {
  if (!listener_) return;
  UniqueFd accepted = listener_->accept_own();
  if (!accepted) return;
  listener_.reset();
  stream_ = next_stream_name();
  endpoint_.carrier->carry(std::move(accepted), stream_);
}

std::string Connection::diagnosis() const { return stream_.empty() ? "" : endpoint_.carrier->diagnosis(stream_); }

std::exception_ptr Connection::carrier_failure() const {
  return stream_.empty() ? nullptr : endpoint_.carrier->failure(stream_);
}

bool Connection::stream_opened() const {
  if (!endpoint_.carrier) return true;
  return !stream_.empty() && endpoint_.carrier->opened(stream_);
}

}  // namespace deploy::http
