// One stream over a master's connection: a `ssh` child whose standard streams are the local socket, and the thread
// that waits for its end.
#pragma once

#include <atomic>
#include <memory>
#include <thread>

#include "ssh/openssh_master.hpp"
#include "ssh/stream.hpp"
#include "support/unique_fd.hpp"

namespace deploy::ssh {

class OpensshStream {
 public:
  OpensshStream(std::shared_ptr<OpensshMaster> master, const Target& target, const Options& options, StreamRequest request, UniqueFd local,
                std::shared_ptr<StreamState> state);
  /// Ends the child.
  ~OpensshStream();
  OpensshStream(const OpensshStream&) = delete;
  OpensshStream& operator=(const OpensshStream&) = delete;

  [[nodiscard]] bool finished() const { return finished_; }

 private:
  void run(const std::stop_token& stop);
  void carry(const std::stop_token& stop);
  void wait_for_end(Child& child, UniqueFd errors, const std::stop_token& stop);
  void report(int exit_code);
  void report_refused(const std::string& message);
  void report_cut_off(int exit_code);
  [[nodiscard]] bool local_hung_up() const;

  std::shared_ptr<OpensshMaster> master_;
  const Target target_;
  const Options options_;
  const StreamRequest request_;
  UniqueFd local_;
  std::shared_ptr<StreamState> state_;
  const std::string log_;
  std::atomic<bool> finished_{false};
  std::jthread thread_;
};

}  // namespace deploy::ssh
