#include "ssh/agent.hpp"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>

#include "deploy/error.hpp"
#include "support/wire.hpp"

namespace deploy::ssh {

namespace {

constexpr timeval kAgentPatience{5, 0};
constexpr std::uint32_t kLongestAnswer = 256 * 1024;
constexpr char kRequestIdentities = 11;
constexpr std::uint8_t kIdentitiesAnswer = 12;
constexpr char kSignRequest = 13;
constexpr std::uint8_t kSignResponse = 14;

[[noreturn]] void fail(const std::string& what) {
  throw Error(ErrorCode::unauthorized, "ssh", "the SSH agent " + what + (errno != 0 ? std::string(": ") + std::strerror(errno) : ""));
}

std::string receive_exactly(int fd, std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t got = 0; got < size;) {
    const ssize_t n = ::recv(fd, bytes.data() + got, size - got, 0);
    if (n == 0) errno = 0;
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) fail("did not answer");
    got += static_cast<std::size_t>(n);
  }
  return bytes;
}

}  // namespace

Agent::Agent(const std::string& socket_path) : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  errno = ENAMETOOLONG;
  if (socket_path.size() >= sizeof address.sun_path) fail("socket " + socket_path + " cannot be used");
  std::memcpy(address.sun_path, socket_path.c_str(), socket_path.size() + 1);
  setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &kAgentPatience, sizeof kAgentPatience);
  setsockopt(socket_.get(), SOL_SOCKET, SO_SNDTIMEO, &kAgentPatience, sizeof kAgentPatience);
  if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) fail("socket " + socket_path + " cannot be used");
}

std::string Agent::ask(std::string_view request) {
  const std::string message = wire_string(request);
  if (::send(socket_.get(), message.data(), message.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(message.size())) fail("takes no request");
  const std::uint32_t size = WireReader(receive_exactly(socket_.get(), 4)).uint32().value_or(0);
  errno = 0;
  if (size > kLongestAnswer) fail("gave an answer without end");
  return receive_exactly(socket_.get(), size);
}

std::vector<std::string> Agent::keys() { return parse_agent_keys(ask(std::string(1, kRequestIdentities))); }

std::optional<std::string> Agent::sign(std::string_view public_key, std::string_view data, std::uint32_t flags) {
  return parse_agent_signature(ask(std::string(1, kSignRequest) + wire_string(public_key) + wire_string(data) + wire_uint32(flags)));
}

std::vector<std::string> parse_agent_keys(std::string_view answer) {
  WireReader reader(answer);
  if (reader.byte() != kIdentitiesAnswer) return {};
  const std::uint32_t count = reader.uint32().value_or(0);
  std::vector<std::string> keys;
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::optional<std::string_view> key = reader.string();
    const std::optional<std::string_view> comment = reader.string();
    if (!key || !comment) break;
    keys.emplace_back(*key);
  }
  return keys;
}

std::optional<std::string> parse_agent_signature(std::string_view answer) {
  WireReader reader(answer);
  if (reader.byte() != kSignResponse) return std::nullopt;
  const std::optional<std::string_view> signature = reader.string();
  return signature ? std::optional(std::string(*signature)) : std::nullopt;
}

}  // namespace deploy::ssh
