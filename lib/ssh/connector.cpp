#include "ssh/connector.hpp"

#include <sys/epoll.h>

#include <cerrno>
#include <cstring>

namespace deploy::ssh {

Connector::Connector(Reactor& reactor, const Target& target, std::chrono::milliseconds timeout, Connected connected, Failed failed)
    : reactor_(reactor), target_(target), deadline_(deadline_after(timeout)), connected_(std::move(connected)), failed_(std::move(failed)) {
  Resolved numeric = resolve(target_.host, target_.port, AI_NUMERICHOST);
  if (numeric.error != 0) {
    resolve_in_background();
    return;
  }
  reactor_.post([this, alive = alive_, numeric = std::move(numeric)]() mutable {
    if (*alive) use(std::move(numeric));
  });
}

Connector::~Connector() {
  *alive_ = false;
  drop_attempt();
  if (resolver_.joinable()) resolver_.join();  // getaddrinfo cannot be interrupted: at worst the resolver's own timeout
}

Connector::Resolved Connector::resolve(const std::string& host, std::uint16_t port, int flags) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV | AI_ADDRCONFIG | flags;
  addrinfo* list = nullptr;
  Resolved result;
  result.error = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list);
  if (result.error != 0) return result;
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(list, freeaddrinfo);
  for (const addrinfo* one = list; one != nullptr; one = one->ai_next) {
    Address address;
    address.size = one->ai_addrlen;
    std::memcpy(&address.storage, one->ai_addr, one->ai_addrlen);
    result.addresses.push_back(address);
  }
  return result;
}

void Connector::resolve_in_background() {
  resolver_ = std::thread([this, alive = alive_, host = target_.host, port = target_.port] {
    Resolved resolved = resolve(host, port, 0);
    // `this` is read on the reactor's thread only, and only while alive.
    reactor_.post([this, alive, resolved = std::move(resolved)]() mutable {
      if (*alive) use(std::move(resolved));
    });
  });
  timer_ = reactor_.call_at(deadline_, [this] { fail("the name " + target_.host + " was not resolved in time"); });
}

void Connector::use(Resolved resolved) {
  reactor_.cancel(timer_);
  if (resolved.error != 0) return fail("the name " + target_.host + " does not resolve: " + gai_strerror(resolved.error));
  left_ = std::move(resolved.addresses);
  try_next();
}

void Connector::try_next() {
  drop_attempt();
  if (left_.empty()) return fail("no connection to " + target_.host + " port " + std::to_string(target_.port) + ": " + last_error_);
  const Address address = left_.front();
  // An address that does not answer must not use up the time of those after it.
  const auto share = (deadline_ - SteadyClock::now()) / static_cast<int>(left_.size());
  left_.erase(left_.begin());
  timer_ = reactor_.call_at(SteadyClock::now() + share, [this] {
    last_error_ = "no answer";
    try_next();
  });
  attempt(address);
}

void Connector::attempt(const Address& address) {
  socket_.reset(::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int result = ::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address.storage), address.size);
  if (result != 0 && errno != EINPROGRESS) {
    last_error_ = std::strerror(errno);
    return try_next();
  }
  reactor_.watch(socket_.get(), EPOLLOUT, [this](std::uint32_t) { finish_attempt(); });
}

void Connector::finish_attempt() {
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) {
    last_error_ = std::strerror(error);
    return try_next();
  }
  reactor_.cancel(timer_);
  reactor_.unwatch(socket_.get());
  const Connected connected = std::move(connected_);
  connected(std::move(socket_));  // may destroy us
}

void Connector::drop_attempt() {
  reactor_.cancel(timer_);
  if (socket_) reactor_.unwatch(socket_.get());
  socket_.reset();
}

void Connector::fail(const std::string& why) {
  drop_attempt();
  const Failed failed = std::move(failed_);
  failed(why);  // may destroy us
}

}  // namespace deploy::ssh
