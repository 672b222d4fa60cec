// The names of what happens, as they stand in the ledger, in JSON and in the CLI.
#include <string_view>

#include "deploy/deployment.hpp"
#include "deploy/error.hpp"
#include "deploy/event.hpp"
#include "deploy/plan.hpp"
#include "deploy/status.hpp"
#include "support/one_line.hpp"

namespace deploy {

std::string_view to_string(StepKind kind) {
  switch (kind) {
    case StepKind::preflight: return "preflight";
    case StepKind::pull: return "pull";
    case StepKind::create: return "create";
    case StepKind::retain: return "retain";
    case StepKind::adopt_name: return "adopt_name";
    case StepKind::stop: return "stop";
    case StepKind::start: return "start";
    case StepKind::probe: return "probe";
  }
  return "";
}

std::string_view to_string(PlanKind kind) {
  switch (kind) {
    case PlanKind::promotion: return "promotion";
    case PlanKind::rollback: return "rollback";
  }
  return "";
}

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::succeeded: return "succeeded";
    case Outcome::rolled_back: return "rolled_back";
    case Outcome::held: return "held";
    case Outcome::stranded: return "stranded";
    case Outcome::blocked: return "blocked";
    case Outcome::cancelled: return "cancelled";
  }
  return "";
}

Outcome parse_outcome(std::string_view text) {
  for (Outcome outcome : {Outcome::succeeded, Outcome::rolled_back, Outcome::held, Outcome::stranded, Outcome::blocked, Outcome::cancelled})
    if (to_string(outcome) == text) return outcome;
  throw Error(ErrorCode::invalid_argument, "promotion", "'" + one_line(text, 100) + "' is no outcome of a deployment");
}

std::string_view to_string(EventKind kind) {
  switch (kind) {
    case EventKind::warning: return "warning";
    case EventKind::build_started: return "build_started";
    case EventKind::build_output: return "build_output";
    case EventKind::build_finished: return "build_finished";
    case EventKind::image_pushed: return "image_pushed";
    case EventKind::release_registered: return "release_registered";
    case EventKind::gate_answered: return "gate_answered";
    case EventKind::deployment_started: return "deployment_started";
    case EventKind::step_started: return "step_started";
    case EventKind::step_progress: return "step_progress";
    case EventKind::step_finished: return "step_finished";
    case EventKind::step_failed: return "step_failed";
    case EventKind::step_undone: return "step_undone";
    case EventKind::probe_tried: return "probe_tried";
    case EventKind::baking: return "baking";
    case EventKind::verified: return "verified";
    case EventKind::quarantined: return "quarantined";
    case EventKind::approval_recorded: return "approval_recorded";
    case EventKind::deployment_finished: return "deployment_finished";
  }
  return "";
}

std::string_view to_string(DoctorCheck::Level level) {
  switch (level) {
    case DoctorCheck::Level::ok: return "ok";
    case DoctorCheck::Level::warning: return "warning";
    case DoctorCheck::Level::failure: return "failure";
  }
  return "";
}

}  // namespace deploy
