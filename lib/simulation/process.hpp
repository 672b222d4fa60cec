// One process that runs the library: what it calls passes through the fault plan, and it can die.
#pragma once

#include <atomic>
#include <string>
#include <type_traits>
#include <utility>

#include "deploy/call.hpp"
#include "simulation/fault_plan.hpp"
#include "simulation/turns.hpp"
#include "simulation/virtual_clock.hpp"

namespace deploy::simulation {

/// Thread-safe. Clock and plan outlive it.
class Process {
 public:
  Process(std::string name, std::string machine, VirtualClock& clock, FaultPlan& faults)
      : name_(std::move(name)), machine_(std::move(machine)), clock_(clock), faults_(faults) {}

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] const std::string& machine() const noexcept { return machine_; }
  [[nodiscard]] bool alive() const noexcept { return alive_; }
  /// As SIGKILL: from now on none of its calls has an effect, and each throws SimulatedCrash. A call that is under way
  /// still takes its effect (the peer does not notice), but never returns.
  void kill() noexcept { alive_ = false; }

  /// Its calls, but those to the store (which may be made under a lock), let threads of other processes have their turn.
  void take_turns(Turns& turns) noexcept { turns_ = &turns; }
  [[nodiscard]] Turns* turns() const noexcept { return turns_; }

  /// Whether the thread of a call is one that moves time when it sleeps. Not so the one that only renews a lease.
  enum class Moves { time, others };

  /// Carries out one port call, or lets happen to it what the plan says.
  template <class F>
  std::invoke_result_t<F> call(PortCall what, const CallLimits& limits, F&& effect, Moves moves = Moves::time) {
    if (moves == Moves::time) clock_.act_here();
    const Fault fault = enter(what, limits);
    if constexpr (std::is_void_v<std::invoke_result_t<F>>) {
      carry_out(fault, what, effect);
      leave(fault, what, limits);
    } else {
      auto result = carry_out(fault, what, effect);
      leave(fault, what, limits);
      return result;
    }
  }

  [[nodiscard]] VirtualClock& clock() const noexcept { return clock_; }
  [[nodiscard]] FaultPlan& faults() const noexcept { return faults_; }

 private:
  Fault enter(PortCall& what, const CallLimits& limits);
  void leave(const Fault& fault, const PortCall& what, const CallLimits& limits);
  void strike(const Fault& fault, const PortCall& what, const CallLimits& limits);
  [[noreturn]] void die(const PortCall& what);

  template <class F>
  std::invoke_result_t<F> carry_out(const Fault& fault, const PortCall& what, F& effect) {
    try {
      return effect();
    } catch (const Error&) {
      if (fault.kind == Fault::Kind::crash || !alive_) die(what);  // it dies before it learns of the error
      throw;
    }
  }

  std::string name_, machine_;
  VirtualClock& clock_;
  FaultPlan& faults_;
  std::atomic<bool> alive_{true};
  Turns* turns_ = nullptr;
};

}  // namespace deploy::simulation
