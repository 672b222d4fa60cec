// Parts of records that more than one object has.
#pragma once

#include "capi/guard.hpp"
#include "deploy/gate.hpp"

namespace deploy::capi {

[[nodiscard]] deploy_status fill_gate(const std::vector<GateAnswer> &gates, std::size_t index, deploy_gate *out) noexcept;

}  // namespace deploy::capi
