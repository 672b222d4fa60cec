// Makes a poll() end when a stop is requested.
#pragma once

#include <sys/eventfd.h>

#include <cerrno>
#include <cstring>
#include <stop_token>

#include "deploy/error.hpp"
#include "support/unique_fd.hpp"

namespace deploy {

/// A file descriptor that becomes readable when woken; clear() before the next wait. wake() is for any thread.
class Wakeup {
 public:
  Wakeup() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!fd_) throw Error(ErrorCode::io, "process", std::string("cannot make an eventfd: ") + std::strerror(errno));
  }
  [[nodiscard]] int fd() const { return fd_.get(); }
  void wake() const noexcept { (void)!eventfd_write(fd_.get(), 1); }  // fails only when it is readable already
  void clear() const noexcept {
    eventfd_t value = 0;
    (void)!eventfd_read(fd_.get(), &value);
  }

 private:
  UniqueFd fd_;
};

}  // namespace deploy
