// The socket under a libssh2 session, which never shows libssh2 a full send buffer.
//
// libssh2 with a half-sent packet must be called again with exactly the same operation and buffer before anything else
// that may send (reads included: they send window adjustments), or the session dies. So what the kernel does not take
// at once is kept here and goes out when the socket is writable; libssh2 always sees a complete send. The price is one
// rule: start no bulk write while may_write() is false.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "support/deadline.hpp"
#include "support/unique_fd.hpp"

namespace deploy::ssh {

class WireSocket {
 public:
  /// Non-blocking from here on. `send_buffer` 0 keeps the system's.
  WireSocket(UniqueFd fd, int send_buffer);

  /// For libssh2's callbacks: bytes, or -errno.
  [[nodiscard]] ssize_t send(const char* data, std::size_t size);
  [[nodiscard]] ssize_t receive(char* data, std::size_t size);

  /// Sends what is kept; true when anything went out.
  bool flush();
  [[nodiscard]] bool unsent() const { return sent_ < kept_.size(); }
  [[nodiscard]] bool may_write() const { return kept_.size() - sent_ < kMostKept; }

  /// Takes what is there off the socket although libssh2 does not ask for it now: for signs of life on an idle session,
  /// and so that a level-triggered event does not come back for ever. receive() gives it out later. True when there was
  /// something, the end included: no event will tell of it again, so libssh2 has to be asked once more.
  [[nodiscard]] bool receive_ahead();
  /// False when nothing more may or can be received ahead: then there is no use in waiting for the socket.
  [[nodiscard]] bool may_receive_ahead() const { return !ended_ && ahead_.size() < kMostAhead; }
  /// The peer closed, or the connection broke; what came before may still be to be received.
  [[nodiscard]] bool ended() const { return ended_; }

  /// From now on everything is swallowed and nothing comes: for taking a session down without waiting for the peer.
  void sever() { severed_ = true; }

  [[nodiscard]] int fd() const { return fd_.get(); }
  [[nodiscard]] std::uint64_t received() const { return received_; }  ///< bytes given to libssh2 so far
  [[nodiscard]] SteadyClock::time_point last_received() const { return last_received_; }

 private:
  static constexpr std::size_t kMostKept = 128 * 1024;

  static constexpr std::size_t kMostAhead = 64 * 1024;

  ssize_t from_socket(char* data, std::size_t size);

  UniqueFd fd_;
  std::string ahead_;
  bool ended_ = false;
  bool tcp_ = false;
  bool severed_ = false;
  std::string kept_;
  std::size_t sent_ = 0;
  int send_error_ = 0;
  std::uint64_t received_ = 0;
  SteadyClock::time_point last_received_ = SteadyClock::now();
};

}  // namespace deploy::ssh
