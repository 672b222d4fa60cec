#include "probe/tcp_probe.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <functional>
#include <memory>

#include "deploy/error.hpp"
#include "support/deadline.hpp"
#include "support/unique_fd.hpp"
#include "support/wakeup.hpp"

namespace deploy::probe {

namespace {
using std::chrono::milliseconds;

// How long an accepted connection is watched for being closed again; through a host, whose word takes its way back.
constexpr milliseconds kSettleTime{100};
constexpr milliseconds kCarriedSettleTime{400};
constexpr milliseconds kCarrierPoll{2};   ///< the carrier has no event for "opened"

[[noreturn]] void stop(ErrorCode code, const Route& route, const std::string& why) {
  throw Error(code, "probe", fmt::format("{}: {}", route.name(), why), {{"host", route.name()}});
}

/// Polls one descriptor with the caller's limits.
class Waiter {
 public:
  Waiter(const Route& route, const CallLimits& limits, ErrorCode when_late)
      : route_(route), limits_(limits), when_late_(when_late), deadline_(deadline_after(limits.timeout)) {}

  /// True when the event is there, false when `longest` is over. Throws Error{when_late} and {cancelled}.
  bool wait(int fd, short events, milliseconds longest) {
    const auto until = std::min(deadline_, deadline_after(longest));
    std::array<pollfd, 2> fds{{{fd, events, 0}, {wakeup_.fd(), POLLIN, 0}}};
    const int n = ::poll(fds.data(), fds.size(), poll_ms(until));
    if (limits_.stop.stop_requested()) stop(ErrorCode::cancelled, route_, "stopped on request");
    if (n > 0 && fds[0].revents != 0) return true;
    if (SteadyClock::now() >= deadline_) stop(when_late_, route_, fmt::format("no connection within {} ms", limits_.timeout.count()));
    return false;
  }

 private:
  const Route& route_;
  const CallLimits& limits_;
  ErrorCode when_late_;
  SteadyClock::time_point deadline_;
  Wakeup wakeup_;
  std::stop_callback<std::function<void()>> on_stop_{limits_.stop, [this] { wakeup_.wake(); }};
};

/// Nothing read and no end of file for a moment: somebody is there. Bytes: likewise.
Finding settle(int fd, Waiter& waiter, milliseconds duration) {
  const auto until = deadline_after(duration);
  while (SteadyClock::now() < until)
    if (waiter.wait(fd, POLLIN, std::chrono::ceil<milliseconds>(until - SteadyClock::now()))) {
      char byte = 0;
      const ssize_t n = ::recv(fd, &byte, 1, MSG_DONTWAIT);
      if (n > 0) return success("accepted, and speaks first");
      if (n < 0 && (errno == EAGAIN || errno == EINTR)) continue;
      return failure("accepted the connection and closed it at once: nobody listens behind the published port");
    }
  return success("accepted");
}

struct AddressFree { void operator()(addrinfo* list) const { freeaddrinfo(list); } };
using Addresses = std::unique_ptr<addrinfo, AddressFree>;

Addresses resolve(const Route& route) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int rc = getaddrinfo(route.address.c_str(), std::to_string(route.port).c_str(), &hints, &list);
  if (rc != 0) stop(ErrorCode::not_found, route, fmt::format("the name cannot be resolved: {}", gai_strerror(rc)));
  return Addresses(list);
}

int connect_one(const addrinfo& to, UniqueFd& fd, Waiter& waiter) {
  fd.reset(::socket(to.ai_family, to.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, to.ai_protocol));
  if (!fd) return errno;
  if (::connect(fd.get(), to.ai_addr, to.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  while (!waiter.wait(fd.get(), POLLOUT, milliseconds{1000})) {
  }
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) return errno;
  return error;
}

Finding try_direct(const Route& route, Waiter& waiter) {
  const Addresses addresses = resolve(route);
  int error = 0;
  for (const addrinfo* at = addresses.get(); at != nullptr; at = at->ai_next) {
    UniqueFd fd;
    error = connect_one(*at, fd, waiter);
    if (error == 0) return settle(fd.get(), waiter, kSettleTime);
  }
  const std::string text = fmt::format("{}: {}", route.name(), std::strerror(error));
  // Without a way to the host nothing is known about the service.
  return error == ENETUNREACH || error == EHOSTUNREACH || error == ENETDOWN ? unknown(text) : failure(text);
}

std::string next_key() {
  static std::atomic<unsigned long> counter{0};
  return "tcp-probe-" + std::to_string(++counter);
}

/// The stream's name in the carrier, forgotten at the end.
struct Stream {
  StreamCarrier& carrier;
  const std::string key = next_key();
  ~Stream() { carrier.forget(key); }
};

Finding try_carried(const Route& route, Waiter& waiter) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0)
    stop(ErrorCode::io, route, fmt::format("no local socket: {}", std::strerror(errno)));
  UniqueFd ours(ends[0]), theirs(ends[1]);
  const Stream stream{*route.carrier};
  route.carrier->carry(std::move(theirs), stream.key);
  while (true) {
    if (const std::exception_ptr cause = route.carrier->failure(stream.key)) std::rethrow_exception(cause);
    if (route.carrier->opened(stream.key)) break;
    (void)waiter.wait(-1, 0, kCarrierPoll);
  }
  Finding found = settle(ours.get(), waiter, kCarriedSettleTime);
  if (const std::exception_ptr cause = route.carrier->failure(stream.key)) std::rethrow_exception(cause);
  const std::string trouble = route.carrier->diagnosis(stream.key);
  if (found.answer == ProbeAnswer::failure && !trouble.empty()) return unknown(fmt::format("{}: {}", route.name(), trouble));
  return found;
}
}  // namespace

Finding try_tcp(const Route& route, const CallLimits& limits) {
  // A stream that is not even open in time says something of the way there, a slow connect something of the service.
  Waiter waiter(route, limits, route.carrier ? ErrorCode::unreachable : ErrorCode::timeout);
  return route.carrier ? try_carried(route, waiter) : try_direct(route, waiter);
}

}  // namespace deploy::probe
