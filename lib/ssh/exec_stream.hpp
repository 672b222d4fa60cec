// The caller's side of a remote command: feeds its input, collects its output, waits for its end.
#pragma once

#include <string>

#include "deploy/call.hpp"
#include "ssh/stream.hpp"
#include "ssh/transport.hpp"
#include "support/unique_fd.hpp"

namespace deploy::ssh {

struct ExecStream {
  UniqueFd socket;
  const StreamState& state;
  std::string host;     ///< for messages
  std::string program;
};

/// Throws as Transport says. An output beyond 64 MiB is Error{protocol}.
[[nodiscard]] ExecResult run_exec_stream(ExecStream stream, const std::string& input, const CallLimits& limits);

}  // namespace deploy::ssh
