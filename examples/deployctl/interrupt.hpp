// Ctrl-C and SIGTERM: the first cancels, so that what was begun is undone; the second leaves at once.
#pragma once

#include <mutex>
#include <thread>

#include "deploy.h"

namespace deployctl {

/// While it lives, the signals are ours. One at a time.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt &) = delete;
  Interrupt &operator=(const Interrupt &) = delete;

  /// Whom to cancel; NULL for nobody. A signal that came before is passed on.
  void watch(deploy_deployer *deployer);
  [[nodiscard]] bool requested();

 private:
  void run();
  void note();

  std::mutex mutex_;
  deploy_deployer *deployer_ = nullptr;
  bool requested_ = false;
  int pipe_[2] = {-1, -1};
  std::thread thread_;
};

}  // namespace deployctl
