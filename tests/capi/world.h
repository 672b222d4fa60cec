/* A world in memory for the C programs of this folder: staging, then production, where somebody has to approve. */
#ifndef TESTS_CAPI_WORLD_H
#define TESTS_CAPI_WORLD_H

#include "check.h"
#include "deploy.h"

static const char *const world_text =
    "{\"application\": \"shop\", \"image\": {\"repository\": \"registry.test/acme/shop\"},"
    " \"environments\": ["
    "  {\"name\": \"staging\", \"hosts\": [\"ssh://deploy@staging.test\"],"
    "   \"container\": {\"name\": \"shop\", \"ports\": [\"8080:80\"], \"env\": {\"DB\": {\"env\": \"DB_URL\"}}},"
    "   \"probe\": {\"http\": {\"path\": \"/health\", \"port\": 8080}}},"
    "  {\"name\": \"production\", \"after\": \"staging\", \"hosts\": [\"ssh://deploy@one.test\", \"ssh://deploy@two.test\"],"
    "   \"container\": {\"name\": \"shop\", \"ports\": [\"8080:80\"]}, \"probe\": {\"http\": {\"path\": \"/health\", \"port\": 8080}},"
    "   \"approval\": {\"approvers\": [\"alice\", \"bob\"]}}]}";

static deploy_config *world_config(void) {
  deploy_config *config = NULL;
  CHECK(deploy_config_parse(world_text, "/srv/shop", &config, NULL) == DEPLOY_OK);
  return config;
}

static deploy_simulation *world_new(void) {
  deploy_config *config = world_config();
  deploy_simulation *world = NULL;
  CHECK(deploy_simulation_new(config, &world, NULL) == DEPLOY_OK);
  deploy_config_free(config);
  return world;
}

static void complain(const deploy_error *error) {
  if (error) fprintf(stderr, "%s: %s\n", deploy_status_name(deploy_error_get_status(error)), deploy_error_get_message(error));
}

/* A deployer of that actor, with these ports. */
static deploy_deployer *world_open(deploy_simulation *world, const char *actor, deploy_deployer_options options) {
  deploy_deployer *deployer = NULL;
  deploy_error *error = NULL;
  options.actor = actor;
  CHECK(deploy_simulation_open(world, &options, &deployer, &error) == DEPLOY_OK);
  complain(error);
  deploy_error_free(error);
  return deployer;
}

/* Pushes such an application, and registers it. */
static void world_ship(deploy_simulation *world, deploy_deployer *deployer, const char *version, const char *behaviour) {
  const char *image = NULL;
  deploy_release *release = NULL;
  deploy_error *error = NULL;
  CHECK(deploy_simulation_publish(world, version, behaviour, &image, NULL) == DEPLOY_OK);
  CHECK(deploy_deployer_add_release(deployer, image, version, NULL, &release, &error) == DEPLOY_OK);
  complain(error);
  deploy_error_free(error);
  deploy_release_free(release);
}

/* How a promotion ended; the record goes to *out_deployment, which may be NULL. */
static deploy_status world_promote(deploy_deployer *deployer, const char *version, const char *environment, deploy_deployment **out_deployment) {
  deploy_deployment *deployment = NULL;
  deploy_error *error = NULL;
  const deploy_status status = deploy_deployer_promote(deployer, version, environment, NULL, &deployment, &error);
  complain(error);
  deploy_error_free(error);
  if (out_deployment) *out_deployment = deployment;
  else deploy_deployment_free(deployment);
  return status;
}

#endif
