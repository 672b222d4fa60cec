/* Configurations, environments, probes and policies by setters, and everything read back by getters. */
#include "check.h"
#include "deploy.h"

static deploy_health_probe *http_probe(int32_t port) {
  static const int32_t status[] = {200, 204, 0};
  static const char *const headers[] = {"Host", "shop.test", NULL};
  static const char *const json[] = {"/status", "\"ok\"", NULL};
  deploy_health_probe *probe = deploy_health_probe_new();
  deploy_http_check http = DEPLOY_HTTP_CHECK_INIT;
  http.path = "/health";
  http.port = port;
  http.status = status;
  http.headers = headers;
  http.json = json;
  CHECK(deploy_health_probe_set_http(probe, &http) == DEPLOY_OK);
  return probe;
}

static deploy_environment *environment(const char *name, const char *host, int32_t port) {
  static const char *const ports[] = {"8080:80", NULL};
  deploy_environment *made = deploy_environment_new(name);
  deploy_container container = DEPLOY_CONTAINER_INIT;
  deploy_health_probe *probe = http_probe(port);
  container.name = "shop";
  container.ports = ports;
  CHECK(deploy_environment_add_host(made, host) == DEPLOY_OK);
  CHECK(deploy_environment_set_container(made, &container) == DEPLOY_OK);
  CHECK(deploy_environment_set_probe(made, probe) == DEPLOY_OK);
  deploy_health_probe_free(probe);
  return made;
}

static void set_image(deploy_config_builder *builder) {
  static const char *const floating[] = {"latest", NULL};
  static const char *const args[] = {"FLAVOUR", "plain", NULL};
  deploy_image_settings image = DEPLOY_IMAGE_SETTINGS_INIT;
  image.repository = "registry.test/acme/shop";
  image.floating_tags = floating;
  image.build_args = args;
  CHECK(deploy_config_builder_set_image(builder, &image) == DEPLOY_OK);
}

static deploy_config *built(const deploy_config_builder *builder) {
  deploy_config *config = NULL;
  deploy_error *error = NULL;
  CHECK(deploy_config_builder_build(builder, &config, &error) == DEPLOY_OK);
  if (error) fprintf(stderr, "%s\n", deploy_error_get_message(error));
  deploy_error_free(error);
  return config;
}

