/* The library in a world in memory: releases good and bad, gates, events, evidence, the ledger, scripts. */
#include "world.h"

static const deploy_deployer_options plain = DEPLOY_DEPLOYER_OPTIONS_INIT;

static void count_event(const deploy_event *event, void *user_data) {
  deploy_event_info info = DEPLOY_EVENT_INFO_INIT;
  CHECK(deploy_event_get_info(event, &info) == DEPLOY_OK);
  if (info.kind == DEPLOY_EVENT_STEP_FINISHED) ++*(int *)user_data;
}

static void a_good_release_goes_live_and_time_passes(void) {
  deploy_simulation *world = world_new();
  deploy_deployer_options options = DEPLOY_DEPLOYER_OPTIONS_INIT;
  deploy_environment_state *state = NULL;
  deploy_environment_info info = DEPLOY_ENVIRONMENT_INFO_INIT;
  deploy_deployer *deployer;
  int steps = 0;
  const int64_t began = deploy_simulation_get_time(world);
  options.on_event = count_event;
  options.user_data = &steps;
  deployer = world_open(world, "ci", options);
  world_ship(world, deployer, "1.0.1", NULL);
  CHECK(world_promote(deployer, "1.0.1", "staging", NULL) == DEPLOY_OK);
  CHECK(steps >= 5);
  CHECK(deploy_simulation_get_time(world) >= began + 30000); /* it was baked */
  CHECK(deploy_deployer_state(deployer, "staging", &state, NULL) == DEPLOY_OK);
  CHECK(deploy_environment_state_get_info(state, &info) == DEPLOY_OK);
  CHECK_TEXT(info.live_version, "1.0.1");
  deploy_environment_state_free(state);
  deploy_simulation_free(world); /* before its deployer: that keeps what it needs */
  CHECK(world_promote(deployer, "1.0.1", "staging", NULL) == DEPLOY_OK);
  deploy_deployer_free(deployer);
}

static void a_release_that_turns_out_unhealthy_is_taken_back_with_evidence(void) {
  deploy_simulation *world = world_new();
  deploy_deployer *deployer = world_open(world, "ci", plain);
  deploy_deployment *deployment = NULL;
  deploy_deployment_info info = DEPLOY_DEPLOYMENT_INFO_INIT;
  deploy_evidence evidence = DEPLOY_EVIDENCE_INIT;
  deploy_probe_try attempt = DEPLOY_PROBE_TRY_INIT;
  world_ship(world, deployer, "1.0.1", "good");
  world_ship(world, deployer, "1.0.2", "unhealthy");
  CHECK(world_promote(deployer, "1.0.1", "staging", NULL) == DEPLOY_OK);
  CHECK(world_promote(deployer, "1.0.2", "staging", &deployment) == DEPLOY_ROLLED_BACK);
  CHECK(deploy_deployment_get_info(deployment, &info) == DEPLOY_OK);
  CHECK_TEXT(info.outcome_name, "rolled_back");
  CHECK_TEXT(info.live_version, "1.0.1");
  CHECK(deploy_deployment_get_reason(deployment, 0) != NULL);
  CHECK(deploy_deployment_get_unfinished(deployment, 0) == NULL);
  CHECK(deploy_deployment_get_evidence(deployment, 0, &evidence) == DEPLOY_OK);
  CHECK_TEXT(evidence.host, "ssh://deploy@staging.test");
  CHECK(evidence.verdict == DEPLOY_VERDICT_UNHEALTHY);
  CHECK(strstr(evidence.logs, "listening") != NULL);
  CHECK(deploy_deployment_get_probe_try(deployment, 0, 0, &attempt) == DEPLOY_OK);
  CHECK(strstr(attempt.detail, "503") != NULL);
  deploy_deployment_free(deployment);
  deploy_deployer_free(deployer);
  deploy_simulation_free(world);
}

