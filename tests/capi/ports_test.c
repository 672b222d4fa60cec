/* Ports of the program's own: they are asked, their errors come back as themselves, and each is destroyed exactly once. */
#include "world.h"

/* ---- An error of our own, and the proof that it came through whole. */

static deploy_status rack_is_on_fire(deploy_error **out_error) {
  *out_error = deploy_error_new(DEPLOY_REFUSED, "rack", "the rack is on fire");
  CHECK(deploy_error_set_detail(*out_error, "rack", "6") == DEPLOY_OK);
  CHECK(deploy_error_set_detail(*out_error, "rack", "7") == DEPLOY_OK); /* replaces */
  return DEPLOY_REFUSED;
}

static void check_it_is_ours(deploy_status status, deploy_error *error) {
  CHECK(status == DEPLOY_REFUSED);
  CHECK(deploy_error_get_status(error) == DEPLOY_REFUSED);
  CHECK_TEXT(deploy_error_get_area(error), "rack");
  CHECK_TEXT(deploy_error_get_detail(error, "rack"), "7");
  CHECK(error && strstr(deploy_error_get_message(error), "the rack is on fire") != NULL);
  deploy_error_free(error);
}

static void count(void *user_data) { ++*(int *)user_data; }

/* ---- The ledger store */

static deploy_status no_read(void *user_data, int64_t after, size_t limit, deploy_call *call, deploy_error **out_error) {
  (void)user_data, (void)limit;
  CHECK(after == 0 && deploy_call_get_timeout(call) == DEPLOY_NONE);
  return rack_is_on_fire(out_error);
}

static deploy_status empty_head(void *user_data, deploy_ledger_head *out_head, deploy_error **out_error) {
  (void)user_data, (void)out_head, (void)out_error;
  return DEPLOY_OK;
}

static deploy_status read_nothing(void *user_data, int64_t after, size_t limit, deploy_call *call, deploy_error **out_error) {
  (void)user_data, (void)after, (void)limit, (void)call, (void)out_error;
  return DEPLOY_OK;
}

static deploy_status no_append(void *user_data, const deploy_ledger_head *expected, const char *lease, int64_t token,
                               const deploy_ledger_entry *const *entries, size_t amount, deploy_error **out_error) {
  (void)user_data, (void)lease, (void)token;
  CHECK(expected->seq == 0 && strlen(expected->hash) == 64 && amount == 1);
  CHECK_TEXT(entries[0]->kind, "release_registered");
  return rack_is_on_fire(out_error);
}

static deploy_status acquire_nothing(void *user_data, const deploy_lease *wanted, deploy_take_over_fn may_take_over, void *context, int64_t *out_token,
                                     deploy_error **out_error) {
  (void)user_data, (void)wanted, (void)may_take_over, (void)context, (void)out_token, (void)out_error;
  return DEPLOY_NO_MEMORY;
}

static deploy_status renew_nothing(void *user_data, const char *name, int64_t token, int64_t expires, int32_t *out_held, deploy_error **out_error) {
  (void)user_data, (void)name, (void)token, (void)expires, (void)out_held, (void)out_error;
  return DEPLOY_OK;
}

static deploy_status release_nothing(void *user_data, const char *name, int64_t token, deploy_error **out_error) {
  (void)user_data, (void)name, (void)token, (void)out_error;
  return DEPLOY_OK;
}

/* 250 is no error that deploy.h knows. */
static deploy_status lease_of_nobody(void *user_data, const char *name, deploy_call *call, deploy_error **out_error) {
  (void)user_data, (void)name, (void)call, (void)out_error;
  return 250;
}

static deploy_ledger_store store_of(int *destroyed) {
  deploy_ledger_store store = DEPLOY_LEDGER_STORE_INIT;
  store.user_data = destroyed;
  store.destroy = count;
  store.head = empty_head;
  store.read = read_nothing;
  store.append = no_append;
  store.acquire = acquire_nothing;
  store.renew = renew_nothing;
  store.release = release_nothing;
  store.lease = lease_of_nobody;
  return store;
}

