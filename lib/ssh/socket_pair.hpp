// Two connected local stream sockets.
#pragma once

#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "deploy/error.hpp"
#include "support/unique_fd.hpp"

namespace deploy::ssh {

struct SocketPair {
  UniqueFd ours;
  UniqueFd theirs;
};

/// Closed on exec. Throws Error{io}.
[[nodiscard]] inline SocketPair make_socket_pair() {
  int fds[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
    throw Error(ErrorCode::io, "ssh", std::string("cannot make a socket pair: ") + std::strerror(errno));
  return {UniqueFd(fds[0]), UniqueFd(fds[1])};
}

}  // namespace deploy::ssh
