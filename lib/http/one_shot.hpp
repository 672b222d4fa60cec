// A unix listener for exactly one connection from this very process.
//
// libcurl 7.88 cannot be given a connected socket (CURL_SOCKOPT_ALREADY_CONNECTED is ignored: curl issue 10626), but it
// connects wherever its open-socket callback points it. So it is pointed at a fresh socket in a private folder; the
// one connection is accepted, checked to come from this process, and the door is gone. A standing listener would be a
// door to a root-equivalent Engine. A path, not an abstract name: 7.88 does not reuse connections of the latter.
#pragma once

#include <sys/un.h>

#include <string>

#include "support/unique_fd.hpp"

namespace deploy::http {

class OneShotListener {
 public:
  /// Throws Error{io} when no private folder or socket can be made.
  OneShotListener();
  ~OneShotListener();
  OneShotListener(const OneShotListener&) = delete;
  OneShotListener& operator=(const OneShotListener&) = delete;

  [[nodiscard]] const sockaddr_un& address() const { return address_; }
  [[nodiscard]] int fd() const { return listener_.get(); }

  /// The connection that this process made, or nothing yet. Connections of other processes are closed and forgotten.
  /// After the right one the listener is closed and its path removed.
  [[nodiscard]] UniqueFd accept_own();

 private:
  void remove() noexcept;

  std::string directory_;
  sockaddr_un address_{};
  UniqueFd listener_;
};

}  // namespace deploy::http
