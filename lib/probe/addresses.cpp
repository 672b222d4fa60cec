#include "probe/addresses.hpp"

#include "deploy/error.hpp"

namespace deploy::probe {

namespace {
constexpr const char* kLoopback = "127.0.0.1";
constexpr std::size_t kMostRemembered = 256;

std::string unbracketed(const std::string& address) {
  return address.starts_with('[') && address.ends_with(']') ? address.substr(1, address.size() - 2) : address;
}
}  // namespace

std::string published_address(const ContainerInfo& container, std::uint16_t port) {
  for (const PortBinding& binding : container.ports) {
    if (binding.protocol != Protocol::tcp || port < binding.host_first || port > binding.host_last) continue;
    const std::string address = unbracketed(binding.address);
    return address.empty() || address == "0.0.0.0" || address == "::" ? kLoopback : address;
  }
  return kLoopback;
}

std::string Addresses::of(const ProbeTarget& target, std::uint16_t port, const CallLimits& limits) {
  if (target.container.empty()) return kLoopback;
  const std::string key = target.host.url() + " " + target.container + " " + std::to_string(port);
  {
    const std::lock_guard lock(mutex_);
    if (const auto it = known_.find(key); it != known_.end()) return it->second;
  }
  std::optional<ContainerInfo> container;
  try {
    CallLimits part = limits;  // a hanging engine must leave time for the probe itself
    part.timeout /= 3;
    container = fleet_.engine(target.host).inspect(target.container, part);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::cancelled) throw;
    return kLoopback;
  }
  if (!container || !container->running()) return kLoopback;
  const std::lock_guard lock(mutex_);
  if (known_.size() >= kMostRemembered) known_.clear();
  return known_.emplace(key, published_address(*container, port)).first->second;
}

}  // namespace deploy::probe
