// What a person decides: consent, freezes, quarantine.
#include "capi/guard.hpp"
#include "capi/handles.hpp"

using namespace deploy;
using namespace deploy::capi;

namespace {

DecisionOptions wanted(const deploy_decision_options *options) {
  const auto given = capi::options<deploy_decision_options>(options, DEPLOY_DECISION_OPTIONS_INIT);
  return {given.deny == 0, std::string(text_or_empty(given.comment)), std::string(text_or_empty(given.sign_with)), std::string(text_or_empty(given.signed_text)),
          std::string(text_or_empty(given.signature))};
}

}  // namespace

deploy_decision *deploy_decision_free(deploy_decision *decision) {
  delete decision;
  return nullptr;
}

deploy_status deploy_decision_get_info(const deploy_decision *decision, deploy_decision_info *out_info) {
  if (!decision) return DEPLOY_INVALID_ARGUMENT;
  const Decision &value = decision->value;
  deploy_decision_info info = DEPLOY_DECISION_INFO_INIT;
  info.granted = value.granted ? 1 : 0;
  info.application = value.application.c_str();
  info.environment = value.environment.c_str();
  info.version = value.version.c_str();
  info.digest = value.digest.c_str();
  info.replaces_version = value.replaces ? value.replaces->version.c_str() : nullptr;
  info.replaces_digest = value.replaces ? value.replaces->digest.c_str() : nullptr;
  info.policy_hash = value.policy_hash.c_str();
  info.creator = value.creator.c_str();
  info.approver = value.approver.c_str();
  info.issued = ms(value.issued);
  info.expires = ms_or_none(value.expires);
  info.nonce = value.nonce.c_str();
  info.comment = value.comment.c_str();
  info.text = value.text.c_str();
  info.signature = null_if_empty(value.signature);
  info.key = null_if_empty(value.key);
  info.key_type = null_if_empty(value.key_type);
  return fill(out_info, info);
}

const char *deploy_decision_to_json(const deploy_decision *decision) {
  return decision ? decision->json.get([&] { return to_json(decision->value); }) : nullptr;
}

deploy_status deploy_deployer_draft_decision(deploy_deployer *deployer, const char *release, const char *environment,
                                             const deploy_decision_options *options, deploy_decision **out_decision, deploy_error **out_error) {
  return guard(out_error, [&] {
    Deployer &value = required(deployer, "deployer").value;
    auto &out = required(out_decision, "out_decision");
    const auto place = text(environment, "environment");
    const DecisionOptions given = wanted(options);
    out = new deploy_decision(value.draft_decision(value.find_release(text_or_empty(release)), place, given));
  });
}

deploy_status deploy_deployer_decide(deploy_deployer *deployer, const char *release, const char *environment, const deploy_decision_options *options,
                                     deploy_decision **out_decision, deploy_error **out_error) {
  return guard(out_error, [&] {
    Deployer &value = required(deployer, "deployer").value;
    const auto place = text(environment, "environment");
    const DecisionOptions given = wanted(options);
    Decision decision = value.decide(value.find_release(text_or_empty(release)), place, given);
    if (out_decision) *out_decision = new deploy_decision(std::move(decision));
  });
}

deploy_status deploy_deployer_approve(deploy_deployer *deployer, const char *release, const char *environment, const char *comment,
                                      deploy_error **out_error) {
  return guard(out_error, [&] {
    Deployer &value = required(deployer, "deployer").value;
    const auto place = text(environment, "environment");
    value.approve(value.find_release(text_or_empty(release)), place, std::string(text_or_empty(comment)));
  });
}

deploy_status deploy_deployer_deny(deploy_deployer *deployer, const char *release, const char *environment, const char *comment,
                                   deploy_error **out_error) {
  return guard(out_error, [&] {
    Deployer &value = required(deployer, "deployer").value;
    const auto place = text(environment, "environment");
    value.deny(value.find_release(text_or_empty(release)), place, std::string(text_or_empty(comment)));
  });
}

deploy_status deploy_deployer_freeze(deploy_deployer *deployer, const char *environment, const char *reason, deploy_error **out_error) {
  return guard(out_error, [&] {
    Deployer &value = required(deployer, "deployer").value;
    value.freeze(text_or_empty(environment), std::string(text(reason, "reason")));
  });
}

deploy_status deploy_deployer_unfreeze(deploy_deployer *deployer, const char *environment, deploy_error **out_error) {
  return guard(out_error, [&] { required(deployer, "deployer").value.unfreeze(text_or_empty(environment)); });
}

deploy_status deploy_deployer_lift_quarantine(deploy_deployer *deployer, const char *digest, const char *reason, deploy_error **out_error) {
  return guard(out_error, [&] {
    Deployer &value = required(deployer, "deployer").value;
    value.lift_quarantine(Digest::parse(text(digest, "digest")), std::string(text(reason, "reason")));
  });
}
