// Values as JSON and back: what the ledger keeps and what --json prints have one form.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "deploy/deployment.hpp"
#include "deploy/plan.hpp"
#include "deploy/release.hpp"
#include "support/json.hpp"

namespace deploy {

[[nodiscard]] json::Object release_object(const Release& release);
/// Throws Error{corrupt} when a field is missing or malformed.
[[nodiscard]] Release release_from(const json::Value& value);

[[nodiscard]] json::Object plan_object(const Plan& plan);
[[nodiscard]] Plan plan_from(const json::Value& value);

[[nodiscard]] json::Object deployment_object(const Deployment& deployment);
[[nodiscard]] Deployment deployment_from(const json::Value& value);

/// Names of retained containers, by host: part of a `deployment_finished`.
[[nodiscard]] json::Object retained_object(const std::map<std::string, std::vector<std::string>>& retained);

[[nodiscard]] json::Array gates_array(const std::vector<GateAnswer>& gates);
/// None for nullptr and for what is no array.
[[nodiscard]] std::vector<GateAnswer> gates_from(const json::Value* value);
[[nodiscard]] json::Object probe_object(const ProbeReport& report);

}  // namespace deploy
