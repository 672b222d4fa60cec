// One channel of a session, pumped to and from a local socket. Lives on the reactor's thread.
#pragma once

#include <libssh2.h>

#include <array>
#include <functional>
#include <memory>
#include <vector>

#include "deploy/error.hpp"
#include "ssh/reactor.hpp"
#include "ssh/stream.hpp"
#include "ssh/transport.hpp"
#include "ssh/wire_socket.hpp"
#include "support/unique_fd.hpp"

namespace deploy::ssh {

class Channel {
 public:
  struct Context {
    Reactor& reactor;
    LIBSSH2_SESSION* session;
    WireSocket& wire;
    const Target& target;
    std::function<void()> wake;  ///< drives the session: the local socket is ready
  };

  Channel(StreamRequest request, UniqueFd local, std::shared_ptr<StreamState> state);
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  /// Opening keeps its state in the session: only one channel of a session may be stepped while it opens.
  [[nodiscard]] bool opening() const { return phase_ == Phase::opening; }
  [[nodiscard]] bool finished() const { return phase_ == Phase::finished; }

  /// Moves what can be moved; true when anything was. Throws deploy::Error when the session is done for.
  bool step(const Context& context);
  /// Tells the reactor what we wait for from the local socket.
  void update_interest(const Context& context);
  /// The session died.
  void abandon(Reactor& reactor, const Error& cause);

 private:
  enum class Phase { opening, starting, running, closing, finished };

  /// Bytes on their way; refilled only when empty, so that a retried write sees the same buffer.
  struct Buffer {
    std::vector<char> bytes;
    std::size_t begin = 0;
    std::size_t end = 0;
    [[nodiscard]] bool empty() const { return begin == end; }
    [[nodiscard]] std::size_t size() const { return end - begin; }
    [[nodiscard]] char* data() { return bytes.data() + begin; }
  };

  bool open(const Context& context);
  bool start(const Context& context);
  bool run(const Context& context);
  bool close(const Context& context);

  bool take_local();
  bool send_remote(const Context& context);
  bool send_end(const Context& context);
  bool receive(const Context& context);
  bool receive_errors(const Context& context);
  bool give_local();
  bool notice_end(const Context& context);
  void begin_closing(Reactor& reactor);
  void drop_local(Reactor& reactor);
  void report_end(const Context& context);
  void fail_to_open(const Context& context, ErrorCode code, const std::string& why);
  int checked(const Context& context, long result) const;

  StreamRequest request_;
  UniqueFd local_;
  std::shared_ptr<StreamState> state_;
  Phase phase_ = Phase::opening;
  LIBSSH2_CHANNEL* raw_ = nullptr;  // freed in close(), or by the session when that ends first
  Buffer out_;  // local -> remote
  Buffer in_;   // remote -> local
  bool watched_ = false;
  std::uint32_t interest_ = 0;
  bool local_hung_up_ = false;  // the local peer closed for good
  bool local_ended_ = false;    // no more bytes from it
  bool end_sent_ = false;
  bool remote_ended_ = false;
  bool end_given_ = false;
  bool any_output_ = false;
};

}  // namespace deploy::ssh