static void errors_of_a_ledger_store_come_back(void) {
  int destroyed = 0;
  deploy_simulation *world = world_new();
  deploy_ledger_store store = store_of(&destroyed);
  deploy_deployer_options options = DEPLOY_DEPLOYER_OPTIONS_INIT;
  deploy_deployer *deployer = NULL;
  deploy_release *release = NULL;
  deploy_environment_state *state = NULL;
  deploy_deployment *deployment = NULL;
  deploy_error *error = NULL;
  const char *image = NULL;
  deploy_status status;
  options.actor = "ci";
  options.ledger_store = &store;
  store.read = no_read;
  status = deploy_simulation_open(world, &options, &deployer, &error);
  check_it_is_ours(status, error);
  CHECK(destroyed == 1 && deployer == NULL);

  store.read = read_nothing;
  deployer = world_open(world, "ci", options);
  CHECK(deploy_simulation_publish(world, "1.0.1", NULL, &image, NULL) == DEPLOY_OK);
  error = NULL;
  status = deploy_deployer_add_release(deployer, image, "1.0.1", NULL, &release, &error);
  check_it_is_ours(status, error);
  error = NULL;
  CHECK(deploy_deployer_state(deployer, "staging", &state, &error) == DEPLOY_INTERNAL);
  CHECK_TEXT(deploy_error_get_message(error), "ledger_store.lease answered 250, which is no error");
  deploy_error_free(error);
  error = NULL;
  CHECK(deploy_deployer_rollback(deployer, "staging", NULL, &deployment, &error) == DEPLOY_NO_MEMORY);
  CHECK(deploy_error_get_status(error) == DEPLOY_NO_MEMORY && deployment == NULL);
  deploy_error_free(error);
  CHECK(destroyed == 1);
  deploy_deployer_free(deployer);
  CHECK(destroyed == 2);
  deploy_simulation_free(world);
}

/* ---- The engine */

static deploy_status no_container(void *user_data, const char *host, const char *container, deploy_call *call, deploy_error **out_error) {
  (void)user_data;
  CHECK_TEXT(host, "ssh://deploy@staging.test");
  CHECK_TEXT(container, "shop");
  CHECK(deploy_call_get_timeout(call) > 0 && deploy_call_is_cancelled(call) == 0);
  return rack_is_on_fire(out_error);
}

static deploy_status asked_engine(void *user_data, const char *host, deploy_call *call, deploy_error **out_error) {
  (void)user_data, (void)host, (void)call, (void)out_error;
  return DEPLOY_UNREACHABLE;
}
static deploy_status asked_one(void *user_data, const char *host, const char *what, deploy_call *call, deploy_error **out_error) {
  (void)what;
  return asked_engine(user_data, host, call, out_error);
}
static deploy_status asked_two(void *user_data, const char *host, const char *one, const char *two, deploy_call *call, deploy_error **out_error) {
  (void)two;
  return asked_one(user_data, host, one, call, out_error);
}
static deploy_status asked_create(void *user_data, const char *host, const deploy_container_request *request, deploy_call *call, deploy_error **out_error) {
  (void)request;
  return asked_engine(user_data, host, call, out_error);
}
static deploy_status asked_stop(void *user_data, const char *host, const char *container, int64_t grace, deploy_call *call, deploy_error **out_error) {
  (void)grace;
  return asked_one(user_data, host, container, call, out_error);
}
static deploy_status asked_list(void *user_data, const char *host, const char *const *list, deploy_call *call, deploy_error **out_error) {
  (void)list;
  return asked_engine(user_data, host, call, out_error);
}
static deploy_status asked_logs(void *user_data, const char *host, const char *container, int32_t lines, deploy_call *call, deploy_error **out_error) {
  (void)lines;
  return asked_one(user_data, host, container, call, out_error);
}

static deploy_engine engine_of(int *destroyed) {
  deploy_engine engine = DEPLOY_ENGINE_INIT;
  engine.user_data = destroyed;
  engine.destroy = count;
  engine.info = asked_engine;
  engine.pull = engine.find_image = engine.list_images = engine.remove_image = engine.start = engine.remove = engine.inspect = asked_one;
  engine.create = asked_create;
  engine.stop = asked_stop;
  engine.rename = engine.set_restart_policy = asked_two;
  engine.list = engine.list_publishing = asked_list;
  engine.logs = asked_logs;
  return engine;
}

