// Something that runs a byte stream to a remote place over one end of a local socket.
//
// The HTTP client (lib/http) asks for it when its endpoint is not directly connectable: an Engine behind SSH
// (`docker system dial-stdio`), or a host:port that is to be reached from the remote host. lib/ssh implements it.
#pragma once

#include <exception>
#include <memory>
#include <string>

#include "support/unique_fd.hpp"

namespace deploy {

class StreamCarrier {
 public:
  virtual ~StreamCarrier() = default;

  /// Takes one end of a connected local stream socket and carries its bytes both ways until either side closes.
  /// Returns at once; the carrying goes on in the background. Throws deploy::Error when the stream cannot be opened.
  /// `key` names the stream for diagnosis(); unique within the carrier.
  virtual void carry(UniqueFd local_end, const std::string& key) = 0;

  /// What is known about the stream's trouble: remote standard error, exit status, the session's error. "" if none.
  virtual std::string diagnosis(const std::string& key) = 0;

  /// The deploy::Error because of which the stream never opened (so that the remote side has seen nothing of it), null
  /// when it opened or is still opening.
  virtual std::exception_ptr failure(const std::string& key) { return (void)key, nullptr; }

  /// False while the way to the remote place is still being made: nothing of the stream has reached it yet.
  virtual bool opened(const std::string& key) { return (void)key, true; }

  /// The caller is done with the stream of that name; what was known about it may be forgotten.
  virtual void forget(const std::string& key) { (void)key; }
};

}  // namespace deploy
