// Records of what a caller gave, made our own; and records of C++ values.
#include "capi/settings.hpp"

namespace deploy::capi {

void settle(Keep &keep, deploy_image_settings &record) {
  for (const char **text : {&record.repository, &record.context, &record.dockerfile, &record.target, &record.version, &record.floating_after}) keep.text(*text);
  for (const char *const **list : {&record.tags, &record.floating_tags, &record.build_args}) keep.list(*list);
}

void settle(Keep &keep, deploy_registry_settings &record) {
  keep.secret(record.username);
  keep.secret(record.password);
}

void settle(Keep &keep, deploy_git_settings &record) {
  for (const char **text : {&record.tag, &record.push, &record.after}) keep.text(*text);
}

void settle(Keep &keep, deploy_ssh_settings &record) {
  for (const char **text : {&record.identity, &record.known_hosts, &record.jump, &record.config}) keep.text(*text);
  keep.secret(record.passphrase);
  keep.secret(record.agent);
}

void settle(Keep &keep, deploy_tls_settings &record) {
  for (const char **text : {&record.ca, &record.cert, &record.key}) keep.text(*text);
}

void settle(Keep &keep, deploy_http_check &record) {
  for (const char **text : {&record.path, &record.body, &record.ca}) keep.text(*text);
  for (const char *const **list : {&record.headers, &record.json}) keep.list(*list);
  keep.numbers(record.status);
}

void settle(Keep &keep, deploy_rules &record) { keep.text(record.after); }

void settle(Keep &keep, deploy_container &record) {
  for (const char **text : {&record.name, &record.restart, &record.user}) keep.text(*text);
  for (const char *const **list : {&record.ports, &record.volumes, &record.networks, &record.labels, &record.command}) keep.list(*list);
}

void settle(Keep &keep, deploy_variable &record) {
  if (!record.name) fail_null("variable.name");
  if (!record.value && !record.secret) fail_null("variable.value");
  keep.text(record.name);
  keep.text(record.value);
  keep.secret(record.secret);
}

void settle(Keep &keep, deploy_approval &record) {
  keep.list(record.approvers);
  for (const char **text : {&record.allowed_signers, &record.revoked_keys}) keep.text(*text);
}

void settle(Keep &keep, deploy_freeze_window &record) {
  for (const char **text : {&record.from, &record.to, &record.timezone}) keep.text(*text);
}

namespace {

template <class Record, class Fill>
KeptPtr<Record> filled(const Record &initial, Fill &&fill) {
  auto kept = std::make_shared<Kept<Record>>(Kept<Record>{initial, {}});
  fill(kept->record, kept->keep);
  return kept;
}

std::vector<std::string> ports_of(const std::vector<PortBinding> &ports) {
  std::vector<std::string> texts;
  for (const auto &port : ports) texts.push_back(port.str());
  return texts;
}

const deploy_secret_source *copy_if(const std::optional<SecretSource> &source, Keep &keep) { return source ? keep.copy(*source) : nullptr; }

KeptPtr<deploy_image_settings> image_of(const ImageConfig &value) {
  return filled<deploy_image_settings>(DEPLOY_IMAGE_SETTINGS_INIT, [&](auto &record, Keep &keep) {
    record.repository = keep.copy(value.repository.name());
    record.context = keep.copy(value.context);
    record.dockerfile = keep.copy(value.dockerfile);
    record.target = keep.copy(value.target);
    record.version = keep.copy(value.version);
    record.floating_after = keep.copy(value.floating_after);
    record.tags = keep.copy(value.tags);
    record.floating_tags = keep.copy(value.floating_tags);
    record.build_args = keep.copy(value.build_args);
  });
}

KeptPtr<deploy_registry_settings> registry_of(const RegistryConfig &value) {
  return filled<deploy_registry_settings>(DEPLOY_REGISTRY_SETTINGS_INIT, [&](auto &record, Keep &keep) {
    record.username = copy_if(value.username, keep);
    record.password = copy_if(value.password, keep);
    record.insecure = value.insecure ? 1 : 0;
  });
}

KeptPtr<deploy_git_settings> git_of(const GitConfig &value) {
  return filled<deploy_git_settings>(DEPLOY_GIT_SETTINGS_INIT, [&](auto &record, Keep &keep) {
    record.tag = keep.copy(value.tag);
    record.push = keep.copy(value.push);
    record.after = keep.copy(value.after);
  });
}

KeptPtr<deploy_ssh_settings> ssh_of(const SshConfig &value) {
  return filled<deploy_ssh_settings>(DEPLOY_SSH_SETTINGS_INIT, [&](auto &record, Keep &keep) {
    record.identity = keep.copy(value.identity);
    record.known_hosts = keep.copy(value.known_hosts);
    record.jump = keep.copy(value.jump ? value.jump->url() : "");
    record.config = keep.copy(value.config);
    record.passphrase = copy_if(value.passphrase, keep);
    record.agent = copy_if(value.agent, keep);
    record.openssh = value.client == SshClient::openssh ? 1 : 0;
  });
}

KeptPtr<deploy_tls_settings> tls_of(const TlsConfig &value) {
  return filled<deploy_tls_settings>(DEPLOY_TLS_SETTINGS_INIT, [&](auto &record, Keep &keep) {
    record.ca = keep.copy(value.ca);
    record.cert = keep.copy(value.cert);
    record.key = keep.copy(value.key);
  });
}

KeptPtr<deploy_http_check> http_of(const HttpCheck &value) {
  return filled<deploy_http_check>(DEPLOY_HTTP_CHECK_INIT, [&](auto &record, Keep &keep) {
    std::map<std::string, std::string> json;
    for (const auto &expectation : value.json) json[expectation.pointer] = expectation.equals;
    record.path = keep.copy(value.path);
    record.status = keep.copy(value.status);
    record.body = value.body ? keep.copy(*value.body) : nullptr;
    record.ca = keep.copy(value.ca);
    record.headers = keep.copy(value.headers);
    record.json = keep.copy(json);
    record.port = value.port;
    record.tls = value.tls ? 1 : 0;
  });
}

deploy_strategy number(StrategyType type) {
  switch (type) {
    case StrategyType::recreate: return DEPLOY_STRATEGY_RECREATE;
    case StrategyType::blue_green: return DEPLOY_STRATEGY_BLUE_GREEN;
    case StrategyType::canary: return DEPLOY_STRATEGY_CANARY;
  }
  return DEPLOY_STRATEGY_RECREATE;
}

KeptPtr<deploy_rules> rules_of(const Environment &value) {
  return filled<deploy_rules>(DEPLOY_RULES_INIT, [&](auto &record, Keep &keep) {
    record.after = keep.copy(value.after);
    record.soak = ms(value.soak);
    record.max_age = ms(value.max_age);
    record.stop_the_line = value.stop_the_line ? 1 : 0;
    record.allow_downgrade = value.allow_downgrade ? 1 : 0;
    record.strategy = number(value.strategy.type);
    record.max_parallel = value.strategy.max_parallel;
  });
}

KeptPtr<deploy_variable> variable_of(const std::string &name, const EnvValue &value) {
  return filled<deploy_variable>(DEPLOY_VARIABLE_INIT, [&](auto &record, Keep &keep) {
    record.name = keep.copy(name);
    if (const auto *text = std::get_if<std::string>(&value)) record.value = keep.copy(*text);
    else record.secret = keep.copy(std::get<SecretSource>(value));
  });
}

KeptPtr<deploy_approval> approval_of(const ApprovalPolicy &value) {
  return filled<deploy_approval>(DEPLOY_APPROVAL_INIT, [&](auto &record, Keep &keep) {
    record.approvers = keep.copy(value.approvers);
    record.allowed_signers = keep.copy(value.allowed_signers);
    record.revoked_keys = keep.copy(value.revoked_keys);
    record.expires = ms(value.expires);
    record.required = value.required;
    record.allow_requester = value.allow_requester ? 1 : 0;
  });
}

KeptPtr<deploy_freeze_window> window_of(const FreezeWindow &value) {
  return filled<deploy_freeze_window>(DEPLOY_FREEZE_WINDOW_INIT, [&](auto &record, Keep &keep) {
    record.from = keep.copy(value.from);
    record.to = keep.copy(value.to);
    record.timezone = keep.copy(value.timezone);
  });
}

}  // namespace

deploy_container record_of(const ContainerSpec &value, Keep &keep) {
  deploy_container record = DEPLOY_CONTAINER_INIT;
  record.name = keep.copy(value.name);
  record.ports = keep.copy(ports_of(value.ports));
  record.volumes = keep.copy(value.volumes);
  record.networks = keep.copy(value.networks);
  record.labels = keep.copy(value.labels);
  record.command = value.command ? keep.copy(*value.command) : nullptr;
  record.restart = keep.copy(value.restart);
  record.user = value.user ? keep.copy(*value.user) : nullptr;
  record.stop_timeout = ms(value.stop_timeout);
  record.memory = value.memory;
  record.cpus = value.cpus;
  record.read_only = value.read_only ? 1 : 0;
  return record;
}

ConfigParts::ConfigParts(const Config &value)
    : application(value.application), directory(value.directory), state(value.state), engine(value.engine.url()), image(image_of(value.image)),
      registry(registry_of(value.registry)), ssh(ssh_of(value.ssh)), tls(tls_of(value.tls)) {
  if (value.git) git = git_of(*value.git);
  for (const auto &environment : value.environments) environments.emplace_back(environment);
}

}  // namespace deploy::capi