static void errors_of_an_engine_come_back(void) {
  int destroyed = 0;
  deploy_simulation *world = world_new();
  deploy_engine engine = engine_of(&destroyed);
  deploy_deployer_options options = DEPLOY_DEPLOYER_OPTIONS_INIT;
  deploy_deployer *deployer;
  deploy_deployment *deployment = NULL;
  deploy_error *error = NULL;
  deploy_status status;
  engine.inspect = no_container;
  options.engine = &engine;
  deployer = world_open(world, "ci", options);
  world_ship(world, deployer, "1.0.1", NULL);
  status = deploy_deployer_promote(deployer, NULL, "staging", NULL, &deployment, &error);
  CHECK_TEXT(deploy_error_get_detail(error, "host"), "ssh://deploy@staging.test"); /* the library adds what it knows */
  check_it_is_ours(status, error);
  deploy_deployer_free(deployer);
  CHECK(destroyed == 1);
  deploy_simulation_free(world);
}

/* ---- The prober */

struct prober {
  int destroyed, asked;
  deploy_probe_answer answer;
  int fails;
};

static void prober_gone(void *user_data) { ++((struct prober *)user_data)->destroyed; }

static deploy_status attempt(void *user_data, const deploy_health_probe *probe, const char *host, const char *container, deploy_probe_answer *out_answer,
                             deploy_call *call, deploy_error **out_error) {
  struct prober *prober = user_data;
  deploy_health_probe_info info = DEPLOY_HEALTH_PROBE_INFO_INIT;
  ++prober->asked;
  CHECK(deploy_health_probe_get_info(probe, &info) == DEPLOY_OK && info.port == 8080 && info.kind == DEPLOY_PROBE_HTTP);
  CHECK_TEXT(host, "ssh://deploy@staging.test");
  CHECK(*out_answer == DEPLOY_PROBE_UNKNOWN && strlen(container) > 0);
  if (prober->fails) return rack_is_on_fire(out_error);
  CHECK(deploy_call_give_text(call, "asked by hand", 13) == DEPLOY_OK);
  *out_answer = prober->answer;
  return DEPLOY_OK;
}

static deploy_status promoted_with(struct prober *mine, deploy_deployment **out_deployment) {
  deploy_simulation *world = world_new();
  deploy_prober prober = DEPLOY_PROBER_INIT;
  deploy_deployer_options options = DEPLOY_DEPLOYER_OPTIONS_INIT;
  deploy_deployer *deployer;
  deploy_status status;
  prober.user_data = mine;
  prober.destroy = prober_gone;
  prober.attempt = attempt;
  options.prober = &prober;
  deployer = world_open(world, "ci", options);
  world_ship(world, deployer, "1.0.1", NULL);
  status = world_promote(deployer, NULL, "staging", out_deployment);
  deploy_deployer_free(deployer);
  deploy_simulation_free(world);
  CHECK(mine->destroyed == 1);
  return status;
}

static void a_prober_decides_what_is_healthy(void) {
  struct prober good = {0, 0, DEPLOY_PROBE_SUCCESS, 0}, bad = {0, 0, DEPLOY_PROBE_FAILURE, 0};
  deploy_deployment *deployment = NULL;
  deploy_evidence evidence = DEPLOY_EVIDENCE_INIT;
  deploy_probe_try last = DEPLOY_PROBE_TRY_INIT;
  CHECK(promoted_with(&good, NULL) == DEPLOY_OK);
  CHECK(good.asked > 2);
  CHECK(promoted_with(&bad, &deployment) == DEPLOY_ROLLED_BACK);
  CHECK(deploy_deployment_get_evidence(deployment, 0, &evidence) == DEPLOY_OK);
  CHECK(evidence.verdict == DEPLOY_VERDICT_UNHEALTHY);
  CHECK(deploy_deployment_get_probe_try(deployment, 0, 0, &last) == DEPLOY_OK);
  CHECK_TEXT(last.detail, "asked by hand");
  deploy_deployment_free(deployment);
}

static void an_error_of_a_prober_is_a_reason_of_the_deployment(void) {
  struct prober failing = {0, 0, DEPLOY_PROBE_SUCCESS, 1};
  deploy_deployment *deployment = NULL;
  const char *reason;
  promoted_with(&failing, &deployment);
  reason = deploy_deployment_get_reason(deployment, 0);
  CHECK(reason && strstr(reason, "the rack is on fire") != NULL);
  deploy_deployment_free(deployment);
}

