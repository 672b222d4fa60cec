// What a person can do now, as command lines to copy.
#include <string_view>

#include "show.hpp"
#include "text.hpp"

namespace deployctl {

namespace {

bool wants_signatures(Session &session, const std::string &name) {
  for (std::size_t i = 0; const deploy_environment *environment = deploy_config_get_environment(session.config(), i); ++i)
    if (name == deploy_environment_get_name(environment)) return deploy_environment_get_allowed_signers(environment) != nullptr;
  return false;
}

}  // namespace

std::vector<std::string> gate_openers(Session &session, const deploy_gate &gate, const std::string &environment,
                                      const std::string &version, const std::string &digest) {
  const std::string_view name = gate.name;
  const auto command = [&](const std::string &words) { return std::vector{session.command_line(words)}; };
  const std::string promotion = "promote " + shell_word(version) + " --to " + shell_word(environment);
  if (gate.allowed) return {};
  if (name == "approval") return command("approve " + shell_word(version) + " --to " + shell_word(environment) + " --as APPROVER" + (wants_signatures(session, environment) ? " --sign KEY" : ""));
  if (name == "freeze") return command("unfreeze " + shell_word(environment));
  if (name == "freeze_all") return command("unfreeze --all");
  if (name == "rollback_never") return command("rollback " + shell_word(environment) + " --force");
  if (name == "quarantine") return command("quarantine lift " + digest + " --reason WHY");
  if (name == "downgrade") return command(promotion + " --allow-downgrade");
  if (name == "interrupted") return command("resume " + shell_word(environment));
  if (gate.opens != DEPLOY_NONE) return command(promotion + "   # from " + when(gate.opens) + " on");
  return {};
}

namespace {

std::vector<std::string> openers(Session &session, const deploy_deployment *deployment, const deploy_deployment_info &info) {
  std::vector<std::string> commands;
  deploy_gate gate = DEPLOY_GATE_INIT;
  for (std::size_t i = 0; deploy_deployment_get_gate(deployment, i, &gate) == DEPLOY_OK; ++i)
    for (auto &command : gate_openers(session, gate, info.environment, info.version, info.digest)) commands.push_back(std::move(command));
  return commands;
}

/// A release marked `rollback: never` is not left by a plain `rollback`.
std::string force_where_needed(const deploy_deployment *deployment) {
  for (std::size_t i = 0; const char *reason = deploy_deployment_get_reason(deployment, i); ++i)
    if (std::string_view(reason).find("'rollback: never'") != std::string_view::npos) return " --force";
  return "";
}

}  // namespace

std::vector<std::string> next_steps(Session &session, const deploy_deployment *deployment) {
  deploy_deployment_info info = DEPLOY_DEPLOYMENT_INFO_INIT;
  if (deploy_deployment_get_info(deployment, &info) != DEPLOY_OK) return {};
  const std::string environment = shell_word(info.environment);
  switch (info.outcome) {
    case DEPLOY_BLOCKED: return openers(session, deployment, info);
    case DEPLOY_ROLLED_BACK: return {session.command_line("show " + std::string(info.id))};
    case DEPLOY_HELD: return {session.command_line("show " + std::string(info.id)), session.command_line("rollback " + environment + force_where_needed(deployment))};
    case DEPLOY_STRANDED: return {session.command_line("show " + std::string(info.id)), session.command_line("verify " + environment), session.command_line("rollback " + environment)};
    default: return {};
  }
}

}  // namespace deployctl
