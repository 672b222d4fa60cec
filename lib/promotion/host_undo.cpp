// The way back on one host. In reverse order of the steps: candidate stopped, old started, names and policies as before.
#include <fmt/format.h>

#include "deploy/error.hpp"
#include "promotion/host_run.hpp"
#include "promotion/planner.hpp"
#include "support/mutation.hpp"

namespace deploy {

namespace {
using std::chrono::milliseconds;

constexpr milliseconds kUndoTimeout{60'000};
// A candidate that was found unhealthy keeps the port from the version that works: it gets no time of grace.
constexpr milliseconds kNoGrace{0};

CallLimits undo_limits() { return {kUndoTimeout, {}}; }  // the way back is not stopped half-way
}  // namespace

void HostRun::undo(StepKind kind, bool graceful) {
  switch (kind) {
    case StepKind::preflight:
    case StepKind::pull:
    case StepKind::probe: return;
    case StepKind::create: return undo_create();
    case StepKind::retain: return undo_retain();
    case StepKind::adopt_name: return undo_adopt_name();
    case StepKind::stop:
      started_here_ = true;
      if (!old_.empty() && !mutated(Mutation::leave_old_stopped)) acting().start(old_, undo_limits());
      return;
    case StepKind::start: return undo_start(graceful);
  }
}

void HostRun::undo_start(bool graceful) {
  if (candidate_.empty() || !inspect(candidate_)) return;
  // Before it is stopped: with its restart policy a crash-looping candidate would come back between stop and rename.
  bool set = true;
  try {
    set_restart_policy(candidate_, "no", undo_limits());
  } catch (const Error& error) {  // "cannot update a stopped container": a crash-looping one that has died just now; then after the stop
    if (error.code() != ErrorCode::refused && error.code() != ErrorCode::conflict) throw;
    set = false;
  }
  note_down(around_.clock.elapsed());
  const milliseconds grace = graceful ? env_.container.stop_timeout : kNoGrace;
  acting().stop(candidate_, grace, {kUndoTimeout + grace, {}});
  if (!set) set_restart_policy(candidate_, "no", undo_limits());
}

void HostRun::undo_adopt_name() {
  const auto info = inspect(candidate_);
  if (!info) return;
  const std::string name = prior_name_.empty() ? failed_name(env_, deployment_) : prior_name_;
  if (info->name != name) acting().rename(candidate_, name, undo_limits());
}

void HostRun::undo_retain() {
  const auto info = inspect(old_);
  if (!info) return;
  if (info->name != old_name_) acting().rename(old_, old_name_, undo_limits());
  if (info->restart_policy != old_policy_) set_restart_policy(old_, old_policy_, undo_limits());
}

/// Probing finds out whether it serves. Under another name nobody would find it, and without its policy it would not survive a reboot.
std::string HostRun::not_restored() {
  if (old_.empty()) {
    const auto left = inspect(candidate_);
    return left && left->running() ? fmt::format("{} still runs on {}, where nothing ran before", left->name, host_.url()) : "";
  }
  const auto info = inspect(old_);
  if (!info) return fmt::format("the container {} is gone from {}", old_name_, host_.url());
  if (info->name != old_name_) return fmt::format("the old container on {} is called {} instead of {}", host_.url(), info->name, old_name_);
  if (info->restart_policy != old_policy_) return fmt::format("{} on {} has the restart policy '{}' instead of '{}'", old_name_, host_.url(), info->restart_policy, old_policy_);
  return "";
}

void HostRun::undo_create() {
  if (candidate_.empty()) candidate_ = find_candidate(undo_limits());
  const auto info = inspect(candidate_);
  if (!info || !prior_name_.empty()) return;  // a retained container stays what it was: stock to go back to
  if (!info->started) return acting().remove(candidate_, undo_limits());
  if (info->restart_policy != "no") set_restart_policy(candidate_, "no", undo_limits());
  if (info->name != failed_name(env_, deployment_)) acting().rename(candidate_, failed_name(env_, deployment_), undo_limits());
}

}  // namespace deploy
