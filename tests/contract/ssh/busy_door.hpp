// A port in front of an sshd that hangs up on the first visitors, as one with too much to do does.
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>

#include "support/unique_fd.hpp"

namespace deploy::ssh::testing {

class BusyDoor {
 public:
  BusyDoor(int hang_ups, std::uint16_t behind);
  ~BusyDoor();
  BusyDoor(const BusyDoor&) = delete;
  BusyDoor& operator=(const BusyDoor&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] int visits() const { return visits_; }

 private:
  void serve();
  void lead_in(UniqueFd visitor) const;

  int hang_ups_;
  std::uint16_t behind_;
  UniqueFd listener_;
  std::uint16_t port_ = 0;
  std::atomic<int> visits_ = 0;
  std::atomic<bool> ending_ = false;
  std::thread thread_;
};

}  // namespace deploy::ssh::testing
