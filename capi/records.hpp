// Parts of records that more than one object has.
#pragma once

#include "capi/guard.hpp"
#include "capi/handles.hpp"
#include "deploy/gate.hpp"

namespace deploy::capi {

[[nodiscard]] deploy_status fill_gate(const std::vector<GateAnswer> &gates, const Signers &signers, std::size_t index, deploy_gate *out) noexcept;

[[nodiscard]] deploy_verdict number_of(Verdict verdict) noexcept;
[[nodiscard]] deploy_probe_answer number_of(ProbeAnswer answer) noexcept;
/// Lends the value's texts.
[[nodiscard]] deploy_probe_try record_of(const ProbeTry &value) noexcept;
[[nodiscard]] deploy_ledger_entry record_of(const LedgerEntry &value) noexcept;

}  // namespace deploy::capi
