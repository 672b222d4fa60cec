#include "simulation/process.hpp"

namespace deploy::simulation {

namespace {
Error error_of(ErrorCode code, const PortCall& what) {
  Error::Details details;
  if (!what.host.empty()) details["host"] = what.host;
  return {code, what.port, "simulated " + std::string(to_string(code)) + " at: " + what.str(), details};
}
}  // namespace

Fault Process::enter(PortCall& what, const CallLimits& limits) {
  what.process = name_;
  if (turns_ && what.port != "store") turns_->yield();
  if (!alive_) throw SimulatedCrash{name_, "after its end: " + what.str()};
  if (limits.stop.stop_requested()) throw error_of(ErrorCode::cancelled, what);
  const Fault fault = faults_.decide(what);
  if (!fault.after) strike(fault, what, limits);
  return fault;
}

void Process::leave(const Fault& fault, const PortCall& what, const CallLimits& limits) {
  if (!alive_) throw SimulatedCrash{name_, "during: " + what.str()};
  if (fault.after) strike(fault, what, limits);
}

void Process::strike(const Fault& fault, const PortCall& what, const CallLimits& limits) {
  switch (fault.kind) {
    case Fault::Kind::none:
      return;
    case Fault::Kind::fail:
      throw error_of(fault.code, what);
    case Fault::Kind::crash:
      die(what);
    case Fault::Kind::hang:
      clock_.sleep(limits.timeout, limits.stop);
      if (!alive_) throw SimulatedCrash{name_, "during: " + what.str()};
      throw error_of(limits.stop.stop_requested() ? ErrorCode::cancelled : ErrorCode::timeout, what);
  }
}

void Process::die(const PortCall& what) {
  kill();
  throw SimulatedCrash{name_, what.str()};
}

}  // namespace deploy::simulation
