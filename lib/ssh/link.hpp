// The way to one host over libssh2: connects when a stream is asked for, again after the session died, and through a
// jump host where there is one. Lives on the reactor's thread; made and let go of by any.
#pragma once

#include <memory>

#include "ssh/session.hpp"

namespace deploy::ssh {

class Link : public std::enable_shared_from_this<Link> {
 public:
  /// The last owner's release sends the destruction to the reactor's thread.
  [[nodiscard]] static std::shared_ptr<Link> make(Reactor& reactor, const Target& target, const Options& options);

  /// From any thread; returns at once, `state` tells the rest.
  void open(StreamRequest request, UniqueFd local, std::shared_ptr<StreamState> state);

  [[nodiscard]] const Target& target() const { return target_; }

 private:
  Link(Reactor& reactor, const Target& target, const Options& options);
  ~Link();

  void open_here(StreamRequest request, UniqueFd local, std::shared_ptr<StreamState> state);
  void start_session();
  void connect_through_jump();

  Reactor& reactor_;
  const Target target_;
  const Options options_;
  std::shared_ptr<Link> jump_;
  std::unique_ptr<Session> session_;
};

}  // namespace deploy::ssh
