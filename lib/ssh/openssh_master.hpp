// The `ssh` process whose connection all streams of a transport share.
#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "deploy/call.hpp"
#include "ssh/openssh_command.hpp"
#include "support/private_folder.hpp"
#include "ssh/transport.hpp"
#include "support/child.hpp"
#include "support/deadline.hpp"

namespace deploy::ssh {

class OpensshMaster {
 public:
  OpensshMaster(const Target& target, const Options& options);

  /// Connects when there is no connection (any more). Throws what kept it from being made. Thread-safe.
  void ensure(const std::stop_token& stop);
  /// Whether the connection is gone, or goes within a moment; and what ssh said about it.
  [[nodiscard]] bool gone(std::chrono::milliseconds moment);
  [[nodiscard]] std::string last_words();
  [[nodiscard]] std::string last_open_failure();

  [[nodiscard]] const OpensshFiles& files() const { return files_; }

 private:
  void start(const std::stop_token& stop);
  void start_once(const std::stop_token& stop);
  void wait_until_up(const std::stop_token& stop, SteadyClock::time_point deadline);
  [[nodiscard]] bool accepts() const;
  [[nodiscard]] Error why_not() const;
  [[nodiscard]] bool wants_passphrase() const;

  const Target target_;
  const Options options_;
  PrivateFolder folder_;
  const OpensshFiles files_{folder_.path()};
  std::mutex mutex_;
  UniqueFd keep_alive_;  // the master's standard input: its end is the master's
  std::optional<Child> child_;
};

}  // namespace deploy::ssh
