// May this release go there?
#include "capi/guard.hpp"
#include "capi/handles.hpp"
#include "capi/json.hpp"
#include "capi/records.hpp"

using namespace deploy;
using namespace deploy::capi;

namespace {

/// The form that gates have in plans and deployments.
std::string json_of(const GateAnswer &gate) {
  Json object;
  object.text("gate", gate.gate.c_str()).flag("allowed", gate.allowed ? 1 : 0).text("reason", gate.reason.c_str());
  if (gate.opens) object.raw("opens", quoted(to_rfc3339(*gate.opens)));
  if (gate.signed_by.empty()) return object.str();
  Json signers;
  for (const auto &[name, key] : gate.signed_by) signers.raw(name, quoted(key));
  return object.raw("signed_by", signers.str()).str();
}

std::string json_of(const std::vector<GateAnswer> &gates) {
  std::vector<std::string> parts;
  for (const auto &gate : gates) parts.push_back(json_of(gate));
  return array(parts);
}

}  // namespace

deploy_status deploy_deployer_ask_gates(deploy_deployer *deployer, const char *release, const char *environment, const deploy_promote_options *options,
                                        deploy_gate_list **out_gates, deploy_error **out_error) {
  return guard(out_error, [&] {
    Deployer &value = required(deployer, "deployer").value;
    auto &out = required(out_gates, "out_gates");
    const auto place = text(environment, "environment");
    const auto given = capi::options<deploy_promote_options>(options, DEPLOY_PROMOTE_OPTIONS_INIT);
    auto gates = value.gates(value.find_release(text_or_empty(release)), place, {.allow_downgrade = given.allow_downgrade != 0});
    const deploy_status status = all_allowed(gates) ? DEPLOY_OK : DEPLOY_BLOCKED;
    out = new deploy_gate_list(std::move(gates));
    return status;
  });
}

deploy_gate_list *deploy_gate_list_free(deploy_gate_list *list) {
  delete list;
  return nullptr;
}

deploy_status deploy_gate_list_get(const deploy_gate_list *list, size_t index, deploy_gate *out_gate) {
  return list ? fill_gate(list->value, list->signers, index, out_gate) : DEPLOY_INVALID_ARGUMENT;
}

const char *deploy_gate_list_to_json(const deploy_gate_list *list) {
  return list ? list->json.get([&] { return json_of(list->value); }) : nullptr;
}
