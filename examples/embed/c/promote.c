/* Promotes a good release and a bad one in the simulator, and says how each ended. What is healthy is decided by a prober of its own.
 *
 *     cc promote.c $(pkg-config --cflags --libs libdeploy) -o promote
 *     ./promote ../deploy.json
 *
 * Threads: callbacks come on the thread that called the library or on threads of it, one at a time here: nothing below needs a lock.
 * Ownership: what came through an `out_...` is freed by us, once, in reverse order; what a getter returned never.
 *
 * For real hosts, deploy_deployer_new(config, &options, &deployer, &error) takes the place of the simulation. */
#include <deploy/deploy.h>
#include <stdio.h>
#include <string.h>

/* The event is lent: what is to stay is copied before this returns. */
static void on_event(const deploy_event *event, void *user_data) {
  deploy_event_info info = DEPLOY_EVENT_INFO_INIT;
  if (deploy_event_get_info(event, &info) != DEPLOY_OK || info.kind == DEPLOY_EVENT_GATE_ANSWERED || info.host[0] != '\0') return;
  fprintf(user_data, "  %s: %s\n", info.kind_name, info.message);
}

/* A prober of our own, in place of the HTTP request that deploy.json describes: this one asks the shop's monitoring. */
typedef struct monitoring {
  char trusted[128]; /* the container that it has seen working */
  int tries;
} monitoring;

/* DEPLOY_OK: the answer is in *out_answer. A negative status fails the step; the error of ours that goes with it is then the library's. */
static deploy_status attempt(void *user_data, const deploy_health_probe *probe, const char *host, const char *container,
                             deploy_probe_answer *out_answer, deploy_call *call, deploy_error **out_error) {
  static const char words[] = "nobody can pay";
  monitoring *self = user_data;
  (void)probe;
  (void)host;
  if (strlen(container) >= sizeof(self->trusted)) {
    *out_error = deploy_error_new(DEPLOY_UNSUPPORTED, "monitoring", "the container's id is too long for the monitoring; it was not asked");
    return DEPLOY_UNSUPPORTED;
  }
  if (self->tries++ == 0) strcpy(self->trusted, container);
  *out_answer = strcmp(container, self->trusted) == 0 ? DEPLOY_PROBE_SUCCESS : DEPLOY_PROBE_FAILURE;
  if (*out_answer == DEPLOY_PROBE_SUCCESS) return DEPLOY_OK;
  return deploy_call_give_text(call, words, strlen(words)); /* copied */
}

/* Called exactly once, after the last attempt. */
static void leave(void *user_data) {
  const monitoring *self = user_data;
  printf("the monitoring was asked %d times\n", self->tries);
}

/* Says what went wrong and releases the error; gives the status back. */
static deploy_status fail(deploy_status status, deploy_error *error) {
  fprintf(stderr, "%s (%s): %s\n", deploy_status_name(status), deploy_error_get_area(error), deploy_error_get_message(error));
  deploy_error_free(error);
  return status;
}

static void show(const deploy_deployment *deployment) {
  deploy_deployment_info info = DEPLOY_DEPLOYMENT_INFO_INIT;
  deploy_evidence evidence = DEPLOY_EVIDENCE_INIT;
  const char *reason;
  size_t i;
  if (deploy_deployment_get_info(deployment, &info) != DEPLOY_OK) return;
  printf("%s to %s: %s; live: %s\n", info.version, info.environment, info.outcome_name, info.live_version ? info.live_version : "nothing");
  for (i = 0; (reason = deploy_deployment_get_reason(deployment, i)) != NULL; i++) printf("  because %s\n", reason);
  for (i = 0; deploy_deployment_get_evidence(deployment, i, &evidence) == DEPLOY_OK; i++)
    printf("  found on %s: %s, %s\n", evidence.host, evidence.container_status, evidence.verdict_reason);
}

/* Somebody pushes an image; we register it and promote it. */
static deploy_status ship(deploy_simulation *world, deploy_deployer *deployer, const char *version) {
  deploy_release *release = NULL;
  deploy_deployment *deployment = NULL;
  deploy_error *error = NULL;
  const char *image = NULL; /* lent by the world until the next push */
  deploy_status status = deploy_simulation_publish(world, version, "good", &image, &error);
  if (status == DEPLOY_OK) status = deploy_deployer_add_release(deployer, image, version, NULL, &release, &error);
  if (status == DEPLOY_OK) status = deploy_deployer_promote(deployer, version, "staging", NULL, &deployment, &error);
  if (status < 0) { /* could not be carried out; a positive status is an outcome, and there is a record of it */
    deploy_release_free(release);
    return fail(status, error);
  }
  show(deployment);
  deploy_deployment_free(deployment);
  deploy_release_free(release);
  return status;
}

static deploy_status play(deploy_simulation *world) {
  monitoring eyes = {"", 0};
  deploy_prober prober = DEPLOY_PROBER_INIT;
  deploy_deployer_options options = DEPLOY_DEPLOYER_OPTIONS_INIT;
  deploy_deployer *deployer = NULL;
  deploy_error *error = NULL;
  deploy_status status;
  prober.user_data = &eyes; /* has to live until `destroy` was called; the table itself is copied */
  prober.destroy = leave;
  prober.attempt = attempt;
  options.actor = "embed-c";
  options.on_event = on_event;
  options.user_data = stdout;
  options.prober = &prober;
  status = deploy_simulation_open(world, &options, &deployer, &error);
  if (status < 0) return fail(status, error);
  status = ship(world, deployer, "1.0.0");
  if (status == DEPLOY_OK) status = ship(world, deployer, "1.1.0");
  deploy_deployer_free(deployer);
  return status;
}

int main(int argc, char **argv) {
  deploy_config *config = NULL;
  deploy_simulation *world = NULL;
  deploy_error *error = NULL;
  deploy_status status;
  if (argc != 2) {
    fprintf(stderr, "usage: %s CONFIG\n", argv[0]);
    return 2;
  }
  status = deploy_config_load(argv[1], &config, &error);
  if (status == DEPLOY_OK) status = deploy_simulation_new(config, &world, &error);
  status = status < 0 ? fail(status, error) : play(world);
  deploy_simulation_free(world); /* NULL is fine */
  deploy_config_free(config);
  return status < 0 ? 1 : 0;
}
