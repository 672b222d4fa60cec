#include "http/one_shot.hpp"

#include <sys/socket.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "deploy/error.hpp"

namespace deploy::http {

namespace {

// Foreign connections must not keep ours out before they are looked at.
constexpr int kBacklog = 16;

[[noreturn]] void fail(const char* what) {
  throw Error(ErrorCode::io, "http", std::string("cannot make a private socket: ") + what + ": " + std::strerror(errno));
}

bool is_this_process(int fd) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.pid == getpid();
}

}  // namespace

OneShotListener::OneShotListener() : directory_("/tmp/libdeploy-XXXXXX") {
  if (mkdtemp(directory_.data()) == nullptr) {  // mode 0700
    directory_.clear();
    fail("mkdtemp");
  }
  const std::string path = directory_ + "/s";
  address_.sun_family = AF_UNIX;
  std::memcpy(address_.sun_path, path.c_str(), path.size() + 1);
  listener_.reset(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const auto* address = reinterpret_cast<const sockaddr*>(&address_);
  if (!listener_ || ::bind(listener_.get(), address, sizeof address_) != 0 || ::listen(listener_.get(), kBacklog) != 0) {
    const int error = errno;
    remove();
    errno = error;
    fail("bind");
  }
}

OneShotListener::~OneShotListener() { remove(); }

void OneShotListener::remove() noexcept {
  listener_.reset();
  if (directory_.empty()) return;
  ::unlink(address_.sun_path);
  ::rmdir(directory_.c_str());
  directory_.clear();
}

UniqueFd OneShotListener::accept_own() {
  while (listener_) {
    UniqueFd accepted(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!accepted) {
      if (errno == EINTR || errno == ECONNABORTED) continue;
      if (errno == EAGAIN) return {};
      fail("accept");
    }
    if (!is_this_process(accepted.get())) continue;
    remove();
    return accepted;
  }
  return {};
}

}  // namespace deploy::http
