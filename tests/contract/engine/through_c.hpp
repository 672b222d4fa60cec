// The simulated host behind a C table and back: what a program's own engine in C has to do.
#pragma once

#include <memory>

#include "deploy/ports/fleet.hpp"
#include "world.hpp"

namespace deploy::test {

class HostThroughC : public SimulatedHost {
 public:
  HostThroughC();
  ~HostThroughC();
  Engine& engine() { return fleet_->engine(host_); }

 private:
  Host host_ = Host::parse("unix:///simulated.sock");
  std::unique_ptr<Fleet> fleet_;
};

}  // namespace deploy::test
