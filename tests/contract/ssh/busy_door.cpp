#include "busy_door.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <stdexcept>

namespace deploy::ssh::testing {

namespace {

constexpr int kLook = 20;  // ms between two looks whether the test is over

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

UniqueFd tcp_socket() { return UniqueFd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)); }

/// False at the end of the stream.
bool carry(int from, int to) {
  std::array<char, 16'384> bytes{};
  const ssize_t size = ::recv(from, bytes.data(), bytes.size(), 0);
  return size > 0 && ::send(to, bytes.data(), static_cast<std::size_t>(size), MSG_NOSIGNAL) == size;
}

}  // namespace

BusyDoor::BusyDoor(int hang_ups, std::uint16_t behind) : hang_ups_(hang_ups), behind_(behind), listener_(tcp_socket()) {
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (::bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0 || ::listen(listener_.get(), 8) != 0 ||
      ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("no port to listen at");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

BusyDoor::~BusyDoor() {
  ending_ = true;
  thread_.join();
}

void BusyDoor::serve() {
  while (!ending_) {
    pollfd waiting{listener_.get(), POLLIN, 0};
    if (::poll(&waiting, 1, kLook) != 1) continue;
    UniqueFd visitor(::accept(listener_.get(), nullptr, nullptr));
    if (++visits_ > hang_ups_) lead_in(std::move(visitor));
  }
}

void BusyDoor::lead_in(UniqueFd visitor) const {
  const UniqueFd host = tcp_socket();
  const sockaddr_in address = loopback(behind_);
  if (::connect(host.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return;
  while (!ending_) {
    std::array<pollfd, 2> ends{pollfd{visitor.get(), POLLIN, 0}, pollfd{host.get(), POLLIN, 0}};
    if (::poll(ends.data(), ends.size(), kLook) < 1) continue;
    if (ends[0].revents != 0 && !carry(visitor.get(), host.get())) return;
    if (ends[1].revents != 0 && !carry(host.get(), visitor.get())) return;
  }
}

}  // namespace deploy::ssh::testing
