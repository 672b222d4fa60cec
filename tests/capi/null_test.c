/* Rule 11 of deploy.h: NULL where something is required is answered, in every function. */
#include "check.h"
#include "deploy.h"

static void free_of_null_is_null(void) {
  CHECK(deploy_error_free(NULL) == NULL);
  CHECK(deploy_image_free(NULL) == NULL);
  CHECK(deploy_tag_free(NULL) == NULL);
  CHECK(deploy_config_free(NULL) == NULL);
  CHECK(deploy_release_free(NULL) == NULL);
  CHECK(deploy_release_list_free(NULL) == NULL);
  CHECK(deploy_plan_free(NULL) == NULL);
  CHECK(deploy_deployment_free(NULL) == NULL);
  CHECK(deploy_deployment_list_free(NULL) == NULL);
  CHECK(deploy_environment_state_free(NULL) == NULL);
  CHECK(deploy_drift_free(NULL) == NULL);
  CHECK(deploy_checks_free(NULL) == NULL);
  CHECK(deploy_deployer_free(NULL) == NULL);
  CHECK(deploy_rehearsal_free(NULL) == NULL);
  CHECK(deploy_health_probe_free(NULL) == NULL);
  CHECK(deploy_rollback_policy_free(NULL) == NULL);
  CHECK(deploy_environment_free(NULL) == NULL);
  CHECK(deploy_config_builder_free(NULL) == NULL);
  CHECK(deploy_gate_list_free(NULL) == NULL);
  CHECK(deploy_probe_report_free(NULL) == NULL);
  CHECK(deploy_simulation_free(NULL) == NULL);
  CHECK(deploy_script_free(NULL) == NULL);
  CHECK(deploy_script_report_free(NULL) == NULL);
  deploy_deployer_cancel(NULL);
}

static void what_begins_with_null_is_null(void) {
  CHECK(deploy_environment_new(NULL) == NULL && deploy_environment_copy(NULL) == NULL);
  CHECK(deploy_config_builder_new(NULL, ".") == NULL && deploy_config_builder_new("shop", NULL) == NULL && deploy_config_builder_copy(NULL) == NULL);
}