/* ---- Secrets */

static deploy_status resolve(void *user_data, const deploy_secret_source *source, deploy_call *call, deploy_error **out_error) {
  CHECK(source->kind == DEPLOY_SECRET_ENV);
  CHECK_TEXT(source->name, "DB_URL");
  if (*(int *)user_data < 0) return rack_is_on_fire(out_error);
  return deploy_call_give_text(call, "a-secret-url", 12);
}

static void secrets_come_from_the_program(void) {
  int destroyed = 0;
  deploy_simulation *world = world_new();
  deploy_secrets secrets = DEPLOY_SECRETS_INIT;
  deploy_deployer_options options = DEPLOY_DEPLOYER_OPTIONS_INIT;
  deploy_deployer *deployer;
  deploy_deployment *deployment = NULL;
  deploy_drift *drift = NULL;
  secrets.user_data = &destroyed;
  secrets.destroy = count;
  secrets.resolve = resolve;
  options.secrets = &secrets;
  deployer = world_open(world, "ci", options);
  world_ship(world, deployer, "1.0.1", NULL);
  CHECK(world_promote(deployer, NULL, "staging", &deployment) == DEPLOY_OK);
  CHECK(strstr(deploy_deployment_to_json(deployment), "a-secret-url") == NULL);
  CHECK(deploy_deployer_verify(deployer, "staging", &drift, NULL) == DEPLOY_OK);
  CHECK(deploy_drift_get_difference(drift, 0, &(deploy_difference)DEPLOY_DIFFERENCE_INIT) == DEPLOY_NOT_FOUND); /* it runs with that value */
  deployment = deploy_deployment_free(deployment);
  deploy_drift_free(drift);
  deploy_deployer_free(deployer);
  CHECK(destroyed == 1);
  deploy_simulation_free(world);
}

static void an_error_of_the_secrets_is_a_reason_of_the_deployment(void) {
  int destroyed = -5;
  deploy_simulation *world = world_new();
  deploy_secrets secrets = DEPLOY_SECRETS_INIT;
  deploy_deployer_options options = DEPLOY_DEPLOYER_OPTIONS_INIT;
  deploy_deployer *deployer;
  deploy_deployment *deployment = NULL;
  const char *reason;
  secrets.user_data = &destroyed;
  secrets.destroy = count;
  secrets.resolve = resolve;
  options.secrets = &secrets;
  deployer = world_open(world, "ci", options);
  world_ship(world, deployer, "1.0.1", NULL);
  world_promote(deployer, NULL, "staging", &deployment);
  reason = deploy_deployment_get_reason(deployment, 0);
  CHECK(reason && strstr(reason, "the rack is on fire") != NULL);
  deploy_deployment_free(deployment);
  deploy_deployer_free(deployer);
  CHECK(destroyed == -4);
  deploy_simulation_free(world);
}

/* ---- The approval check */

struct directory {
  int destroyed, asked;
  const char *objection; /* NULL: none; "!": an error */
};

static void directory_gone(void *user_data) { ++((struct directory *)user_data)->destroyed; }

static deploy_status check_person(void *user_data, const deploy_decision *decision, deploy_call *call, deploy_error **out_error) {
  struct directory *directory = user_data;
  deploy_decision_info info = DEPLOY_DECISION_INFO_INIT;
  ++directory->asked;
  CHECK(deploy_decision_get_info(decision, &info) == DEPLOY_OK);
  CHECK_TEXT(info.approver, "alice");
  CHECK_TEXT(info.environment, "production");
  CHECK_TEXT(info.version, "1.0.1");
  CHECK_TEXT(info.creator, "ci");
  CHECK(info.granted == 1 && info.issued > 0);
  if (!directory->objection) return DEPLOY_OK;
  if (directory->objection[0] == '!') return rack_is_on_fire(out_error);
  return deploy_call_give_text(call, directory->objection, strlen(directory->objection));
}

