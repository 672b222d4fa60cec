#include "ssh/wire_socket.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace deploy::ssh {

namespace {
void set_option(int fd, int level, int name, int value) { (void)setsockopt(fd, level, name, &value, sizeof value); }
}  // namespace

WireSocket::WireSocket(UniqueFd fd, int send_buffer) : fd_(std::move(fd)) {
  fcntl(fd_.get(), F_SETFL, fcntl(fd_.get(), F_GETFL) | O_NONBLOCK);
  int domain = 0;
  socklen_t size = sizeof domain;
  getsockopt(fd_.get(), SOL_SOCKET, SO_DOMAIN, &domain, &size);
  tcp_ = domain == AF_INET || domain == AF_INET6;
  // Without these two, Nagle here and delayed acknowledgement there stall the handshake by 40 ms a time.
  if (tcp_) set_option(fd_.get(), IPPROTO_TCP, TCP_NODELAY, 1);
  if (send_buffer > 0) set_option(fd_.get(), SOL_SOCKET, SO_SNDBUF, send_buffer);
}

ssize_t WireSocket::send(const char* data, std::size_t size) {
  if (severed_) return static_cast<ssize_t>(size);
  if (send_error_ != 0) return -send_error_;
  kept_.append(data, size);
  flush();
  return send_error_ != 0 ? -send_error_ : static_cast<ssize_t>(size);
}

bool WireSocket::flush() {
  const std::size_t before = sent_;
  while (unsent() && send_error_ == 0) {
    const ssize_t n = ::send(fd_.get(), kept_.data() + sent_, kept_.size() - sent_, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n >= 0) sent_ += static_cast<std::size_t>(n);
    else if (errno == EAGAIN) break;
    else if (errno != EINTR) send_error_ = errno;
  }
  const bool moved = sent_ != before;
  if (!unsent() || sent_ > kMostKept) {
    kept_.erase(0, sent_);
    sent_ = 0;
  }
  return moved;
}

ssize_t WireSocket::receive(char* data, std::size_t size) {
  if (severed_) return -ECONNRESET;
  if (ahead_.empty()) {
    const ssize_t n = from_socket(data, size);
    if (n > 0) received_ += static_cast<std::uint64_t>(n);
    return n;
  }
  const std::size_t n = ahead_.copy(data, size);
  ahead_.erase(0, n);
  received_ += n;
  return static_cast<ssize_t>(n);
}

bool WireSocket::receive_ahead() {
  std::array<char, 4096> bytes;
  bool taken = false;
  while (may_receive_ahead()) {
    const ssize_t n = from_socket(bytes.data(), bytes.size());
    if (n <= 0) return taken || ended_;
    taken = true;
    ahead_.append(bytes.data(), static_cast<std::size_t>(n));
  }
  return taken;
}

ssize_t WireSocket::from_socket(char* data, std::size_t size) {
  ssize_t n = 0;
  do n = ::recv(fd_.get(), data, size, MSG_DONTWAIT);
  while (n < 0 && errno == EINTR);
  if (n < 0 && errno == EAGAIN) return -EAGAIN;
  if (n <= 0) {
    ended_ = true;
    return n < 0 ? -errno : 0;
  }
  last_received_ = SteadyClock::now();
  if (tcp_) set_option(fd_.get(), IPPROTO_TCP, TCP_QUICKACK, 1);  // the kernel forgets it by itself
  return n;
}

}  // namespace deploy::ssh
