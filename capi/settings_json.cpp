// Settings in the form of deploy.json, whose reader judges them.
#include "capi/json.hpp"
#include "capi/lists.hpp"
#include "capi/settings.hpp"
#include "deploy/error.hpp"

namespace deploy::capi {

namespace {

std::string json_of(const deploy_secret_source &source) {
  switch (source.kind) {
    case DEPLOY_SECRET_ENV: return Json().text("env", source.name).str();
    case DEPLOY_SECRET_FILE: return Json().text("file", source.name).str();
    case DEPLOY_SECRET_COMMAND: return Json().list("command", source.command).str();
    default: return "{}";
  }
}

void add(Json &object, std::string_view key, const deploy_secret_source *source) {
  if (source) object.raw(key, json_of(*source));
}

std::string json_of(const deploy_image_settings &image) {
  return Json().text("repository", image.repository).text("context", image.context).text("dockerfile", image.dockerfile).text("target", image.target)
      .map("build_args", image.build_args).text("version", image.version).list("tags", image.tags).list("floating_tags", image.floating_tags)
      .text("floating_after", image.floating_after).str();
}

std::string json_of(const deploy_registry_settings &registry) {
  Json object;
  add(object, "username", registry.username);
  add(object, "password", registry.password);
  return object.flag("insecure", registry.insecure).str();
}

std::string json_of(const deploy_git_settings &git) { return Json().text("tag", git.tag).text("push", git.push).text("after", git.after).str(); }

std::string json_of(const deploy_ssh_settings &ssh) {
  Json object;
  object.raw("client", ssh.openssh != 0 ? "\"openssh\"" : "\"libssh2\"").text("identity", ssh.identity).text("known_hosts", ssh.known_hosts)
      .text("jump", ssh.jump).text("config", ssh.config);
  add(object, "passphrase", ssh.passphrase);
  add(object, "agent", ssh.agent);
  return object.str();
}

std::string json_of(const deploy_tls_settings &tls) { return Json().text("ca", tls.ca).text("cert", tls.cert).text("key", tls.key).str(); }

/// The values are JSON already, and have to be: they are put between ours.
std::string expectations(const char *const *json, const std::string &pointer) {
  Json object;
  for (const auto &[at, value] : map_of(json)) {
    if (!is_json_value(value))
      throw Error(ErrorCode::invalid_config, "config", pointer + "/http/json: what is expected at \"" + at + "\" is no JSON value; a text stands in quotes, \"\\\"ok\\\"\"",
                  {{"pointer", pointer + "/http/json"}});
    object.raw(at, value);
  }
  return object.str();
}

std::string json_of(const deploy_http_check &check, const std::string &pointer) {
  Json object;
  object.text("path", check.path).number("port", check.port);
  std::vector<std::string> codes;
  for (const std::int32_t *code = check.status; code && *code != 0; ++code) codes.push_back(std::to_string(*code));
  if (check.status) object.raw("status", array(codes));
  if (check.body) object.raw("body", quoted(check.body));
  if (check.json) object.raw("json", expectations(check.json, pointer));
  return object.map("headers", check.headers).flag("tls", check.tls).text("ca", check.ca).str();
}

std::string json_of(const deploy_health_probe &probe, const std::string &pointer) {
  throw_if_broken(probe);
  const deploy_health_probe_info &info = probe.info;
  Json object;
  if (info.kind == DEPLOY_PROBE_HTTP) object.raw("http", json_of(probe.http->record, pointer));
  else if (info.kind == DEPLOY_PROBE_TCP) object.raw("tcp", Json().number("port", info.port).str());
  else if (info.kind == DEPLOY_PROBE_EXEC) object.raw("exec", Json().list("command", info.command).str());
  else object.raw("engine", "{}");
  return object.choice("from", info.from, {"host", "controller"}).time("interval", info.interval).time("timeout", info.timeout)
      .time("start_period", info.start_period).time("deadline", info.deadline).number("success_threshold", info.success_threshold)
      .number("failure_threshold", info.failure_threshold).str();
}

std::string json_of(const deploy_rollback_policy &policy) {
  throw_if_broken(policy);
  return Json().flag("automatic", policy.info.automatic).choice("on_unknown", policy.info.on_unknown, {"hold", "rollback"}).time("bake", policy.info.bake)
      .number("keep", policy.info.keep).str();
}

std::string variables_of(const deploy_environment &environment) {
  Json object;
  for (const auto &[name, variable] : environment.variables)
    object.raw(name, variable->record.secret ? json_of(*variable->record.secret) : quoted(variable->record.value));
  return object.str();
}

std::string container_of(const deploy_environment &environment) {
  const deploy_container &container = environment.container->record;
  return Json().text("name", container.name).list("ports", container.ports).raw("env", variables_of(environment)).list("volumes", container.volumes)
      .list("networks", container.networks).text("restart", container.restart).time("stop_timeout", container.stop_timeout).map("labels", container.labels)
      .number("memory", container.memory).real("cpus", container.cpus).list("command", container.command).text("user", container.user)
      .flag("read_only", container.read_only).str();
}

std::string json_of(const deploy_approval &approval) {
  Json object;
  object.list("approvers", approval.approvers).number("required", approval.required).flag("allow_requester", approval.allow_requester).time("expires", approval.expires);
  const auto given = [](const char *path) { return path && *path; };
  if (given(approval.allowed_signers) || given(approval.revoked_keys))
    object.raw("signatures", Json().text("allowed_signers", approval.allowed_signers).text("revoked_keys", approval.revoked_keys).str());
  return object.str();
}

void add(Json &object, const deploy_rules &rules) {
  object.text("after", rules.after).time("soak", rules.soak).time("max_age", rules.max_age).flag("stop_the_line", rules.stop_the_line)
      .flag("allow_downgrade", rules.allow_downgrade)
      .raw("strategy", Json().choice("type", rules.strategy, {"recreate", "blue_green", "canary"}).number("max_parallel", rules.max_parallel).str());
}

std::string windows_of(const deploy_environment &environment) {
  std::vector<std::string> windows;
  for (const auto &window : environment.freeze)
    windows.push_back(Json().text("from", window->record.from).text("to", window->record.to).text("timezone", window->record.timezone).str());
  return array(windows);
}

std::string json_of(const deploy_environment &environment, const std::string &pointer) {
  throw_if_broken(environment);
  std::vector<std::string> hosts;
  for (const auto &host : environment.hosts) hosts.push_back(quoted(host));
  Json object;
  object.raw("name", quoted(environment.name)).raw("hosts", array(hosts));
  if (environment.rules) add(object, environment.rules->record);
  if (environment.container) object.raw("container", container_of(environment));
  if (environment.probe) object.raw("probe", json_of(*environment.probe, pointer + "/probe"));
  object.raw("rollback", json_of(*environment.rollback));
  if (environment.approval) object.raw("approval", json_of(environment.approval->record));
  return object.raw("freeze", windows_of(environment)).str();
}

}  // namespace

std::string to_json(const ConfigParts &parts) {
  Json object;
  object.raw("application", quoted(parts.application)).text("state", parts.state.c_str());
  if (parts.image) object.raw("image", json_of(parts.image->record));
  object.text("engine", parts.engine.c_str());
  if (parts.registry) object.raw("registry", json_of(parts.registry->record));
  if (parts.git) object.raw("git", json_of(parts.git->record));
  if (parts.ssh) object.raw("ssh", json_of(parts.ssh->record));
  if (parts.tls) object.raw("tls", json_of(parts.tls->record));
  std::vector<std::string> environments;
  for (const auto &environment : parts.environments) environments.push_back(json_of(environment, "/environments/" + std::to_string(environments.size())));
  return object.raw("environments", array(environments)).str();
}

}  // namespace deploy::capi
