// At which address of its host a container's port is published.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "deploy/ports/fleet.hpp"
#include "deploy/ports/prober.hpp"

namespace deploy::probe {

/// The address to ask at: 127.0.0.1, or the one address that the port is bound to. Pure.
[[nodiscard]] std::string published_address(const ContainerInfo& container, std::uint16_t port);

/// Asks the engine once for each container and remembers. Thread-safe.
class Addresses {
 public:
  explicit Addresses(Fleet& fleet) : fleet_(fleet) {}

  /// 127.0.0.1 when the engine cannot be asked: the probe itself will then say more. Throws Error{cancelled} only.
  [[nodiscard]] std::string of(const ProbeTarget& target, std::uint16_t port, const CallLimits& limits);

 private:
  Fleet& fleet_;
  std::mutex mutex_;
  std::map<std::string, std::string> known_;
};

}  // namespace deploy::probe
