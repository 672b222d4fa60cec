// What changes an environment: plan, promote, run, roll back, resume. The status is the outcome.
#include "capi/guard.hpp"
#include "capi/handles.hpp"

using namespace deploy;
using namespace deploy::capi;

namespace {

PromoteOptions wanted(const deploy_promote_options *options) {
  const auto given = capi::options<deploy_promote_options>(options, DEPLOY_PROMOTE_OPTIONS_INIT);
  return {.allow_downgrade = given.allow_downgrade != 0};
}

RollbackOptions wanted(const deploy_rollback_options *options) {
  const auto given = capi::options<deploy_rollback_options>(options, DEPLOY_ROLLBACK_OPTIONS_INIT);
  return {.to = std::string(text_or_empty(given.to)), .quarantine = given.no_quarantine == 0, .force = given.force != 0};
}

deploy_status give(Deployment deployment, deploy_deployment *&out) {
  const deploy_status status = status_of(deployment.outcome);
  out = new deploy_deployment(std::move(deployment));
  return status;
}

/// The status is the outcome of the last deployment that did not succeed.
deploy_status give(std::vector<Deployment> deployments, deploy_deployment_list *&out) {
  deploy_status status = DEPLOY_OK;
  for (const auto &deployment : deployments)
    if (deployment.outcome != Outcome::succeeded) status = status_of(deployment.outcome);
  out = new deploy_deployment_list(std::move(deployments));
  return status;
}

}  // namespace

deploy_status deploy_deployer_plan(deploy_deployer *deployer, const char *release, const char *environment,
                                   const deploy_promote_options *options, deploy_plan **out_plan, deploy_error **out_error) {
  return guard(out_error, [&] {
    Deployer &value = required(deployer, "deployer").value;
    auto &out = required(out_plan, "out_plan");
    const auto place = text(environment, "environment");
    const PromoteOptions given = wanted(options);
    auto report = value.plan(value.find_release(text_or_empty(release)), place, given);
    const deploy_status status = report.blocked() ? DEPLOY_BLOCKED : DEPLOY_OK;
    out = new deploy_plan(std::move(report));
    return status;
  });
}

deploy_status deploy_deployer_promote(deploy_deployer *deployer, const char *release, const char *environment,
                                      const deploy_promote_options *options, deploy_deployment **out_deployment,
                                      deploy_error **out_error) {
  return guard(out_error, [&] {
    Deployer &value = required(deployer, "deployer").value;
    auto &out = required(out_deployment, "out_deployment");
    const auto place = text(environment, "environment");
    const PromoteOptions given = wanted(options);
    return give(value.promote(value.find_release(text_or_empty(release)), place, given), out);
  });
}

deploy_status deploy_deployer_run(deploy_deployer *deployer, const deploy_build_options *options, deploy_deployment_list **out_deployments,
                                  deploy_error **out_error) {
  return guard(out_error, [&] {
    Deployer &value = required(deployer, "deployer").value;
    auto &out = required(out_deployments, "out_deployments");
    const auto given = capi::options<deploy_build_options>(options, DEPLOY_BUILD_OPTIONS_INIT);
    return give(value.run({.build = given.build, .rollback_never = given.rollback_never != 0}), out);
  });
}

deploy_status deploy_deployer_rollback(deploy_deployer *deployer, const char *environment, const deploy_rollback_options *options,
                                       deploy_deployment **out_deployment, deploy_error **out_error) {
  return guard(out_error, [&] {
    Deployer &value = required(deployer, "deployer").value;
    auto &out = required(out_deployment, "out_deployment");
    return give(value.rollback(text(environment, "environment"), wanted(options)), out);
  });
}

deploy_status deploy_deployer_resume(deploy_deployer *deployer, const char *environment, const deploy_resume_options *options,
                                     deploy_deployment_list **out_deployments, deploy_error **out_error) {
  return guard(out_error, [&] {
    Deployer &value = required(deployer, "deployer").value;
    auto &out = required(out_deployments, "out_deployments");
    const auto given = capi::options<deploy_resume_options>(options, DEPLOY_RESUME_OPTIONS_INIT);
    return give(value.resume(text_or_empty(environment), given.undo != 0), out);
  });
}
