// Every host of the simulation, by its URL.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "deploy/ports/fleet.hpp"
#include "simulation/fake_engine.hpp"

namespace deploy::simulation {

/// A host exists as soon as somebody asks for it. Thread-safe. Registry and clock outlive it.
class FakeFleet final : public Fleet {
 public:
  FakeFleet(FakeRegistry& registry, VirtualClock& clock) : registry_(registry), clock_(clock) {}

  [[nodiscard]] FakeEngine& engine(const Host& host) override { return at(host.url()).engine; }
  [[nodiscard]] FakeMachine& machine(const Host& host) { return at(host.url()).machine; }

 private:
  struct Place {
    Place(const std::string& url, FakeRegistry& registry, VirtualClock& clock) : machine(url, clock), engine(machine, registry, clock) {}
    FakeMachine machine;
    FakeEngine engine;
  };

  Place& at(const std::string& url) {
    const std::lock_guard lock(mutex_);
    auto& place = places_[url];
    if (!place) place = std::make_unique<Place>(url, registry_, clock_);
    return *place;
  }

  FakeRegistry& registry_;
  VirtualClock& clock_;
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<Place>> places_;
};

}  // namespace deploy::simulation