static deploy_deployer *open_with(deploy_simulation *world, const char *actor, struct directory *directory) {
  deploy_approval_check check = DEPLOY_APPROVAL_CHECK_INIT;
  deploy_deployer_options options = DEPLOY_DEPLOYER_OPTIONS_INIT;
  check.user_data = directory;
  check.destroy = directory_gone;
  check.check = check_person;
  options.approval_check = &check;
  return world_open(world, actor, options);
}

static void an_approval_check_has_the_last_word(void) {
  struct directory directory = {0, 0, "alice has left the company"};
  deploy_simulation *world = world_new();
  deploy_deployer *ci = open_with(world, "ci", &directory), *alice = open_with(world, "alice", &directory);
  deploy_deployment *deployment = NULL;
  deploy_gate_list *gates = NULL;
  deploy_error *error = NULL;
  deploy_status status;
  world_ship(world, ci, "1.0.1", NULL);
  CHECK(world_promote(ci, NULL, "staging", NULL) == DEPLOY_OK);
  CHECK(directory.asked == 0);
  CHECK(deploy_deployer_approve(alice, "1.0.1", "production", NULL, &error) == DEPLOY_UNAUTHORIZED);
  CHECK_TEXT(deploy_error_get_detail(error, "problem"), "objected");
  CHECK(strstr(deploy_error_get_message(error), "alice has left the company") != NULL);
  error = deploy_error_free(error);
  directory.objection = "!";
  status = deploy_deployer_approve(alice, "1.0.1", "production", NULL, &error);
  check_it_is_ours(status, error);
  directory.objection = NULL;
  CHECK(deploy_deployer_approve(alice, "1.0.1", "production", NULL, NULL) == DEPLOY_OK);
  CHECK(deploy_deployer_ask_gates(ci, "1.0.1", "production", NULL, &gates, NULL) == DEPLOY_OK);
  gates = deploy_gate_list_free(gates);

  directory.objection = "alice is on leave";
  CHECK(deploy_deployer_promote(ci, "1.0.1", "production", NULL, &deployment, NULL) == DEPLOY_BLOCKED);
  CHECK(strstr(deploy_deployment_get_reason(deployment, 0), "alice is on leave") != NULL);
  deployment = deploy_deployment_free(deployment);
  directory.objection = "!";
  error = NULL;
  status = deploy_deployer_promote(ci, "1.0.1", "production", NULL, &deployment, &error);
  check_it_is_ours(status, error);
  directory.objection = NULL;
  CHECK(world_promote(ci, "1.0.1", "production", NULL) == DEPLOY_OK);
  deploy_deployer_free(ci), deploy_deployer_free(alice);
  CHECK(directory.destroyed == 2);
  deploy_simulation_free(world);
}

/* ---- The clock */

struct clock {
  int destroyed, slept;
  int64_t time;
};

static void clock_gone(void *user_data) { ++((struct clock *)user_data)->destroyed; }
static int64_t clock_time(void *user_data) { return ((struct clock *)user_data)->time; }
static void clock_sleep(void *user_data, int64_t duration, const deploy_call *call) {
  struct clock *clock = user_data;
  CHECK(duration >= 0 && deploy_call_is_cancelled(call) == 0);
  clock->time += duration;
  ++clock->slept;
}

static void a_clock_decides_what_time_it_is(void) {
  struct clock mine = {0, 0, 1893456000000}; /* 2030-01-01 */
  struct prober good = {0, 0, DEPLOY_PROBE_SUCCESS, 0};
  deploy_simulation *world = world_new();
  deploy_clock clock = DEPLOY_CLOCK_INIT;
  deploy_prober prober = DEPLOY_PROBER_INIT;
  deploy_deployer_options options = DEPLOY_DEPLOYER_OPTIONS_INIT;
  deploy_deployer *deployer;
  deploy_deployment *deployment = NULL;
  deploy_deployment_info info = DEPLOY_DEPLOYMENT_INFO_INIT;
  clock.user_data = &mine;
  clock.destroy = clock_gone;
  clock.now = clock.elapsed = clock_time;
  clock.sleep = clock_sleep;
  clock.stands_still = 1;
  prober.user_data = &good;
  prober.destroy = prober_gone;
  prober.attempt = attempt;
  options.clock = &clock;
  options.prober = &prober;
  deployer = world_open(world, "ci", options);
  world_ship(world, deployer, "1.0.1", NULL);
  CHECK(world_promote(deployer, NULL, "staging", &deployment) == DEPLOY_OK);
  CHECK(deploy_deployment_get_info(deployment, &info) == DEPLOY_OK);
  CHECK(info.started >= 1893456000000 && info.finished >= info.started + 30000 && mine.slept > 2); /* it was baked by our time */
  deploy_deployment_free(deployment);
  deploy_deployer_free(deployer);
  CHECK(mine.destroyed == 1 && good.destroyed == 1);
  deploy_simulation_free(world);
}