/* Everything that can be set. */
static deploy_config *whole(void) {
  static const char *const command[] = {"pass", "show", "registry", NULL};
  static const char *const approvers[] = {"alice", "bob", NULL};
  deploy_config_builder *builder = deploy_config_builder_new("shop", "/srv/shop");
  deploy_environment *staging = environment("staging", "ssh://deploy@192.0.2.10", 8080);
  deploy_environment *production = environment("production", "ssh://deploy@192.0.2.11:2222", 8080);
  deploy_secret_source user = DEPLOY_SECRET_SOURCE_INIT, password = DEPLOY_SECRET_SOURCE_INIT;
  deploy_registry_settings registry = DEPLOY_REGISTRY_SETTINGS_INIT;
  deploy_git_settings git = DEPLOY_GIT_SETTINGS_INIT;
  deploy_ssh_settings ssh = DEPLOY_SSH_SETTINGS_INIT;
  deploy_tls_settings tls = DEPLOY_TLS_SETTINGS_INIT;
  deploy_rules rules = DEPLOY_RULES_INIT;
  deploy_approval approval = DEPLOY_APPROVAL_INIT;
  deploy_freeze_window window = DEPLOY_FREEZE_WINDOW_INIT;
  deploy_variable mode = DEPLOY_VARIABLE_INIT, database = DEPLOY_VARIABLE_INIT;
  deploy_rollback_policy *policy = deploy_rollback_policy_new();
  deploy_config *config;
  user.kind = DEPLOY_SECRET_ENV, user.name = "REGISTRY_USER";
  password.kind = DEPLOY_SECRET_COMMAND, password.command = command;
  registry.username = &user, registry.password = &password;
  git.push = "origin";
  ssh.identity = "keys/deploy", ssh.passphrase = &user, ssh.jump = "ssh://bastion.test";
  tls.ca = "ca.pem";
  rules.after = "staging", rules.soak = 90000, rules.stop_the_line = 1, rules.max_parallel = 2;
  approval.approvers = approvers, approval.required = 2, approval.allowed_signers = "approvers.keys";
  window.from = "Fri 16:00", window.to = "Mon 08:00", window.timezone = "Europe/Berlin";
  mode.name = "MODE", mode.value = "live";
  database.name = "DB", database.secret = &user;
  deploy_rollback_policy_set_automatic(policy, 0);
  deploy_rollback_policy_set_on_unknown(policy, DEPLOY_ON_UNKNOWN_ROLLBACK);
  deploy_rollback_policy_set_bake(policy, 1500);
  deploy_rollback_policy_set_keep(policy, 2);
  CHECK(deploy_environment_set_rules(production, &rules) == DEPLOY_OK);
  CHECK(deploy_environment_set_approval(production, &approval) == DEPLOY_OK);
  CHECK(deploy_environment_add_freeze_window(production, &window) == DEPLOY_OK);
  CHECK(deploy_environment_set_variable(production, &mode) == DEPLOY_OK);
  CHECK(deploy_environment_set_variable(production, &database) == DEPLOY_OK);
  CHECK(deploy_environment_set_rollback(production, policy) == DEPLOY_OK);
  set_image(builder);
  CHECK(deploy_config_builder_set_state(builder, "sqlite:ledger.db") == DEPLOY_OK);
  CHECK(deploy_config_builder_set_engine(builder, "unix:///run/engine.sock") == DEPLOY_OK);
  CHECK(deploy_config_builder_set_registry(builder, &registry) == DEPLOY_OK);
  CHECK(deploy_config_builder_set_git(builder, &git) == DEPLOY_OK);
  CHECK(deploy_config_builder_set_ssh(builder, &ssh) == DEPLOY_OK);
  CHECK(deploy_config_builder_set_tls(builder, &tls) == DEPLOY_OK);
  CHECK(deploy_config_builder_set_environment(builder, production) == DEPLOY_OK);
  CHECK(deploy_config_builder_set_environment(builder, staging) == DEPLOY_OK);
  config = built(builder);
  deploy_rollback_policy_free(policy);
  deploy_environment_free(staging), deploy_environment_free(production);
  deploy_config_builder_free(builder);
  return config;
}

static void what_was_set_of_the_whole_is_read_back(const deploy_config *config) {
  deploy_image_settings image = DEPLOY_IMAGE_SETTINGS_INIT;
  deploy_registry_settings registry = DEPLOY_REGISTRY_SETTINGS_INIT;
  deploy_git_settings git = DEPLOY_GIT_SETTINGS_INIT;
  deploy_ssh_settings ssh = DEPLOY_SSH_SETTINGS_INIT;
  deploy_tls_settings tls = DEPLOY_TLS_SETTINGS_INIT;
  CHECK_TEXT(deploy_config_get_application(config), "shop");
  CHECK_TEXT(deploy_config_get_directory(config), "/srv/shop");
  CHECK_TEXT(deploy_config_get_state(config), "sqlite:/srv/shop/ledger.db");
  CHECK_TEXT(deploy_config_get_engine(config), "unix:///run/engine.sock");
  CHECK(deploy_config_get_image(config, &image) == DEPLOY_OK);
  CHECK_TEXT(image.repository, "registry.test/acme/shop");
  CHECK_TEXT(image.context, "/srv/shop");
  CHECK_TEXT(image.version, "1.0.{build}");
  CHECK_TEXT(image.floating_after, "production");
  CHECK_TEXT(image.tags[1], "build-{build}");
  CHECK(image.tags[2] == NULL);
  CHECK_TEXT(image.floating_tags[0], "latest");
  CHECK_TEXT(image.build_args[0], "FLAVOUR");
  CHECK_TEXT(image.build_args[1], "plain");
  CHECK(deploy_config_get_registry(config, &registry) == DEPLOY_OK);
  CHECK(registry.username->kind == DEPLOY_SECRET_ENV && registry.insecure == 0);
  CHECK_TEXT(registry.username->name, "REGISTRY_USER");
  CHECK_TEXT(registry.password->command[2], "registry");
  CHECK(deploy_config_get_git(config, &git) == DEPLOY_OK);
  CHECK_TEXT(git.tag, "{version}");
  CHECK_TEXT(git.push, "origin");
  CHECK(deploy_config_get_ssh(config, &ssh) == DEPLOY_OK);
  CHECK_TEXT(ssh.identity, "/srv/shop/keys/deploy");
  CHECK_TEXT(ssh.jump, "ssh://bastion.test");
  CHECK_TEXT(ssh.passphrase->name, "REGISTRY_USER");
  CHECK(ssh.agent == NULL && ssh.openssh == 0);
  CHECK(deploy_config_get_tls(config, &tls) == DEPLOY_OK);
  CHECK_TEXT(tls.ca, "/srv/shop/ca.pem");
  CHECK_TEXT(tls.cert, "");
}

