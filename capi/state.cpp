#include "capi/guard.hpp"
#include "capi/handles.hpp"
#include "capi/records.hpp"

using namespace deploy;
using namespace deploy::capi;

namespace {

std::vector<const char *> null_ended(const std::vector<std::string> &names) {
  std::vector<const char *> pointers;
  pointers.reserve(names.size() + 1);
  for (const auto &name : names) pointers.push_back(name.c_str());
  pointers.push_back(nullptr);
  return pointers;
}

void add_live(const EnvironmentStatus &value, deploy_environment_info &info) {
  info.live_since = ms_or_none(value.live_since);
  if (!value.live) return;
  info.live_version = value.live->version.c_str();
  info.live_digest = value.live->digest.c_str();
  info.live_deployment = value.live_deployment.c_str();
}

void add_interrupted(const EnvironmentStatus &value, deploy_environment_info &info) {
  info.interrupted_started = DEPLOY_NONE;
  if (!value.interrupted) return;
  info.interrupted_deployment = value.interrupted->deployment.c_str();
  info.interrupted_version = value.interrupted->version.c_str();
  info.interrupted_step = value.interrupted->last_step.c_str();
  info.interrupted_started = ms(value.interrupted->started);
}

void add_lease(const EnvironmentStatus &value, deploy_environment_info &info) {
  info.lease_expires = info.lease_since = DEPLOY_NONE;
  if (!value.lease) return;
  info.lease_actor = value.lease->holder.actor.c_str();
  info.lease_machine = value.lease->holder.machine.c_str();
  info.lease_process = value.lease->holder.process;
  info.lease_expires = ms(value.lease->expires);
  info.lease_since = ms(value.lease->since);
  info.lease_condition = literal(to_string(value.lease_condition));
}

}  // namespace

deploy_environment_state::deploy_environment_state(EnvironmentStatus v) : value(std::move(v)), signers(value.waiting_for) {
  for (const auto &pending : value.pending)
    names.push_back({null_ended(pending.granted_by), null_ended(pending.denied_by), null_ended(pending.not_counted),
                     pending.signed_by.empty() ? nullptr : keep.copy(pending.signed_by)});
}

deploy_environment_state *deploy_environment_state_free(deploy_environment_state *state) {
  delete state;
  return nullptr;
}

deploy_status deploy_environment_state_get_info(const deploy_environment_state *state, deploy_environment_info *out_info) {
  if (!state) return DEPLOY_INVALID_ARGUMENT;
  const EnvironmentStatus &value = state->value;
  deploy_environment_info info = DEPLOY_ENVIRONMENT_INFO_INIT;
  info.environment = value.environment.c_str();
  info.rollback_target = null_if_empty(value.rollback_target);
  info.last_outcome = value.last_outcome ? literal(to_string(*value.last_outcome)) : nullptr;
  info.frozen_by = value.frozen ? value.frozen_by.c_str() : nullptr;
  info.frozen_reason = value.frozen ? value.frozen_reason.c_str() : nullptr;
  info.stranded = value.stranded ? 1 : 0;
  info.stopped_by = null_if_empty(value.stopped_by);
  info.stopped_reason = null_if_empty(value.stopped_reason);
  info.closed_until = ms_or_none(value.closed_until);
  info.rollback_barrier = null_if_empty(value.rollback_barrier);
  info.candidate = null_if_empty(value.candidate);
  info.candidate_digest = null_if_empty(value.candidate_digest);
  add_live(value, info);
  add_interrupted(value, info);
  add_lease(value, info);
  return fill(out_info, info);
}

deploy_status deploy_environment_state_get_verified(const deploy_environment_state *state, size_t index, deploy_verified *out_verified) {
  if (!state) return DEPLOY_INVALID_ARGUMENT;
  const VerifiedVersion *value = element(state->value.verified, index);
  if (!value) return DEPLOY_NOT_FOUND;
  deploy_verified verified = DEPLOY_VERIFIED_INIT;
  verified.version = value->version.c_str();
  verified.digest = value->digest.c_str();
  verified.time = ms(value->verified);
  verified.quarantined = value->quarantined ? 1 : 0;
  return fill(out_verified, verified);
}

deploy_status deploy_environment_state_get_pending(const deploy_environment_state *state, size_t index, deploy_pending *out_pending) {
  if (!state) return DEPLOY_INVALID_ARGUMENT;
  const PendingApproval *value = element(state->value.pending, index);
  if (!value) return DEPLOY_NOT_FOUND;
  deploy_pending pending = DEPLOY_PENDING_INIT;
  pending.version = value->version.c_str();
  pending.digest = value->digest.c_str();
  pending.granted_by = state->names[index].granted.data();
  pending.denied_by = state->names[index].denied.data();
  pending.required = value->required;
  pending.not_counted = state->names[index].not_counted.data();
  pending.signatures_required = value->signatures_required ? 1 : 0;
  pending.signed_by = state->names[index].signed_by;
  return fill(out_pending, pending);
}

deploy_status deploy_environment_state_get_gate(const deploy_environment_state *state, size_t index, deploy_gate *out_gate) {
  return state ? fill_gate(state->value.waiting_for, state->signers, index, out_gate) : DEPLOY_INVALID_ARGUMENT;
}

deploy_status deploy_environment_state_get_quarantined(const deploy_environment_state *state, size_t index, deploy_quarantined *out_quarantined) {
  if (!state) return DEPLOY_INVALID_ARGUMENT;
  const QuarantinedDigest *value = element(state->value.quarantined, index);
  if (!value) return DEPLOY_NOT_FOUND;
  deploy_quarantined quarantined = DEPLOY_QUARANTINED_INIT;
  quarantined.version = value->version.c_str();
  quarantined.digest = value->digest.c_str();
  quarantined.reason = value->reason.c_str();
  quarantined.by = value->by.c_str();
  quarantined.since = ms(value->since);
  return fill(out_quarantined, quarantined);
}

const char *deploy_environment_state_to_json(const deploy_environment_state *state) {
  return state ? state->json.get([&] { return to_json(state->value); }) : nullptr;
}
