// run, promote, plan, rollback, resume
#include "commands.hpp"
#include "exit_code.hpp"
#include "show.hpp"
#include "text.hpp"

namespace deployctl {

namespace {

void put_into_result(Session &session, const deploy_deployment *deployment) {
  session.result.splice(deploy_deployment_to_json(deployment));
  const auto next = next_steps(session, deployment);
  if (!next.empty()) session.result.add("next", next);
}

deploy_promote_options promote_options(const Session &session) {
  deploy_promote_options options = DEPLOY_PROMOTE_OPTIONS_INIT;
  options.allow_downgrade = session.args.allow_downgrade ? 1 : 0;
  return options;
}

deploy_status promote(Session &session, const char *release, const char *environment, Deployment &deployment) {
  const auto options = promote_options(session);
  return session.call([&](deploy_error **error) {
    return deploy_deployer_promote(session.deployer(), release, environment, &options, deployment.out(), error);
  });
}

void print_line(Session &session, const deploy_deployment *deployment) {
  session.screen.json_line(JsonObject().add("type", "deployment").splice(deploy_deployment_to_json(deployment)).str());
  show_outcome(session, deployment);
}

Release build(Session &session) {
  deploy_build_options options = DEPLOY_BUILD_OPTIONS_INIT;
  options.build = session.args.build;
  options.rollback_never = session.args.rollback == "never" ? 1 : 0;
  Release release;
  session.call([&](deploy_error **error) { return deploy_deployer_build(session.deployer(), &options, release.out(), error); });
  return release;
}

void show_steps(Session &session, const deploy_plan *plan) {
  deploy_step step = DEPLOY_STEP_INIT;
  for (std::size_t i = 0; deploy_plan_get_step(plan, i, &step) == DEPLOY_OK; ++i) {
    session.screen.say("  " + std::to_string(step.index) + "  batch " + std::to_string(step.batch) + "  " + step.kind_name + "  " + step.host + "  " + step.description);
    if (*step.undo) session.screen.say("       undo: " + std::string(step.undo), Tone::faint);
  }
}

std::vector<std::string> show_gates(Session &session, const deploy_plan *plan, const deploy_plan_info &info) {
  std::vector<std::string> next;
  deploy_gate gate = DEPLOY_GATE_INIT;
  for (std::size_t i = 0; deploy_plan_get_gate(plan, i, &gate) == DEPLOY_OK; ++i) {
    show_gate(session, gate);
    for (auto &command : gate_openers(session, gate, info.environment, info.version, info.digest)) next.push_back(std::move(command));
  }
  return next;
}

int plan_exit(deploy_status status, const deploy_plan_info &info) {
  if (status == DEPLOY_BLOCKED) return kBlocked;
  return info.steps == 0 ? kDone : kChanges;
}

}  // namespace

int command_run(Session &session) {
  const Release release = build(session);
  deploy_release_info info = DEPLOY_RELEASE_INFO_INIT;
  deploy_release_get_info(release.get(), &info);
  deploy_status status = DEPLOY_OK;
  Deployment deployment;
  for (std::size_t i = 0; status == DEPLOY_OK; ++i) {
    const char *environment = deploy_environment_get_name(deploy_config_get_environment(session.config(), i));
    if (!environment) break;
    status = promote(session, info.version, environment, deployment);
    print_line(session, deployment.get());
  }
  if (deployment) put_into_result(session, deployment.get());
  return exit_code(status);
}

int command_promote(Session &session) {
  Deployment deployment;
  const auto status = promote(session, or_null(session.args.release), session.args.environment.c_str(), deployment);
  show_outcome(session, deployment.get());
  put_into_result(session, deployment.get());
  return exit_code(status);
}

int command_plan(Session &session) {
  const auto options = promote_options(session);
  Plan plan;
  const auto status = session.call([&](deploy_error **error) {
    return deploy_deployer_plan(session.deployer(), or_null(session.args.release), session.args.environment.c_str(), &options, plan.out(), error);
  });
  deploy_plan_info info = DEPLOY_PLAN_INFO_INIT;
  deploy_plan_get_info(plan.get(), &info);
  session.screen.say(std::string(info.version) + " to " + info.environment + " (live: " + (info.live_version ? info.live_version : "nothing") + ")");
  const auto next = show_gates(session, plan.get(), info);
  if (info.steps == 0) session.screen.say("nothing to do");
  else if (info.rollback_never) session.screen.say("  marked `rollback: never`: once it ran it is held when it fails, not undone", Tone::warning);
  show_steps(session, plan.get());
  for (const auto &command : next) session.screen.say("  next: " + command);
  session.result.splice(deploy_plan_to_json(plan.get())).add("next", next);
  return plan_exit(status, info);
}

int command_rollback(Session &session) {
  deploy_rollback_options options = DEPLOY_ROLLBACK_OPTIONS_INIT;
  options.to = or_null(session.args.release);
  options.no_quarantine = session.args.no_quarantine ? 1 : 0;
  options.force = session.args.force ? 1 : 0;
  Deployment deployment;
  const auto status = session.call([&](deploy_error **error) {
    return deploy_deployer_rollback(session.deployer(), session.args.environment.c_str(), &options, deployment.out(), error);
  });
  show_outcome(session, deployment.get());
  put_into_result(session, deployment.get());
  return exit_code(status);
}

int command_resume(Session &session) {
  deploy_resume_options options = DEPLOY_RESUME_OPTIONS_INIT;
  options.undo = session.args.undo ? 1 : 0;
  DeploymentList list;
  const auto status = session.call([&](deploy_error **error) {
    return deploy_deployer_resume(session.deployer(), or_null(session.args.environment), &options, list.out(), error);
  });
  const deploy_deployment *last = nullptr;
  for (std::size_t i = 0; const deploy_deployment *deployment = deploy_deployment_list_get(list.get(), i); ++i) print_line(session, last = deployment);
  if (!last) session.screen.tell("nothing was interrupted; nothing to do");
  if (last) put_into_result(session, last);
  const bool undone_as_asked = session.args.undo && (status == DEPLOY_ROLLED_BACK || status == DEPLOY_CANCELLED);
  return undone_as_asked ? kDone : exit_code(status);
}

}  // namespace deployctl
