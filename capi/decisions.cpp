// What a person decides: consent, freezes, quarantine.
#include "capi/guard.hpp"
#include "capi/handles.hpp"

using namespace deploy;
using namespace deploy::capi;

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
