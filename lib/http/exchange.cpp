#include "http/exchange.hpp"

#include <algorithm>
#include <stop_token>

#include "support/deadline.hpp"
#include "support/sigpipe_guard.hpp"

namespace deploy::http {

namespace {
// A safety net: every event that matters wakes the poll by itself.
constexpr std::chrono::milliseconds kLongestPoll{1000};
}  // namespace

Exchange::Exchange(Connection& connection, const Request& request, const CallLimits& limits)
    : connection_(connection), endpoint_(connection.endpoint()), request_(request), limits_(limits),
      deadline_(deadline_after(limits.timeout)), last_activity_(SteadyClock::now()) {
  set_up();
}

Exchange::~Exchange() {
  // Of an unfinished transfer libcurl closes the connection here; of a finished one it keeps it for the next request.
  const SigpipeGuard quiet;
  if (attached_) curl_multi_remove_handle(connection_.multi(), connection_.easy());
  curl_easy_reset(connection_.easy());
}

Response Exchange::run() {
  const SigpipeGuard quiet;
  const std::stop_callback wake(limits_.stop, [this] { curl_multi_wakeup(connection_.multi()); });
  check_limits();
  if (curl_multi_add_handle(connection_.multi(), connection_.easy()) != CURLM_OK)
    throw Error(ErrorCode::internal, endpoint_.area, "libcurl does not take the request");
  attached_ = true;
  drive();
  return std::move(response_);
}

void Exchange::drive() {
  while (true) {
    int running = 0;
    const CURLMcode code = curl_multi_perform(connection_.multi(), &running);
    if (code != CURLM_OK) throw Error(ErrorCode::internal, endpoint_.area, std::string("libcurl: ") + curl_multi_strerror(code));
    if (thrown_) std::rethrow_exception(thrown_);
    connection_.hand_over();
    int left = 0;
    if (const CURLMsg* message = curl_multi_info_read(connection_.multi(), &left)) return finish(message->data.result);
    check_limits();
    curl_waitfd door{connection_.waiting_fd(), CURL_WAIT_POLLIN, 0};
    curl_multi_poll(connection_.multi(), &door, door.fd >= 0 ? 1 : 0, wait_ms(), nullptr);
  }
}

int Exchange::wait_ms() const {
  auto until = std::min(deadline_, SteadyClock::now() + kLongestPoll);
  if (request_.idle_timeout.count() > 0) until = std::min(until, last_activity_ + request_.idle_timeout);
  return poll_ms(until);
}

void Exchange::check_limits() {
  if (limits_.stop.stop_requested()) throw cancelled_error(ending(""), request_, endpoint_);
  const auto now = SteadyClock::now();
  if (now >= deadline_) throw timeout_error("within " + std::to_string(limits_.timeout.count()) + " ms", ending(""), request_, endpoint_);
  if (request_.idle_timeout.count() > 0) check_idle(now);
}

void Exchange::check_idle(SteadyClock::time_point now) {
  curl_off_t down = 0;
  curl_off_t up = 0;
  curl_easy_getinfo(connection_.easy(), CURLINFO_SIZE_DOWNLOAD_T, &down);
  curl_easy_getinfo(connection_.easy(), CURLINFO_SIZE_UPLOAD_T, &up);
  const curl_off_t bytes = down + up + static_cast<curl_off_t>(response_.headers.size());
  if (std::exchange(last_bytes_, bytes) != bytes) last_activity_ = now;
  if (now - last_activity_ >= request_.idle_timeout)
    throw timeout_error("and no byte for " + std::to_string(request_.idle_timeout.count()) + " ms", ending(""), request_, endpoint_);
}

bool Exchange::sent() const {
  long bytes = 0;
  curl_easy_getinfo(connection_.easy(), CURLINFO_REQUEST_SIZE, &bytes);
  return bytes > 0 && connection_.stream_opened();
}

Ending Exchange::ending(const char* text) const { return {sent(), text, connection_.diagnosis()}; }

void Exchange::finish(CURLcode code) {
  if (code == CURLE_OK) {
    long status = 0;
    long opened = 0;
    curl_easy_getinfo(connection_.easy(), CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(connection_.easy(), CURLINFO_NUM_CONNECTS, &opened);
    response_.status = static_cast<int>(status);
    response_.connections_opened = static_cast<int>(opened);
    return;
  }
  // The carrier knows why its stream never opened; libcurl only saw a socket close.
  if (const std::exception_ptr cause = connection_.carrier_failure()) std::rethrow_exception(cause);
  throw transfer_error(code, ending(error_text_[0] != 0 ? error_text_ : curl_easy_strerror(code)), request_, endpoint_);
}

template <class T, class F>
T Exchange::guarded(T failed, F work) noexcept {
  try {
    return work();
  } catch (...) {  // thrown again by drive(), on the other side of libcurl
    thrown_ = std::current_exception();
    return failed;
  }
}

std::size_t Exchange::take_body(const char* data, std::size_t size) {
  long status = 0;
  curl_easy_getinfo(connection_.easy(), CURLINFO_RESPONSE_CODE, &status);
  if (request_.on_data && status >= 200 && status < 300) {
    request_.on_data({data, size});
    return size;
  }
  if (response_.body.size() + size > request_.body_limit) throw too_large_error("the answer is", request_.body_limit, request_, endpoint_);
  response_.body.append(data, size);
  return size;
}

std::size_t Exchange::take_header(std::string_view line) {
  const std::size_t whole = line.size();
  header_bytes_ += whole;
  if (header_bytes_ > kHeaderLimit) throw too_large_error("the answer's headers are", kHeaderLimit, request_, endpoint_);
  if (line.starts_with("HTTP/")) response_.headers.clear();  // a new answer: after 100-continue or a redirect
  const std::size_t colon = line.find(':');
  if (line.starts_with("HTTP/") || colon == std::string_view::npos) return whole;
  std::string_view value = line.substr(colon + 1);
  value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
  value = value.substr(0, value.find_last_not_of(" \t\r\n") + 1);
  response_.headers.emplace_back(line.substr(0, colon), value);
  return whole;
}

curl_socket_t Exchange::open_socket(curl_sockaddr* address) {
  // libcurl asks again when a kept-alive connection turned out dead. What may have taken effect is not sent twice.
  const bool repeatable = request_.method == "GET" || request_.method == "HEAD";
  if (!repeatable && sent()) return CURL_SOCKET_BAD;
  if (endpoint_.carrier) return connection_.open_carried(address);
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

std::size_t Exchange::on_write(char* data, std::size_t size, std::size_t count, void* self) {
  auto& exchange = *static_cast<Exchange*>(self);
  return exchange.guarded<std::size_t>(CURL_WRITEFUNC_ERROR, [&] { return exchange.take_body(data, size * count); });
}

std::size_t Exchange::on_header(char* data, std::size_t size, std::size_t count, void* self) {
  auto& exchange = *static_cast<Exchange*>(self);
  return exchange.guarded<std::size_t>(0, [&] { return exchange.take_header({data, size * count}); });
}

std::size_t Exchange::on_read(char* data, std::size_t size, std::size_t count, void* self) {
  auto& exchange = *static_cast<Exchange*>(self);
  return exchange.guarded<std::size_t>(CURL_READFUNC_ABORT, [&] { return exchange.request_.body_source(data, size * count); });
}

curl_socket_t Exchange::on_open_socket(void* self, curlsocktype, curl_sockaddr* address) {
  auto& exchange = *static_cast<Exchange*>(self);
  return exchange.guarded<curl_socket_t>(CURL_SOCKET_BAD, [&] { return exchange.open_socket(address); });
}

}  // namespace deploy::http