using namespace deploy;
using namespace deploy::capi;

deploy_health_probe::deploy_health_probe(const HealthProbe &value) {
  info.from = value.from == ProbeFrom::controller ? DEPLOY_FROM_CONTROLLER : DEPLOY_FROM_HOST;
  info.kind_name = literal(kind_of(value));
  info.interval = ms(value.interval);
  info.timeout = ms(value.timeout);
  info.start_period = ms(value.start_period);
  info.deadline = ms(value.deadline);
  info.success_threshold = value.success_threshold;
  info.failure_threshold = value.failure_threshold;
  if (const auto *check = std::get_if<HttpCheck>(&value.check)) {
    http = http_of(*check);
    info.kind = DEPLOY_PROBE_HTTP;
    info.port = check->port;
  } else if (const auto *tcp = std::get_if<TcpCheck>(&value.check)) {
    info.kind = DEPLOY_PROBE_TCP;
    info.port = tcp->port;
  } else if (const auto *exec = std::get_if<ExecCheck>(&value.check)) {
    auto keep = std::make_shared<Keep>();
    info.kind = DEPLOY_PROBE_EXEC;
    info.command = keep->copy(exec->command);
    command = std::move(keep);
  }
}

deploy_rollback_policy::deploy_rollback_policy(const RollbackPolicy &value) {
  info.automatic = value.automatic ? 1 : 0;
  info.on_unknown = value.on_unknown == OnUnknown::rollback ? DEPLOY_ON_UNKNOWN_ROLLBACK : DEPLOY_ON_UNKNOWN_HOLD;
  info.bake = ms(value.bake);
  info.keep = value.keep;
}

deploy_environment::deploy_environment(const Environment &value)
    : name(value.name), rules(rules_of(value)), probe(std::make_shared<const deploy_health_probe>(value.probe)),
      rollback(std::make_shared<const deploy_rollback_policy>(value.rollback)) {
  for (const auto &host : value.hosts) hosts.push_back(host.url());
  container = filled<deploy_container>(DEPLOY_CONTAINER_INIT, [&](auto &record, Keep &keep) { record = record_of(value.container, keep); });
  for (const auto &[variable, text] : value.container.env) variables[variable] = variable_of(variable, text);
  if (value.approval) approval = approval_of(*value.approval);
  for (const auto &window : value.freeze) freeze.push_back(window_of(window));
}