static void setters_answer_null(void) {
  deploy_health_probe *probe = deploy_health_probe_new();
  deploy_environment *environment = deploy_environment_new("live");
  deploy_config_builder *builder = deploy_config_builder_new("shop", ".");
  CHECK(deploy_health_probe_set_http(NULL, NULL) == DEPLOY_INVALID_ARGUMENT && deploy_health_probe_set_http(probe, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_health_probe_set_exec(NULL, NULL) == DEPLOY_INVALID_ARGUMENT && deploy_health_probe_set_exec(probe, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_health_probe_set_tcp(NULL, 80) == DEPLOY_INVALID_ARGUMENT && deploy_health_probe_set_engine(NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_health_probe_set_from(NULL, 0) == DEPLOY_INVALID_ARGUMENT && deploy_health_probe_set_interval(NULL, 1) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_health_probe_set_timeout(NULL, 1) == DEPLOY_INVALID_ARGUMENT && deploy_health_probe_set_start_period(NULL, 1) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_health_probe_set_deadline(NULL, 1) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_health_probe_set_success_threshold(NULL, 1) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_health_probe_set_failure_threshold(NULL, 1) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_rollback_policy_set_automatic(NULL, 1) == DEPLOY_INVALID_ARGUMENT && deploy_rollback_policy_set_on_unknown(NULL, 1) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_rollback_policy_set_bake(NULL, 1) == DEPLOY_INVALID_ARGUMENT && deploy_rollback_policy_set_keep(NULL, 1) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_environment_add_host(NULL, "unix:///x") == DEPLOY_INVALID_ARGUMENT && deploy_environment_add_host(environment, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_environment_set_rules(NULL, NULL) == DEPLOY_INVALID_ARGUMENT && deploy_environment_set_rules(environment, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_environment_set_container(NULL, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_environment_set_container(environment, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_environment_set_variable(NULL, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_environment_set_variable(environment, &(deploy_variable)DEPLOY_VARIABLE_INIT) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_environment_set_probe(NULL, NULL) == DEPLOY_INVALID_ARGUMENT && deploy_environment_set_probe(environment, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_environment_set_rollback(NULL, NULL) == DEPLOY_INVALID_ARGUMENT && deploy_environment_set_rollback(environment, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_environment_set_approval(NULL, NULL) == DEPLOY_INVALID_ARGUMENT && deploy_environment_set_approval(environment, NULL) == DEPLOY_OK);
  CHECK(deploy_environment_add_freeze_window(NULL, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_environment_add_freeze_window(environment, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_config_builder_set_state(NULL, "x") == DEPLOY_INVALID_ARGUMENT && deploy_config_builder_set_engine(NULL, "x") == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_config_builder_set_image(NULL, NULL) == DEPLOY_INVALID_ARGUMENT && deploy_config_builder_set_image(builder, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_config_builder_set_registry(NULL, NULL) == DEPLOY_INVALID_ARGUMENT && deploy_config_builder_set_git(NULL, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_config_builder_set_git(builder, NULL) == DEPLOY_OK && deploy_config_builder_set_ssh(NULL, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_config_builder_set_tls(NULL, NULL) == DEPLOY_INVALID_ARGUMENT && deploy_config_builder_set_environment(NULL, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_config_builder_set_environment(builder, NULL) == DEPLOY_INVALID_ARGUMENT);
  deploy_health_probe_free(probe);
  deploy_environment_free(environment);
  deploy_config_builder_free(builder);
}

static void getters_of_settings_answer_with_a_status(void) {
  CHECK(deploy_config_get_image(NULL, NULL) == DEPLOY_INVALID_ARGUMENT && deploy_config_get_registry(NULL, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_config_get_git(NULL, NULL) == DEPLOY_INVALID_ARGUMENT && deploy_config_get_ssh(NULL, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_config_get_tls(NULL, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_health_probe_get_info(NULL, NULL) == DEPLOY_INVALID_ARGUMENT && deploy_health_probe_get_http(NULL, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_rollback_policy_get_info(NULL, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_environment_get_rules(NULL, NULL) == DEPLOY_INVALID_ARGUMENT && deploy_environment_get_container(NULL, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_environment_get_variable(NULL, 0, NULL) == DEPLOY_INVALID_ARGUMENT && deploy_environment_get_approval(NULL, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_environment_get_freeze_window(NULL, 0, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_environment_get_probe(NULL) == NULL && deploy_environment_get_rollback(NULL) == NULL);
  CHECK(deploy_config_get_engine(NULL) == NULL && deploy_config_get_directory(NULL) == NULL && deploy_config_to_json(NULL) == NULL);
  CHECK(deploy_config_find_environment(NULL, "live") == NULL);
  CHECK(deploy_gate_list_get(NULL, 0, NULL) == DEPLOY_INVALID_ARGUMENT && deploy_gate_list_to_json(NULL) == NULL);
  CHECK(deploy_probe_report_get_info(NULL, NULL) == DEPLOY_INVALID_ARGUMENT && deploy_probe_report_get_try(NULL, 0, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_probe_report_to_json(NULL) == NULL && deploy_deployment_get_unfinished(NULL, 0) == NULL);
  CHECK(deploy_script_get_text(NULL) == NULL && deploy_script_report_get_line(NULL, 0) == NULL && deploy_script_report_to_json(NULL) == NULL);
  CHECK(deploy_script_report_get_info(NULL, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_script_report_get_outcome(NULL, 0, NULL, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_simulation_get_time(NULL) == DEPLOY_NONE);
}

static void simulations_and_scripts_must_be_there(void) {
  deploy_simulation *simulation = NULL;
  deploy_deployer *deployer = NULL;
  deploy_script *script = NULL;
  deploy_script_report *report = NULL;
  deploy_config *config = NULL;
  deploy_gate_list *gates = NULL;
  const char *image = NULL;
  CHECK(deploy_simulation_new(NULL, &simulation, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_simulation_open(NULL, NULL, &deployer, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_simulation_publish(NULL, "1.0.0", NULL, &image, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_simulation_prepare_build(NULL, NULL, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_simulation_happen(NULL, "registry_down", NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_simulation_advance(NULL, 1, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_script_parse(NULL, &script, NULL) == DEPLOY_INVALID_ARGUMENT && deploy_script_parse("", NULL, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_script_random(NULL, 1, 0, &script, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_script_play(NULL, NULL, &report, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_script_shrink(NULL, NULL, &script, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_config_builder_build(NULL, &config, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_deployer_ask_gates(NULL, NULL, "live", NULL, &gates, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_deployer_read_ledger(NULL, 0, NULL, NULL, NULL) == DEPLOY_INVALID_ARGUMENT);
}

static void what_is_given_in_a_call_is_checked(void) {
  CHECK(deploy_call_give_entry(NULL, NULL) == DEPLOY_INVALID_ARGUMENT && deploy_call_give_lease(NULL, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_call_give_checkpoint(NULL, NULL, "", 0) == DEPLOY_INVALID_ARGUMENT && deploy_call_give_engine(NULL, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_call_give_image(NULL, NULL) == DEPLOY_INVALID_ARGUMENT && deploy_call_give_container(NULL, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_call_give_progress(NULL, 0, 0) == DEPLOY_INVALID_ARGUMENT && deploy_call_give_text(NULL, "", 0) == DEPLOY_INVALID_ARGUMENT);
}

static void getters_of_texts_answer_null(void) {
  CHECK(deploy_error_get_area(NULL) == NULL && deploy_error_get_message(NULL) == NULL && deploy_error_to_json(NULL) == NULL);
  CHECK(deploy_error_get_detail(NULL, "host") == NULL);
  CHECK(deploy_image_get_registry(NULL) == NULL && deploy_image_get_repository(NULL) == NULL && deploy_image_get_tag(NULL) == NULL);
  CHECK(deploy_image_get_digest(NULL) == NULL && deploy_image_get_text(NULL) == NULL && deploy_image_get_familiar(NULL) == NULL);
  CHECK(deploy_tag_get_text(NULL) == NULL && deploy_tag_get_build(NULL) == 0 && deploy_tag_get_kind(NULL) == DEPLOY_TAG_FLOATING);
  CHECK(deploy_config_get_application(NULL) == NULL && deploy_config_get_state(NULL) == NULL);
  CHECK(deploy_config_get_environment(NULL, 0) == NULL);
  CHECK(deploy_environment_get_name(NULL) == NULL && deploy_environment_get_after(NULL) == NULL && deploy_environment_get_host(NULL, 0) == NULL);
  CHECK(deploy_event_get_detail(NULL, "gate") == NULL && deploy_event_to_json(NULL) == NULL);
  CHECK(deploy_release_to_json(NULL) == NULL && deploy_release_list_get(NULL, 0) == NULL);
  CHECK(deploy_plan_to_json(NULL) == NULL);
  CHECK(deploy_deployment_get_reason(NULL, 0) == NULL && deploy_deployment_get_warning(NULL, 0) == NULL);
  CHECK(deploy_deployment_to_json(NULL) == NULL && deploy_deployment_list_get(NULL, 0) == NULL);
  CHECK(deploy_environment_state_to_json(NULL) == NULL && deploy_drift_to_json(NULL) == NULL && deploy_checks_to_json(NULL) == NULL);
  CHECK(deploy_rehearsal_to_json(NULL) == NULL);
  CHECK(deploy_error_get_status(NULL) == DEPLOY_OK);
}

static void getters_of_records_answer_with_a_status(void) {
  const char *key = NULL, *value = NULL;
  int64_t number = 0;
  deploy_gate gate = DEPLOY_GATE_INIT;
  deploy_step step = DEPLOY_STEP_INIT;
  CHECK(deploy_error_get_detail_at(NULL, 0, &key, &value) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_event_get_detail_at(NULL, 0, &key, &value) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_event_get_info(NULL, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_release_get_info(NULL, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_plan_get_info(NULL, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_plan_get_gate(NULL, 0, &gate) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_plan_get_step(NULL, 0, &step) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_deployment_get_info(NULL, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_deployment_get_gate(NULL, 0, &gate) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_deployment_get_evidence(NULL, 0, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_deployment_get_probe_try(NULL, 0, 0, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_deployment_get_stop(NULL, 0, &key, &number) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_environment_state_get_info(NULL, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_environment_state_get_verified(NULL, 0, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_environment_state_get_pending(NULL, 0, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_drift_get_difference(NULL, 0, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_checks_get(NULL, 0, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_rehearsal_get_info(NULL, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_rehearsal_get_outcome(NULL, 0, &key, &number) == DEPLOY_INVALID_ARGUMENT);
}

static void models_without_input_or_output_are_refused(void) {
  deploy_image *image = NULL;
  deploy_tag *tag = NULL;
  deploy_config *config = NULL;
  deploy_rehearsal *rehearsal = NULL;
  int32_t order = 0;
  CHECK(deploy_image_get_name(NULL) == NULL && deploy_image_equal(NULL, NULL) == 0 && deploy_tag_equal(NULL, NULL) == 0);
  CHECK(deploy_image_with_tag(NULL, "1.0.0", &image, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_image_with_digest(NULL, "sha256:", &image, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_image_parse(NULL, &image, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_image_parse("flask", NULL, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_tag_parse(NULL, &tag, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_tag_parse("latest", NULL, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_tag_compare(NULL, NULL, &order, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_version_compare("1.0.0", NULL, &order, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_version_compare("1.0.0", "1.0.0", NULL, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_config_load(NULL, &config, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_config_parse("{}", NULL, &config, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_config_write(NULL, NULL, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_config_rehearse(NULL, NULL, NULL, NULL, &rehearsal, NULL) == DEPLOY_INVALID_ARGUMENT);
}

static void a_deployer_must_be_there(void) {
  deploy_deployer *deployer = NULL;
  deploy_release *release = NULL;
  deploy_release_list *releases = NULL;
  deploy_plan *plan = NULL;
  deploy_deployment *deployment = NULL;
  deploy_deployment_list *deployments = NULL;
  deploy_environment_state *state = NULL;
  deploy_drift *drift = NULL;
  deploy_checks *checks = NULL;
  deploy_decision *decision = NULL;
  int64_t entries = 0;
  const char *head = NULL;
  CHECK(deploy_deployer_new(NULL, NULL, &deployer, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_deployer_build(NULL, NULL, &release, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_deployer_add_release(NULL, "flask", "1.0.0", NULL, &release, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_deployer_releases(NULL, &releases, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_deployer_find_release(NULL, NULL, &release, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_deployer_plan(NULL, NULL, "live", NULL, &plan, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_deployer_promote(NULL, NULL, "live", NULL, &deployment, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_deployer_run(NULL, NULL, &deployments, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_deployer_approve(NULL, "1.0.0", "live", NULL, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_deployer_deny(NULL, "1.0.0", "live", NULL, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_deployer_draft_decision(NULL, "1.0.0", "live", NULL, &decision, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_deployer_decide(NULL, "1.0.0", "live", NULL, NULL, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_decision_get_info(NULL, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_decision_to_json(NULL) == NULL);
  CHECK(deploy_decision_free(NULL) == NULL);
  CHECK(deploy_environment_get_allowed_signers(NULL) == NULL);
  CHECK(deploy_deployer_rollback(NULL, "live", NULL, &deployment, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_deployer_resume(NULL, NULL, NULL, &deployments, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_deployer_state(NULL, "live", &state, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_environment_state_get_gate(NULL, 0, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_environment_state_get_quarantined(NULL, 0, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_deployer_history(NULL, NULL, &deployments, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_deployer_find_deployment(NULL, "3f2a", &deployment, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_deployer_logs(NULL, "live", NULL, NULL, NULL, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_deployer_verify(NULL, "live", &drift, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_deployer_adopt(NULL, "live", NULL, NULL, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_deployer_doctor(NULL, &checks, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_deployer_freeze(NULL, "live", "sale", NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_deployer_unfreeze(NULL, "live", NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_deployer_lift_quarantine(NULL, "sha256:", "fine", NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_deployer_verify_ledger(NULL, &entries, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_deployer_export_ledger(NULL, NULL, NULL, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_deployer_verify_ledger_against(NULL, NULL, &entries, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_deployer_ledger_head(NULL, &head, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_ledger_verify_export(NULL, NULL, &entries, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_ledger_verify_export("null_test.c", NULL, NULL, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_ledger_verify_export("null_test.c", "no head", &entries, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_ledger_verify_export("/no/such/file", NULL, &entries, NULL) == DEPLOY_IO);
}

static void the_error_names_the_argument(void) {
  deploy_error *error = NULL;
  CHECK(deploy_image_parse("flask", NULL, &error) == DEPLOY_INVALID_ARGUMENT);
  CHECK_TEXT(deploy_error_get_message(error), "out_image is NULL");
  CHECK_TEXT(deploy_error_get_detail(error, "argument"), "out_image");
  CHECK_TEXT(deploy_error_get_area(error), "capi");
  deploy_error_free(error);
}

static void options_without_their_size_are_refused(void) {
  deploy_write_options options = DEPLOY_WRITE_OPTIONS_INIT;
  deploy_error *error = NULL;
  options.struct_size = 4;
  CHECK(deploy_config_write("null_test.deploy.json", &options, &error) == DEPLOY_INVALID_ARGUMENT);
  CHECK(strstr(deploy_error_get_message(error), "_INIT") != NULL);
  deploy_error_free(error);
}

static void an_option_from_the_future_is_refused_unless_it_is_off(void) {
  struct {
    deploy_write_options known;
    int64_t later;
  } options = {DEPLOY_WRITE_OPTIONS_INIT, 1};
  options.known.struct_size = sizeof options;
  CHECK(deploy_config_write("/nowhere/deploy.json", &options.known, NULL) == DEPLOY_UNSUPPORTED);
  options.later = 0;
  CHECK(deploy_config_write("/nowhere/deploy.json", &options.known, NULL) == DEPLOY_IO);
}

int main(void) {
  free_of_null_is_null();
  what_begins_with_null_is_null();
  setters_answer_null();
  getters_of_settings_answer_with_a_status();
  simulations_and_scripts_must_be_there();
  what_is_given_in_a_call_is_checked();
  getters_of_texts_answer_null();
  getters_of_records_answer_with_a_status();
  models_without_input_or_output_are_refused();
  a_deployer_must_be_there();
  the_error_names_the_argument();
  options_without_their_size_are_refused();
  an_option_from_the_future_is_refused_unless_it_is_off();
  return failures == 0 ? 0 : 1;
}