static void what_was_set_of_an_environment_is_read_back(const deploy_environment *production) {
  deploy_rules rules = DEPLOY_RULES_INIT;
  deploy_container container = DEPLOY_CONTAINER_INIT;
  deploy_variable variable = DEPLOY_VARIABLE_INIT;
  deploy_approval approval = DEPLOY_APPROVAL_INIT;
  deploy_freeze_window window = DEPLOY_FREEZE_WINDOW_INIT;
  deploy_rollback_policy_info rollback = DEPLOY_ROLLBACK_POLICY_INFO_INIT;
  CHECK_TEXT(deploy_environment_get_after(production), "staging");
  CHECK_TEXT(deploy_environment_get_host(production, 0), "ssh://deploy@192.0.2.11:2222");
  CHECK(deploy_environment_get_rules(production, &rules) == DEPLOY_OK);
  CHECK(rules.soak == 90000 && rules.stop_the_line == 1 && rules.max_parallel == 2 && rules.max_age == 0 && rules.allow_downgrade == 0);
  CHECK(rules.strategy == DEPLOY_STRATEGY_RECREATE);
  CHECK(deploy_environment_get_container(production, &container) == DEPLOY_OK);
  CHECK_TEXT(container.name, "shop");
  CHECK_TEXT(container.ports[0], "8080:80");
  CHECK_TEXT(container.restart, "unless-stopped");
  CHECK(container.stop_timeout == 10000 && container.command == NULL && container.user == NULL && container.volumes[0] == NULL);
  CHECK(deploy_environment_get_variable(production, 0, &variable) == DEPLOY_OK);
  CHECK_TEXT(variable.name, "DB");
  CHECK(variable.value == NULL && variable.secret->kind == DEPLOY_SECRET_ENV);
  CHECK(deploy_environment_get_variable(production, 1, &variable) == DEPLOY_OK);
  CHECK_TEXT(variable.value, "live");
  CHECK(variable.secret == NULL);
  CHECK(deploy_environment_get_variable(production, 2, &variable) == DEPLOY_NOT_FOUND);
  CHECK(deploy_environment_get_approval(production, &approval) == DEPLOY_OK);
  CHECK_TEXT(approval.approvers[1], "bob");
  CHECK_TEXT(approval.allowed_signers, "/srv/shop/approvers.keys");
  CHECK_TEXT(deploy_environment_get_allowed_signers(production), "/srv/shop/approvers.keys");
  CHECK(approval.required == 2 && approval.allow_requester == 0 && approval.expires == 86400000);
  CHECK(deploy_environment_get_freeze_window(production, 0, &window) == DEPLOY_OK);
  CHECK_TEXT(window.from, "Fri 16:00");
  CHECK_TEXT(window.timezone, "Europe/Berlin");
  CHECK(deploy_environment_get_freeze_window(production, 1, &window) == DEPLOY_NOT_FOUND);
  CHECK(deploy_rollback_policy_get_info(deploy_environment_get_rollback(production), &rollback) == DEPLOY_OK);
  CHECK(rollback.automatic == 0 && rollback.on_unknown == DEPLOY_ON_UNKNOWN_ROLLBACK && rollback.bake == 1500 && rollback.keep == 2);
}

