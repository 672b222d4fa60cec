#include "capi/guard.hpp"
#include "capi/handles.hpp"
#include "capi/records.hpp"

using namespace deploy;
using namespace deploy::capi;

namespace {

deploy_step_kind kind_of_step(StepKind kind) {
  switch (kind) {
    case StepKind::preflight: return DEPLOY_STEP_PREFLIGHT;
    case StepKind::pull: return DEPLOY_STEP_PULL;
    case StepKind::create: return DEPLOY_STEP_CREATE;
    case StepKind::retain: return DEPLOY_STEP_RETAIN;
    case StepKind::adopt_name: return DEPLOY_STEP_ADOPT_NAME;
    case StepKind::stop: return DEPLOY_STEP_STOP;
    case StepKind::start: return DEPLOY_STEP_START;
    case StepKind::probe: return DEPLOY_STEP_PROBE;
  }
  return DEPLOY_STEP_PREFLIGHT;
}

}  // namespace

deploy_plan *deploy_plan_free(deploy_plan *plan) {
  delete plan;
  return nullptr;
}

deploy_status deploy_plan_get_info(const deploy_plan *plan, deploy_plan_info *out_info) {
  if (!plan) return DEPLOY_INVALID_ARGUMENT;
  const Plan &value = plan->value.plan;
  deploy_plan_info info = DEPLOY_PLAN_INFO_INIT;
  info.environment = value.environment.c_str();
  info.version = plan->version.c_str();
  info.digest = value.release.digest.str().c_str();
  info.live_version = null_if_empty(value.live_version);
  info.live_digest = null_if_empty(value.live_digest);
  info.policy_hash = value.policy_hash.c_str();
  info.hash = value.hash.c_str();
  info.steps = static_cast<int64_t>(value.steps.size());
  info.rollback_never = value.release.rollback_never ? 1 : 0;
  return fill(out_info, info);
}

deploy_status deploy_plan_get_gate(const deploy_plan *plan, size_t index, deploy_gate *out_gate) {
  return plan ? fill_gate(plan->value.gates, plan->signers, index, out_gate) : DEPLOY_INVALID_ARGUMENT;
}

deploy_status deploy_plan_get_step(const deploy_plan *plan, size_t index, deploy_step *out_step) {
  if (!plan) return DEPLOY_INVALID_ARGUMENT;
  const Step *value = element(plan->value.plan.steps, index);
  if (!value) return DEPLOY_NOT_FOUND;
  deploy_step step = DEPLOY_STEP_INIT;
  step.index = value->index;
  step.batch = value->batch;
  step.kind = kind_of_step(value->kind);
  step.kind_name = literal(to_string(value->kind));
  step.host = value->host.c_str();
  step.description = value->description.c_str();
  step.undo = value->undo.c_str();
  return fill(out_step, step);
}

const char *deploy_plan_to_json(const deploy_plan *plan) {
  return plan ? plan->json.get([&] { return to_json(plan->value); }) : nullptr;
}
