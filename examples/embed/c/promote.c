/* Promotes the newest release to one environment, from C, and says how it ended.
 *
 *     cc promote.c $(pkg-config --cflags --libs libdeploy) -o promote
 *     ./promote deploy.json staging
 */
#include <stdio.h>

#ifdef LIBDEPLOY_SOURCE_TREE
#include "deploy.h"
#else
#include <deploy/deploy.h>
#endif

/* Called on a thread of the library, one event at a time. */
static void on_event(const deploy_event *event, void *user_data) {
  deploy_event_info info = DEPLOY_EVENT_INFO_INIT;
  FILE *out = user_data;
  if (deploy_event_get_info(event, &info) == DEPLOY_OK) fprintf(out, "  %s %s: %s\n", info.kind_name, info.host, info.message);
}

/* Releases the error; the exit code that goes with it. */
static int fail(deploy_status status, deploy_error *error) {
  fprintf(stderr, "%s (%s): %s\n", deploy_status_name(status), deploy_error_get_area(error), deploy_error_get_message(error));
  deploy_error_free(error);
  return 1;
}

static void print_evidence(const deploy_deployment *deployment) {
  deploy_evidence evidence = DEPLOY_EVIDENCE_INIT;
  size_t i;
  for (i = 0; deploy_deployment_get_evidence(deployment, i, &evidence) == DEPLOY_OK; i++)
    printf("%s: %s, exit code %d, %s\n%s\n", evidence.host, evidence.container_status, (int)evidence.exit_code, evidence.verdict_reason, evidence.logs);
}

static void print_outcome(const deploy_deployment *deployment) {
  deploy_deployment_info info = DEPLOY_DEPLOYMENT_INFO_INIT;
  const char *reason;
  size_t i;
  if (deploy_deployment_get_info(deployment, &info) != DEPLOY_OK) return;
  printf("%s to %s: %s; live: %s\n", info.version, info.environment, info.outcome_name, info.live_version ? info.live_version : "nothing");
  for (i = 0; (reason = deploy_deployment_get_reason(deployment, i)) != NULL; i++) printf("  because %s\n", reason);
  print_evidence(deployment);
}

static int promote(deploy_deployer *deployer, const char *environment) {
  deploy_deployment *deployment = NULL;
  deploy_error *error = NULL;
  const deploy_status status = deploy_deployer_promote(deployer, NULL, environment, NULL, &deployment, &error);
  if (status < 0) return fail(status, error);
  print_outcome(deployment);
  deploy_deployment_free(deployment);
  return status == DEPLOY_OK ? 0 : 2;
}

static int open_and_promote(const deploy_config *config, const char *environment) {
  deploy_deployer_options options = DEPLOY_DEPLOYER_OPTIONS_INIT;
  deploy_deployer *deployer = NULL;
  deploy_error *error = NULL;
  deploy_status status;
  int result;
  options.actor = "embed-c";
  options.on_event = on_event;
  options.user_data = stdout;
  status = deploy_deployer_new(config, &options, &deployer, &error);
  if (status < 0) return fail(status, error);
  result = promote(deployer, environment);
  deploy_deployer_free(deployer);
  return result;
}

int main(int argc, char **argv) {
  deploy_config *config = NULL;
  deploy_error *error = NULL;
  deploy_status status;
  int result;
  if (argc != 3) {
    fprintf(stderr, "usage: %s CONFIG ENVIRONMENT\n", argv[0]);
    return 1;
  }
  status = deploy_config_load(argv[1], &config, &error);
  if (status < 0) return fail(status, error);
  result = open_and_promote(config, argv[2]);
  deploy_config_free(config);
  return result;
}