static void what_was_set_of_a_probe_is_read_back(const deploy_health_probe *probe) {
  deploy_health_probe_info info = DEPLOY_HEALTH_PROBE_INFO_INIT;
  deploy_http_check http = DEPLOY_HTTP_CHECK_INIT;
  CHECK(deploy_health_probe_get_info(probe, &info) == DEPLOY_OK);
  CHECK(info.kind == DEPLOY_PROBE_HTTP && info.from == DEPLOY_FROM_HOST && info.port == 8080 && info.command == NULL);
  CHECK_TEXT(info.kind_name, "http");
  CHECK(info.interval == 1000 && info.timeout == 5000 && info.start_period == 0 && info.deadline == 60000);
  CHECK(info.success_threshold == 2 && info.failure_threshold == 3);
  CHECK(deploy_health_probe_get_http(probe, &http) == DEPLOY_OK);
  CHECK_TEXT(http.path, "/health");
  CHECK(http.status[0] == 200 && http.status[1] == 204 && http.status[2] == 0 && http.body == NULL && http.tls == 0);
  CHECK_TEXT(http.headers[1], "shop.test");
  CHECK_TEXT(http.json[0], "/status");
  CHECK_TEXT(http.json[1], "\"ok\"");
}

static void a_configuration_is_built_and_read_back_without_a_file(void) {
  deploy_config *config = whole(), *again = NULL;
  const deploy_environment *production = deploy_config_find_environment(config, "production");
  CHECK_TEXT(deploy_environment_get_name(deploy_config_get_environment(config, 0)), "staging");
  CHECK(deploy_config_get_environment(config, 1) == production);
  CHECK(deploy_config_find_environment(config, "nowhere") == NULL);
  what_was_set_of_the_whole_is_read_back(config);
  what_was_set_of_an_environment_is_read_back(production);
  what_was_set_of_a_probe_is_read_back(deploy_environment_get_probe(production));
  CHECK(deploy_config_parse(deploy_config_to_json(config), "/elsewhere", &again, NULL) == DEPLOY_OK);
  CHECK_TEXT(deploy_config_to_json(again), deploy_config_to_json(config));
  deploy_config_free(config), deploy_config_free(again);
}

/* The first fault of a configuration with this environment. */
static void refused(const deploy_environment *environment, const char *pointer, const char *words) {
  deploy_config_builder *builder = deploy_config_builder_new("shop", "/srv/shop");
  deploy_config *config = NULL;
  deploy_error *error = NULL;
  set_image(builder);
  deploy_config_builder_set_environment(builder, environment);
  CHECK(deploy_config_builder_build(builder, &config, &error) == DEPLOY_INVALID_CONFIG);
  CHECK(config == NULL);
  CHECK_TEXT(deploy_error_get_detail(error, "pointer"), pointer);
  CHECK(error && strstr(deploy_error_get_message(error), words) != NULL);
  if (error && !strstr(deploy_error_get_message(error), words)) fprintf(stderr, "%s\n", deploy_error_get_message(error));
  deploy_error_free(error);
  deploy_config_builder_free(builder);
}

