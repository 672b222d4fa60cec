// Ends a call whose output nobody reads any more (`deployctl logs ENV -f | head`).
#pragma once

#include <atomic>
#include <thread>

#include "deploy.h"

namespace deployctl {

/// While it lives, the deployer's call is cancelled when the other end of standard output is closed.
class ReaderWatch {
 public:
  explicit ReaderWatch(deploy_deployer *deployer);
  ~ReaderWatch();
  ReaderWatch(const ReaderWatch &) = delete;
  ReaderWatch &operator=(const ReaderWatch &) = delete;

  [[nodiscard]] bool reader_left() const { return left_; }

 private:
  void run(deploy_deployer *deployer);

  std::atomic<bool> stop_{false};
  std::atomic<bool> left_{false};
  std::thread thread_;
};

}  // namespace deployctl