/* ---- Tables that are wrong */

static void refused(const deploy_deployer_options *options, const char *argument) {
  deploy_simulation *world = world_new();
  deploy_deployer_options named = *options;
  deploy_deployer *deployer = NULL;
  deploy_error *error = NULL;
  named.actor = "ci";
  CHECK(deploy_simulation_open(world, &named, &deployer, &error) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deployer == NULL);
  if (argument) CHECK_TEXT(deploy_error_get_detail(error, "argument"), argument);
  deploy_error_free(error);
  deploy_simulation_free(world);
}

static void a_table_that_lacks_a_function_names_it(void) {
  int destroyed = 0;
  deploy_ledger_store store = store_of(&destroyed);
  deploy_engine engine = engine_of(&destroyed);
  deploy_prober prober = DEPLOY_PROBER_INIT;
  deploy_secrets secrets = DEPLOY_SECRETS_INIT;
  deploy_clock clock = DEPLOY_CLOCK_INIT;
  deploy_approval_check approval = DEPLOY_APPROVAL_CHECK_INIT;
  deploy_deployer_options options = DEPLOY_DEPLOYER_OPTIONS_INIT;
  options.engine = &engine;
  engine.list_publishing = NULL;
  refused(&options, "engine.list_publishing");
  CHECK(destroyed == 1);
  engine.list_publishing = asked_list;
  options.ledger_store = &store;
  store.renew = NULL;
  refused(&options, "ledger_store.renew");
  CHECK(destroyed == 3); /* both, though the second was never looked at */
  options.engine = NULL, options.ledger_store = NULL;
  options.prober = &prober;
  refused(&options, "prober.attempt");
  options.prober = NULL, options.secrets = &secrets;
  refused(&options, "secrets.resolve");
  options.secrets = NULL, options.clock = &clock;
  refused(&options, "clock.now");
  options.clock = NULL, options.approval_check = &approval;
  refused(&options, "approval_check.check");
}

static deploy_status no_checkpoint(void *user_data, deploy_call *call, deploy_error **out_error) {
  (void)user_data, (void)call, (void)out_error;
  return DEPLOY_OK;
}

static void checkpoints_are_kept_and_read_or_neither(void) {
  int destroyed = 0;
  deploy_ledger_store store = store_of(&destroyed);
  deploy_deployer_options options = DEPLOY_DEPLOYER_OPTIONS_INIT;
  options.ledger_store = &store;
  store.checkpoint = no_checkpoint;
  refused(&options, "ledger_store.save_checkpoint");
  CHECK(destroyed == 1);
}

static void a_table_of_a_wrong_size_is_refused(void) {
  int destroyed = 0;
  deploy_engine engine = engine_of(&destroyed);
  deploy_deployer_options options = DEPLOY_DEPLOYER_OPTIONS_INIT;
  options.engine = &engine;
  engine.struct_size = sizeof engine - 1;
  refused(&options, NULL);
  CHECK(destroyed == 1);
  engine.struct_size = sizeof(size_t);
  refused(&options, NULL);
  CHECK(destroyed == 1); /* so short a table has no destroy */
}

