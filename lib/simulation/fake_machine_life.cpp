// What happens on a host without the engine being asked: crashes, restarts, reboots, other programs.
#include <algorithm>

#include "simulation/fake_machine.hpp"

namespace deploy::simulation {

namespace {
using std::chrono::milliseconds;

constexpr int kExitCannotStart = 128, kExitKilled = 137;

/// When the container does something by itself next.
std::optional<milliseconds> next_change(const FakeContainer& container) {
  return container.restarts_at ? container.restarts_at : ends_at(container);
}
}  // namespace

/// Lets happen, in order of time, what the containers have done by themselves since somebody last looked.
void FakeMachine::settle() {
  const Moment now = moment();
  for (;;) {
    FakeContainer* first = nullptr;
    for (auto& [id, container] : containers_) {
      const auto change = next_change(container);
      if (change && *change <= now.elapsed && (!first || *change < *next_change(*first))) first = &container;
    }
    if (!first) return;
    const Moment at = now.at(*next_change(*first));
    first->restarts_at ? restart(*first, at) : end_by_itself(*first, at);
  }
}

void FakeMachine::restart(FakeContainer& container, const Moment& at) {
  const auto conflict = port_conflict(container);
  ++container.info.restart_count;
  if (!conflict) return begin(container, at);
  end(container, at, kExitCannotStart);
  container.info.error = conflict->words;
}

/// The first port that somebody else holds, in the Engine's words; nullopt when all are free.
std::optional<FakeMachine::PortConflict> FakeMachine::port_conflict(const FakeContainer& container) const {
  if (container.host_network) return std::nullopt;
  for (const PortBinding& wanted : container.info.ports) {
    for (std::uint32_t port = wanted.host_first; port <= wanted.host_last; ++port)
      if (occupied_.contains(static_cast<std::uint16_t>(port)))
        return PortConflict{port, "listen tcp4 0.0.0.0:" + std::to_string(port) + ": bind: address already in use"};
    if (holds_overlapping_port(container, wanted))
      return PortConflict{wanted.host_first, "driver failed programming external connectivity on endpoint " + container.info.name + ": Bind for 0.0.0.0:" +
                                                 std::to_string(wanted.host_first) + " failed: port is already allocated"};
  }
  return std::nullopt;
}

bool FakeMachine::holds_overlapping_port(const FakeContainer& apart_from, const PortBinding& wanted) const {
  return std::any_of(containers_.begin(), containers_.end(), [&](const auto& entry) {
    const FakeContainer& other = entry.second;
    if (other.info.id == apart_from.info.id || !other.info.running() || other.host_network) return false;
    return std::any_of(other.info.ports.begin(), other.info.ports.end(), [&](const PortBinding& taken) { return taken.overlaps(wanted); });
  });
}

void FakeMachine::occupy(std::uint16_t port) {
  const std::lock_guard lock(mutex_);
  occupied_.insert(port);
}

void FakeMachine::vacate(std::uint16_t port) {
  const std::lock_guard lock(mutex_);
  occupied_.erase(port);
}

void FakeMachine::set_free_disk(std::int64_t bytes) {
  const std::lock_guard lock(mutex_);
  free_disk_ = bytes;
}

std::int64_t FakeMachine::free_disk() const {
  const std::lock_guard lock(mutex_);
  return free_disk_;
}

void FakeMachine::stop_engine() {
  const std::lock_guard lock(mutex_);
  settle();
  engine_up_ = false;
  for (auto& [id, container] : containers_)
    if (container.info.running() || container.info.status == ContainerStatus::restarting) end(container, moment(), kExitKilled);
}

void FakeMachine::start_engine() {
  const std::lock_guard lock(mutex_);
  engine_up_ = true;
  std::vector<FakeContainer*> oldest_first;
  for (auto& [id, container] : containers_)
    if (comes_back(container)) oldest_first.push_back(&container);
  std::sort(oldest_first.begin(), oldest_first.end(), [](const FakeContainer* a, const FakeContainer* b) { return a->serial < b->serial; });
  for (FakeContainer* container : oldest_first) {
    const auto conflict = port_conflict(*container);
    if (conflict) container->info.error = conflict->words;
    else begin(*container, moment());
  }
}

void FakeMachine::reboot(milliseconds down_for) {
  stop_engine();
  clock_.after(down_for, [this] { start_engine(); });
}

bool FakeMachine::engine_up() const {
  const std::lock_guard lock(mutex_);
  return engine_up_;
}

}  // namespace deploy::simulation
