// Command lines for the `ssh` program, and what its log means. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ssh/known_hosts.hpp"
#include "ssh/stream.hpp"
#include "ssh/transport.hpp"

namespace deploy::ssh {

/// Files in the transport's private folder.
struct OpensshFiles {
  std::string folder;
  [[nodiscard]] std::string control() const { return folder + "/c"; }
  [[nodiscard]] std::string master_log() const { return folder + "/master.log"; }
  [[nodiscard]] std::string jump_log() const { return folder + "/jump.log"; }
  [[nodiscard]] std::string stream_log(unsigned long number) const { return folder + "/" + std::to_string(number) + ".log"; }
};

/// The connection that all streams share. It ends when its standard input does, so that it cannot outlive us.
/// `agent_socket` replaces that of the options when not empty.
[[nodiscard]] std::vector<std::string> master_command(const Target& target, const Options& options, const OpensshFiles& files,
                                                      const std::string& agent_socket);
/// One stream over the master's connection.
[[nodiscard]] std::vector<std::string> stream_command(const Target& target, const Options& options, const OpensshFiles& files,
                                                      const StreamRequest& request, const std::string& log);

/// What kept ssh from connecting, by its log (LogLevel DEBUG1). `entries` are those of `file`, for what ssh does not say.
[[nodiscard]] Error connect_error(std::string_view log, const Target& target, const std::string& file, const std::vector<KnownHost>& entries);

/// How a stream ended, by its log (LogLevel DEBUG2).
struct StreamEnd {
  enum class Kind { exited, refused, cut_off };
  Kind kind = Kind::cut_off;
  int exit_code = 0;
  std::string message;  ///< ssh's own words
};
[[nodiscard]] StreamEnd stream_end(std::string_view log);

/// Why the host opened no channel for us the last time, by the master's log: "connect failed: Connection refused".
/// The stream's own log only says that it did not.
[[nodiscard]] std::string last_open_failure(std::string_view master_log);

/// The lines that are meant for people, joined by "; ".
[[nodiscard]] std::string plain_messages(std::string_view log);

}  // namespace deploy::ssh