static void a_port_is_destroyed_when_something_else_is_wrong(void) {
  int destroyed = 0;
  deploy_engine engine = engine_of(&destroyed);
  deploy_deployer_options options = DEPLOY_DEPLOYER_OPTIONS_INIT;
  deploy_deployer *deployer = NULL;
  options.actor = "ci";
  options.engine = &engine;
  CHECK(deploy_deployer_new(NULL, &options, &deployer, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(destroyed == 1);
  options.actor = NULL;
  CHECK(deploy_deployer_new(NULL, &options, &deployer, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(destroyed == 2);
  CHECK(deploy_simulation_open(NULL, &options, &deployer, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(destroyed == 3);
}

static void the_options_of_an_older_header_still_do(void) {
  deploy_simulation *world = world_new();
  deploy_deployer_options options = DEPLOY_DEPLOYER_OPTIONS_INIT;
  deploy_deployer *deployer = NULL;
  options.struct_size = offsetof(deploy_deployer_options, ledger_store);
  options.ledger_store = (const deploy_ledger_store *)&options; /* not looked at: an older program has no such member */
  options.actor = "ci";
  CHECK(deploy_simulation_open(world, &options, &deployer, NULL) == DEPLOY_OK);
  deploy_deployer_free(deployer);
  deploy_simulation_free(world);
}

/* ---- Answers that are wrong */

static deploy_status answers_wrongly(void *user_data, const deploy_health_probe *probe, const char *host, const char *container,
                                     deploy_probe_answer *out_answer, deploy_call *call, deploy_error **out_error) {
  deploy_lease lease = DEPLOY_LEASE_INIT;
  (void)user_data, (void)probe, (void)host, (void)container, (void)out_error;
  CHECK(deploy_call_give_lease(call, &lease) == DEPLOY_INVALID_ARGUMENT);
  *out_answer = DEPLOY_PROBE_SUCCESS;
  return DEPLOY_OK; /* although it was told */
}

static void an_answer_that_cannot_be_taken_fails_the_call(void) {
  deploy_simulation *world = world_new();
  deploy_prober prober = DEPLOY_PROBER_INIT;
  deploy_deployer_options options = DEPLOY_DEPLOYER_OPTIONS_INIT;
  deploy_deployer *deployer;
  deploy_deployment *deployment = NULL;
  const char *reason;
  prober.attempt = answers_wrongly;
  options.prober = &prober;
  deployer = world_open(world, "ci", options);
  world_ship(world, deployer, "1.0.1", NULL);
  CHECK(world_promote(deployer, NULL, "staging", &deployment) != DEPLOY_OK);
  reason = deploy_deployment_get_reason(deployment, 0);
  CHECK(reason && strstr(reason, "this call does not ask for a lease") != NULL);
  deploy_deployment_free(deployment);
  deploy_deployer_free(deployer);
  deploy_simulation_free(world);
}

static void errors_of_ones_own_are_checked(void) {
  deploy_error *error = deploy_error_new(DEPLOY_TAG_MOVED, NULL, NULL);
  CHECK_TEXT(deploy_error_get_area(error), "");
  CHECK_TEXT(deploy_error_get_message(error), "");
  CHECK(deploy_error_get_status(error) == DEPLOY_TAG_MOVED);
  CHECK(deploy_error_set_detail(error, NULL, "x") == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_error_set_detail(NULL, "x", "x") == DEPLOY_INVALID_ARGUMENT);
  deploy_error_free(error);
  CHECK(deploy_error_new(DEPLOY_OK, "rack", "fine") == NULL);
  CHECK(deploy_error_new(DEPLOY_BLOCKED, "rack", "fine") == NULL);
  CHECK(deploy_error_new(-4711, "rack", "fine") == NULL);
  CHECK(deploy_call_get_timeout(NULL) == DEPLOY_NONE && deploy_call_is_cancelled(NULL) == 0);
  CHECK(deploy_call_give_text(NULL, "x", 1) == DEPLOY_INVALID_ARGUMENT);
}

int main(void) {
  errors_of_a_ledger_store_come_back();
  errors_of_an_engine_come_back();
  a_prober_decides_what_is_healthy();
  an_error_of_a_prober_is_a_reason_of_the_deployment();
  secrets_come_from_the_program();
  an_error_of_the_secrets_is_a_reason_of_the_deployment();
  an_approval_check_has_the_last_word();
  a_clock_decides_what_time_it_is();
  a_table_that_lacks_a_function_names_it();
  checkpoints_are_kept_and_read_or_neither();
  a_table_of_a_wrong_size_is_refused();
  a_port_is_destroyed_when_something_else_is_wrong();
  the_options_of_an_older_header_still_do();
  an_answer_that_cannot_be_taken_fails_the_call();
  errors_of_ones_own_are_checked();
  return failures == 0 ? 0 : 1;
}