static void what_a_file_may_not_say_setters_may_not_either(void) {
  static const char *const json[] = {"/status", "ok", NULL};
  deploy_environment *wrong = environment("staging", "http://192.0.2.10", 8080);
  deploy_health_probe *probe = deploy_health_probe_new();
  deploy_http_check http = DEPLOY_HTTP_CHECK_INIT;
  deploy_rules rules = DEPLOY_RULES_INIT;
  refused(wrong, "/environments/0/hosts/0", "expected unix:///path");
  wrong = deploy_environment_free(wrong);

  wrong = environment("staging", "ssh://192.0.2.10", 70000);
  refused(wrong, "/environments/0/probe/http/port", "70000");
  wrong = deploy_environment_free(wrong);

  wrong = environment("staging", "ssh://192.0.2.10", 8081);
  refused(wrong, "/environments/0/probe/http/port", "publishes only");
  deploy_health_probe_set_tcp(probe, 8080);
  deploy_health_probe_set_interval(probe, -5);
  deploy_environment_set_probe(wrong, probe);
  refused(wrong, "/environments/0/probe/interval", "-5");
  deploy_health_probe_set_interval(probe, 1000);
  deploy_health_probe_set_from(probe, 7);
  deploy_environment_set_probe(wrong, probe);
  refused(wrong, "/environments/0/probe/from", "7");
  deploy_health_probe_set_from(probe, DEPLOY_FROM_CONTROLLER);
  http.port = 8080, http.json = json;
  deploy_health_probe_set_http(probe, &http);
  deploy_environment_set_probe(wrong, probe);
  refused(wrong, "/environments/0/probe/http/json", "no JSON value");
  deploy_health_probe_set_engine(probe);
  deploy_environment_set_probe(wrong, probe);
  rules.after = "nowhere";
  deploy_environment_set_rules(wrong, &rules);
  refused(wrong, "/environments/0/after", "expected the name of an environment");
  deploy_environment_free(wrong);
  wrong = deploy_environment_new("staging");
  refused(wrong, "/environments/0", "container");
  deploy_environment_free(wrong);
  deploy_health_probe_free(probe);
}

static void every_fault_is_told_at_once(void) {
  deploy_config_builder *builder = deploy_config_builder_new("", "/srv/shop");
  deploy_config *config = NULL;
  deploy_error *error = NULL;
  CHECK(deploy_config_builder_build(builder, &config, &error) == DEPLOY_INVALID_CONFIG);
  CHECK(strstr(deploy_error_get_message(error), "application") != NULL);
  CHECK(strstr(deploy_error_get_message(error), "image") != NULL);
  CHECK(strstr(deploy_error_get_message(error), "environments") != NULL);
  deploy_error_free(error);
  deploy_config_builder_free(builder);
}

