// How a Request is told to libcurl.
#include <new>

#include "http/exchange.hpp"

namespace deploy::http {

namespace {

constexpr long kTransferBuffer = 64 * 1024;
// A server may close an idle connection at any moment; an Engine does not, proxies and registries do within a minute.
constexpr long kDirectKeepAliveSeconds = 30;
constexpr long kLocalKeepAliveSeconds = 3600;
constexpr long kMostRedirects = 5;

void refuse_line_breaks(std::string_view text, std::string_view what, const Endpoint& endpoint) {
  if (text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos)
    throw Error(ErrorCode::invalid_argument, endpoint.area, std::string(what) + " with a line break or NUL in it");
}

std::string full_url(const Endpoint& endpoint, const std::string& path) {
  if (path.starts_with("http://") || path.starts_with("https://")) return path;
  return endpoint.base_url + path;
}

bool is_direct(const Endpoint& endpoint) { return endpoint.socket.empty() && !endpoint.carrier; }

}  // namespace

template <class T>
void Exchange::set(CURLoption option, T value) {
  const CURLcode code = curl_easy_setopt(connection_.easy(), option, value);
  if (code == CURLE_OUT_OF_MEMORY) throw std::bad_alloc();
  if (code != CURLE_OK)
    throw Error(ErrorCode::unsupported, endpoint_.area, "this libcurl refuses option " + std::to_string(option) + ": " + curl_easy_strerror(code));
}

void Exchange::set_up() {
  refuse_line_breaks(request_.method, "an HTTP method", endpoint_);
  refuse_line_breaks(request_.path, "an HTTP path", endpoint_);
  set_up_transport();
  if (is_direct(endpoint_) || endpoint_.base_url.starts_with("https:")) set_up_tls();
  set_up_body();
  set_up_headers();
}

void Exchange::set_up_transport() {
  set(CURLOPT_URL, full_url(endpoint_, request_.path).c_str());
  set(CURLOPT_USERAGENT, "libdeploy/" LIBDEPLOY_VERSION);  // a header of the request's own goes before it
  set(CURLOPT_ERRORBUFFER, error_text_);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_PROXY, is_direct(endpoint_) ? endpoint_.proxy.c_str() : "");  // "" also switches the environment's off
  set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
#if LIBCURL_VERSION_NUM >= 0x075500
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
#else
  set(CURLOPT_PROTOCOLS, static_cast<long>(CURLPROTO_HTTP | CURLPROTO_HTTPS));
  set(CURLOPT_REDIR_PROTOCOLS, static_cast<long>(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_PATH_AS_IS, 1L);
  set(CURLOPT_TCP_NODELAY, 1L);
  set(CURLOPT_BUFFERSIZE, kTransferBuffer);
  set(CURLOPT_MAXAGE_CONN, is_direct(endpoint_) ? kDirectKeepAliveSeconds : kLocalKeepAliveSeconds);
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits_.timeout.count()) + 1000L);  // ours comes first
  if (!endpoint_.connect_to.empty()) {
    connect_to_.reset(curl_slist_append(nullptr, ("::" + endpoint_.connect_to).c_str()));
    if (!connect_to_) throw std::bad_alloc();
    set(CURLOPT_CONNECT_TO, connect_to_.get());
  }
  // For a carried endpoint the path is a name only: no DNS, and the open-socket callback says where to connect.
  if (!is_direct(endpoint_)) set(CURLOPT_UNIX_SOCKET_PATH, endpoint_.carrier ? "/carried" : endpoint_.socket.c_str());
  set(CURLOPT_OPENSOCKETFUNCTION, &Exchange::on_open_socket);
  set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));
  set(CURLOPT_WRITEFUNCTION, &Exchange::on_write);
  set(CURLOPT_WRITEDATA, static_cast<void*>(this));
  set(CURLOPT_HEADERFUNCTION, &Exchange::on_header);
  set(CURLOPT_HEADERDATA, static_cast<void*>(this));
}

void Exchange::set_up_tls() {
  const Tls& tls = endpoint_.tls;
  set(CURLOPT_SSL_VERIFYPEER, tls.verify ? 1L : 0L);
  set(CURLOPT_SSL_VERIFYHOST, tls.verify ? 2L : 0L);
  if (!tls.ca_file.empty()) {
    set(CURLOPT_CAINFO, tls.ca_file.c_str());
    set(CURLOPT_CAPATH, static_cast<char*>(nullptr));  // that file alone, not the system's as well
  }
  if (!tls.cert_file.empty()) set(CURLOPT_SSLCERT, tls.cert_file.c_str());
  if (!tls.key_file.empty()) set(CURLOPT_SSLKEY, tls.key_file.c_str());
}

void Exchange::set_up_body() {
  const bool reads = request_.method == "GET" || request_.method == "HEAD";
  if (request_.follow_redirects && !reads)
    throw Error(ErrorCode::invalid_argument, endpoint_.area, "redirects are followed for GET and HEAD only");
  if (request_.follow_redirects) set(CURLOPT_FOLLOWLOCATION, 1L);
  set(CURLOPT_MAXREDIRS, kMostRedirects);
  if (request_.body_source) {
    set(CURLOPT_POST, 1L);
    set(CURLOPT_READFUNCTION, &Exchange::on_read);
    set(CURLOPT_READDATA, static_cast<void*>(this));
    if (request_.body_size) set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(*request_.body_size));
  } else if (!request_.body.empty() || request_.method == "POST" || request_.method == "PUT" || request_.method == "PATCH") {
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    set(CURLOPT_POSTFIELDS, request_.body.c_str());
  } else if (request_.method == "HEAD") {
    set(CURLOPT_NOBODY, 1L);
  }
  if (request_.method != "GET" && request_.method != "HEAD" && request_.method != "POST")
    set(CURLOPT_CUSTOMREQUEST, request_.method.c_str());
}

void Exchange::set_up_headers() {
  const auto append = [this](const std::string& line) {
    curl_slist* longer = curl_slist_append(headers_.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    (void)headers_.release();
    headers_.reset(longer);
  };
  append("Expect:");  // an Engine answers 100-continue late or never
  if (find_header(request_.headers, "Accept") == nullptr) append("Accept: */*");
  if (find_header(request_.headers, "Content-Type") == nullptr) append("Content-Type:");
  if (request_.body_source && !request_.body_size) append("Transfer-Encoding: chunked");
  for (const auto& [name, value] : request_.headers) {
    refuse_line_breaks(name, "an HTTP header name", endpoint_);
    refuse_line_breaks(value, "the HTTP header " + name, endpoint_);
    append(value.empty() ? name + ";" : name + ": " + value);  // libcurl's way to send an empty one
  }
  set(CURLOPT_HTTPHEADER, headers_.get());
}

}  // namespace deploy::http
