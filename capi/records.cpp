#include "capi/records.hpp"

namespace deploy::capi {

deploy_status fill_gate(const std::vector<GateAnswer> &gates, const Signers &signers, std::size_t index, deploy_gate *out) noexcept {
  const GateAnswer *answer = element(gates, index);
  if (!answer) return DEPLOY_NOT_FOUND;
  deploy_gate gate = DEPLOY_GATE_INIT;
  gate.name = answer->gate.c_str();
  gate.reason = answer->reason.c_str();
  gate.opens = ms_or_none(answer->opens);
  gate.allowed = answer->allowed ? 1 : 0;
  gate.signed_by = signers.of(index);
  return fill(out, gate);
}

deploy_verdict number_of(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::healthy: return DEPLOY_VERDICT_HEALTHY;
    case Verdict::unhealthy: return DEPLOY_VERDICT_UNHEALTHY;
    case Verdict::unknown: return DEPLOY_VERDICT_UNKNOWN;
  }
  return DEPLOY_VERDICT_UNKNOWN;
}

deploy_probe_answer number_of(ProbeAnswer answer) noexcept {
  switch (answer) {
    case ProbeAnswer::success: return DEPLOY_PROBE_SUCCESS;
    case ProbeAnswer::failure: return DEPLOY_PROBE_FAILURE;
    case ProbeAnswer::unknown: return DEPLOY_PROBE_UNKNOWN;
  }
  return DEPLOY_PROBE_UNKNOWN;
}

deploy_probe_try record_of(const ProbeTry &value) noexcept {
  deploy_probe_try record = DEPLOY_PROBE_TRY_INIT;
  record.time = ms(value.time);
  record.latency = ms(value.latency);
  record.answer = number_of(value.answer);
  record.answer_name = literal(to_string(value.answer));
  record.detail = value.detail.c_str();
  return record;
}

deploy_ledger_entry record_of(const LedgerEntry &value) noexcept {
  deploy_ledger_entry record = DEPLOY_LEDGER_ENTRY_INIT;
  record.seq = value.seq;
  record.time = value.time.c_str();
  record.kind = value.kind.c_str();
  record.actor = value.actor.c_str();
  record.environment = value.environment.c_str();
  record.deployment = value.deployment.c_str();
  record.token = value.token;
  record.data = value.data.c_str();
  record.prev = value.prev.c_str();
  record.hash = value.hash.c_str();
  return record;
}

}  // namespace deploy::capi