static void a_setter_that_failed_fails_what_uses_the_object(void) {
  deploy_config_builder *builder = deploy_config_builder_new("shop", "/srv/shop");
  deploy_environment *staging = environment("staging", "ssh://192.0.2.10", 8080);
  deploy_rules small = DEPLOY_RULES_INIT;
  deploy_config *config = NULL;
  deploy_error *error = NULL;
  small.struct_size = 8;
  set_image(builder);
  CHECK(deploy_environment_set_rules(staging, &small) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_config_builder_set_environment(builder, staging) == DEPLOY_OK);
  CHECK(deploy_config_builder_build(builder, &config, &error) == DEPLOY_INVALID_ARGUMENT);
  CHECK(strstr(deploy_error_get_message(error), "_INIT") != NULL);
  error = deploy_error_free(error);
  deploy_environment_free(staging);
  staging = environment("staging", "ssh://192.0.2.10", 8080);
  CHECK(deploy_config_builder_set_environment(builder, staging) == DEPLOY_OK); /* replaces the broken one */
  CHECK(deploy_config_builder_build(builder, &config, NULL) == DEPLOY_OK);
  config = deploy_config_free(config);
  CHECK(deploy_config_builder_set_state(builder, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_config_builder_build(builder, &config, &error) == DEPLOY_INVALID_ARGUMENT);
  CHECK_TEXT(deploy_error_get_message(error), "state is NULL");
  deploy_error_free(error);
  deploy_environment_free(staging);
  deploy_config_builder_free(builder);
}

static void a_loaded_configuration_is_changed_in_one_place(void) {
  deploy_config *config = whole(), *changed;
  deploy_config_builder *builder = deploy_config_builder_copy(config);
  deploy_environment *staging = deploy_environment_copy(deploy_config_find_environment(config, "staging"));
  CHECK(deploy_environment_add_host(staging, "unix:///run/docker.sock") == DEPLOY_OK);
  CHECK(deploy_config_builder_set_git(builder, NULL) == DEPLOY_OK);
  CHECK(deploy_config_builder_set_environment(builder, staging) == DEPLOY_OK);
  changed = built(builder);
  CHECK_TEXT(deploy_environment_get_host(deploy_config_find_environment(changed, "staging"), 1), "unix:///run/docker.sock");
  CHECK(deploy_environment_get_host(deploy_config_find_environment(config, "staging"), 1) == NULL);
  CHECK(deploy_config_get_git(changed, &(deploy_git_settings)DEPLOY_GIT_SETTINGS_INIT) == DEPLOY_NOT_FOUND);
  CHECK(deploy_config_get_environment(changed, 2) == NULL);
  deploy_environment_free(staging);
  deploy_config_builder_free(builder);
  deploy_config_free(config), deploy_config_free(changed);
}

static void probes_of_other_kinds_are_read_back(void) {
  static const char *const command[] = {"/bin/true", "-q", NULL};
  deploy_health_probe *probe = deploy_health_probe_new();
  deploy_health_probe_info info = DEPLOY_HEALTH_PROBE_INFO_INIT;
  deploy_http_check http = DEPLOY_HTTP_CHECK_INIT;
  CHECK(deploy_health_probe_set_exec(probe, command) == DEPLOY_OK);
  deploy_health_probe_set_timeout(probe, 100);
  deploy_health_probe_set_start_period(probe, 200);
  deploy_health_probe_set_deadline(probe, 300);
  deploy_health_probe_set_success_threshold(probe, 4);
  deploy_health_probe_set_failure_threshold(probe, 5);
  CHECK(deploy_health_probe_get_info(probe, &info) == DEPLOY_OK);
  CHECK_TEXT(info.command[1], "-q");
  CHECK(info.kind == DEPLOY_PROBE_EXEC && info.timeout == 100 && info.start_period == 200 && info.deadline == 300);
  CHECK(info.success_threshold == 4 && info.failure_threshold == 5);
  CHECK(deploy_health_probe_get_http(probe, &http) == DEPLOY_NOT_FOUND);
  CHECK(deploy_health_probe_set_tcp(probe, 5432) == DEPLOY_OK);
  CHECK(deploy_health_probe_get_info(probe, &info) == DEPLOY_OK);
  CHECK(info.kind == DEPLOY_PROBE_TCP && info.port == 5432 && info.command == NULL);
  CHECK(deploy_health_probe_set_engine(probe) == DEPLOY_OK);
  CHECK(deploy_health_probe_get_info(probe, &info) == DEPLOY_OK);
  CHECK(info.kind == DEPLOY_PROBE_ENGINE && info.port == 0);
  deploy_health_probe_free(probe);
}

static void an_environment_in_the_making_answers_its_getters(void) {
  deploy_environment *made = deploy_environment_new("staging");
  deploy_rules rules = DEPLOY_RULES_INIT;
  deploy_container container = DEPLOY_CONTAINER_INIT;
  deploy_approval approval = DEPLOY_APPROVAL_INIT;
  CHECK_TEXT(deploy_environment_get_after(made), "");
  CHECK(deploy_environment_get_rules(made, &rules) == DEPLOY_OK && rules.max_parallel == 1);
  CHECK_TEXT(rules.after, "");
  CHECK(deploy_environment_get_container(made, &container) == DEPLOY_NOT_FOUND);
  CHECK(deploy_environment_get_approval(made, &approval) == DEPLOY_NOT_FOUND);
  CHECK(deploy_environment_get_probe(made) == NULL);
  CHECK(deploy_environment_get_rollback(made) != NULL);
  CHECK(deploy_environment_get_allowed_signers(made) == NULL);
  deploy_environment_free(made);
}

int main(void) {
  a_configuration_is_built_and_read_back_without_a_file();
  what_a_file_may_not_say_setters_may_not_either();
  every_fault_is_told_at_once();
  a_setter_that_failed_fails_what_uses_the_object();
  a_loaded_configuration_is_changed_in_one_place();
  probes_of_other_kinds_are_read_back();
  an_environment_in_the_making_answers_its_getters();
  return failures == 0 ? 0 : 1;
}