static const char *denying(const deploy_gate_list *gates, const char *name) {
  deploy_gate gate = DEPLOY_GATE_INIT;
  size_t i;
  for (i = 0; deploy_gate_list_get(gates, i, &gate) == DEPLOY_OK; i++)
    if (strcmp(gate.name, name) == 0) return gate.allowed ? NULL : gate.reason;
  return "no such gate";
}

static void gates_are_asked_by_themselves(void) {
  deploy_simulation *world = world_new();
  deploy_deployer *ci = world_open(world, "ci", plain), *alice = world_open(world, "alice", plain);
  deploy_gate_list *gates = NULL;
  world_ship(world, ci, "1.0.1", NULL);
  CHECK(deploy_simulation_happen(world, "registry_down", NULL) == DEPLOY_OK); /* nobody asks it */
  CHECK(deploy_deployer_ask_gates(ci, "1.0.1", "production", NULL, &gates, NULL) == DEPLOY_BLOCKED);
  CHECK(denying(gates, "upstream_verified") != NULL);
  CHECK(denying(gates, "approval") != NULL && denying(gates, "freeze") == NULL);
  CHECK(strstr(deploy_gate_list_to_json(gates), "\"gate\":\"approval\",\"allowed\":false") != NULL);
  gates = deploy_gate_list_free(gates);
  CHECK(deploy_deployer_ask_gates(ci, "1.0.1", "staging", NULL, &gates, NULL) == DEPLOY_OK);
  gates = deploy_gate_list_free(gates);
  CHECK(deploy_simulation_happen(world, "registry_up", NULL) == DEPLOY_OK);
  CHECK(world_promote(ci, "1.0.1", "staging", NULL) == DEPLOY_OK);
  CHECK(deploy_deployer_approve(alice, "1.0.1", "production", "fine", NULL) == DEPLOY_OK);
  CHECK(deploy_deployer_ask_gates(ci, "1.0.1", "production", NULL, &gates, NULL) == DEPLOY_OK);
  gates = deploy_gate_list_free(gates);
  CHECK(world_promote(ci, "1.0.1", "production", NULL) == DEPLOY_OK);
  CHECK(deploy_deployer_ask_gates(ci, "9.9.9", "staging", NULL, &gates, NULL) == DEPLOY_NOT_FOUND);
  CHECK(deploy_deployer_ask_gates(ci, "1.0.1", NULL, NULL, &gates, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(gates == NULL);
  deploy_deployer_free(ci), deploy_deployer_free(alice);
  deploy_simulation_free(world);
}

static void builds_are_simulated_as_well(void) {
  deploy_simulation *world = world_new();
  deploy_deployer *deployer = world_open(world, "ci", plain);
  deploy_build_options options = DEPLOY_BUILD_OPTIONS_INIT;
  deploy_deployment_list *deployments = NULL;
  deploy_release *release = NULL;
  deploy_release_info info = DEPLOY_RELEASE_INFO_INIT;
  CHECK(deploy_simulation_prepare_build(world, "crashing", NULL) == DEPLOY_OK);
  options.rollback_never = 1;
  CHECK(deploy_deployer_run(deployer, &options, &deployments, NULL) == DEPLOY_HELD); /* never undone, as it is marked */
  CHECK(deploy_deployer_find_release(deployer, NULL, &release, NULL) == DEPLOY_OK);
  CHECK(deploy_release_get_info(release, &info) == DEPLOY_OK);
  CHECK(info.rollback_never == 1 && info.build == 1);
  CHECK(deploy_simulation_prepare_build(world, "swapped", NULL) == DEPLOY_INVALID_ARGUMENT);
  deploy_release_free(release);
  deploy_deployment_list_free(deployments);
  deploy_deployer_free(deployer);
  deploy_simulation_free(world);
}

static void things_happen_to_the_world(void) {
  deploy_simulation *world = world_new();
  deploy_deployer *deployer = world_open(world, "ci", plain);
  deploy_deployment *deployment = NULL;
  deploy_error *error = NULL;
  const int64_t before = deploy_simulation_get_time(world);
  world_ship(world, deployer, "1.0.1", NULL);
  CHECK(deploy_simulation_happen(world, "cut host=ssh://deploy@staging.test", NULL) == DEPLOY_OK);
  CHECK(deploy_deployer_promote(deployer, NULL, "staging", NULL, &deployment, &error) < 0);
  CHECK_TEXT(deploy_error_get_detail(error, "host"), "ssh://deploy@staging.test");
  error = deploy_error_free(error);
  CHECK(deploy_simulation_happen(world, "mend host=ssh://deploy@staging.test", NULL) == DEPLOY_OK);
  CHECK(deploy_simulation_happen(world, "wait for=10m", NULL) == DEPLOY_OK);
  CHECK(deploy_simulation_advance(world, 1000, NULL) == DEPLOY_OK);
  CHECK(deploy_simulation_get_time(world) >= before + 601000);
  CHECK(world_promote(deployer, NULL, "staging", NULL) == DEPLOY_OK);
  CHECK(deploy_simulation_advance(world, -1, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_simulation_happen(world, "promote to=staging", &error) == DEPLOY_INVALID_ARGUMENT);
  CHECK(strstr(deploy_error_get_message(error), "nothing happened") != NULL);
  deploy_error_free(error);
  CHECK(deploy_simulation_happen(world, "kill", NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_simulation_happen(world, "reboot host=ssh://nowhere", NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_simulation_happen(world, "occupy host=ssh://deploy@one.test to=nowhere", NULL) == DEPLOY_NOT_FOUND);
  CHECK(deploy_simulation_happen(world, "erase release=9.9.9", NULL) == DEPLOY_INVALID_ARGUMENT);
  deploy_deployer_free(deployer);
  deploy_simulation_free(world);
}

struct seen {
  int64_t first, last;
  int finished;
};

static void note_entry(const deploy_ledger_entry *entry, void *user_data) {
  struct seen *seen = user_data;
  if (seen->first == 0) seen->first = entry->seq;
  seen->last = entry->seq;
  seen->finished += strcmp(entry->kind, "deployment_finished") == 0 && strcmp(entry->environment, "staging") == 0;
  CHECK(strlen(entry->hash) == 64 && entry->data[0] == '{' && entry->time[0] == '2');
}

static void the_ledger_is_read_typed(void) {
  deploy_simulation *world = world_new();
  deploy_deployer *deployer = world_open(world, "ci", plain);
  struct seen all = {0, 0, 0}, rest = {0, 0, 0};
  int64_t entries = 0;
  world_ship(world, deployer, "1.0.1", NULL);
  CHECK(world_promote(deployer, NULL, "staging", NULL) == DEPLOY_OK);
  CHECK(deploy_deployer_read_ledger(deployer, 0, note_entry, &all, NULL) == DEPLOY_OK);
  CHECK(deploy_deployer_verify_ledger(deployer, &entries, NULL) == DEPLOY_OK);
  CHECK(all.first == 1 && all.last == entries && all.finished == 1);
  CHECK(deploy_deployer_read_ledger(deployer, 3, note_entry, &rest, NULL) == DEPLOY_OK);
  CHECK(rest.first == 4 && rest.last == entries);
  CHECK(deploy_deployer_read_ledger(deployer, 0, NULL, NULL, NULL) == DEPLOY_INVALID_ARGUMENT);
  deploy_deployer_free(deployer);
  deploy_simulation_free(world);
}

/* When a story ends: the same calls take the same virtual time. */
static int64_t end_of_a_story(void) {
  deploy_simulation *world = world_new();
  deploy_deployer *deployer = world_open(world, "ci", plain);
  int64_t end;
  world_ship(world, deployer, "1.0.1", "slow");
  world_ship(world, deployer, "1.0.2", "fading");
  CHECK(world_promote(deployer, "1.0.1", "staging", NULL) == DEPLOY_OK);
  CHECK(world_promote(deployer, "1.0.2", "staging", NULL) == DEPLOY_ROLLED_BACK);
  end = deploy_simulation_get_time(world);
  deploy_deployer_free(deployer);
  deploy_simulation_free(world);
  return end;
}

static void the_same_calls_take_the_same_time(void) { CHECK(end_of_a_story() == end_of_a_story()); }

static void a_script_is_parsed_played_and_printed(void) {
  const char *text = "seed 7\nship release=1.0.1\npromote release=1.0.1 to=staging by=ci on=controller\n  at 17: kill_after\n";
  deploy_config *config = world_config();
  deploy_script *script = NULL, *shortest = NULL;
  deploy_script_report *report = NULL;
  deploy_script_report_info info = DEPLOY_SCRIPT_REPORT_INFO_INIT;
  deploy_error *error = NULL;
  const char *name = NULL;
  int64_t count = 0;
  CHECK(deploy_script_parse(text, &script, NULL) == DEPLOY_OK);
  CHECK_TEXT(deploy_script_get_text(script), text);
  CHECK(deploy_script_play(script, config, &report, NULL) == DEPLOY_OK);
  CHECK(deploy_script_report_get_info(report, &info) == DEPLOY_OK);
  CHECK(info.broken == 0 && info.events > 20 && info.sentence == NULL && info.promise == NULL);
  CHECK(strstr(deploy_script_report_get_line(report, 0), "ship release=1.0.1") != NULL);
  CHECK(deploy_script_report_get_line(report, 99) == NULL);
  CHECK(deploy_script_report_get_outcome(report, 0, &name, &count) == DEPLOY_OK);
  CHECK_TEXT(name, "killed");
  CHECK(count == 1);
  CHECK(deploy_script_report_get_outcome(report, 99, &name, &count) == DEPLOY_NOT_FOUND);
  CHECK(strstr(deploy_script_report_to_json(report), "\"ok\":true") != NULL);
  CHECK(deploy_script_shrink(script, config, &shortest, NULL) == DEPLOY_OK);
  CHECK_TEXT(deploy_script_get_text(shortest), text); /* it breaks nothing */
  CHECK(deploy_script_parse("dance\n", &shortest, &error) == DEPLOY_INVALID_ARGUMENT);
  CHECK(strstr(deploy_error_get_message(error), "dance") != NULL);
  deploy_error_free(error);
  deploy_script_report_free(report);
  deploy_script_free(script), deploy_script_free(shortest);
  deploy_config_free(config);
}

static void a_seed_decides_on_a_script(void) {
  deploy_config *config = world_config();
  deploy_script *one = NULL, *same = NULL, *other = NULL;
  CHECK(deploy_script_random(config, 42, 1, &one, NULL) == DEPLOY_OK);
  CHECK(deploy_script_random(config, 42, 1, &same, NULL) == DEPLOY_OK);
  CHECK(deploy_script_random(config, 43, 1, &other, NULL) == DEPLOY_OK);
  CHECK_TEXT(deploy_script_get_text(one), deploy_script_get_text(same));
  CHECK(strcmp(deploy_script_get_text(one), deploy_script_get_text(other)) != 0);
  CHECK(deploy_script_random(config, -1, 1, &other, NULL) == DEPLOY_INVALID_ARGUMENT);
  deploy_script_free(one), deploy_script_free(same), deploy_script_free(other);
  deploy_config_free(config);
}

int main(void) {
  a_good_release_goes_live_and_time_passes();
  a_release_that_turns_out_unhealthy_is_taken_back_with_evidence();
  gates_are_asked_by_themselves();
  builds_are_simulated_as_well();
  things_happen_to_the_world();
  the_ledger_is_read_typed();
  the_same_calls_take_the_same_time();
  a_script_is_parsed_played_and_printed();
  a_seed_decides_on_a_script();
  return failures == 0 ? 0 : 1;
}
