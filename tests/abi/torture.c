/* Fails every allocation once: torture SCRATCH-FOLDER SECONDS
 *
 * Each story runs again and again, and each time another allocation fails, the first, the second, and so on until none is left.
 * It must end with DEPLOY_NO_MEMORY, or as if nothing had happened; nothing may leak, crash or hang. Where a story makes more
 * allocations than its share of the time allows, evenly spread ones are taken. */
#include <deploy/deploy.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "failing_malloc.h"

static const char *story_name = "";
static volatile long failing = 0;
static int failures = 0;
static char config_text[2048];
static char ledger[512];

static void complain(const char *what) {
  ++failures;
  printf("%s, when allocation %ld fails: %s\n", story_name, failing, what);
}

/* What every call of every story must do: succeed, or say that there was no memory, in an error or without one. */
static int went_well(deploy_status status, deploy_error *error, const char *call) {
  const deploy_status said = error ? deploy_error_get_status(error) : status;
  char text[1024];
  if (status < 0 && (status != DEPLOY_NO_MEMORY || said != status)) {
    snprintf(text, sizeof text, "%s answers %s: %s", call, deploy_status_name(status), error ? deploy_error_get_message(error) : "(no error)");
    complain(text);
  }
  deploy_error_free(error);
  return status >= 0;
}

#define GO(call)                                  \
  do {                                            \
    deploy_error *error = NULL;                   \
    const deploy_status ended = (call);           \
    if (!went_well(ended, error, #call)) goto end; \
  } while (0)

/* For what has to be refused whatever happens. */
#define REFUSED(call, expected)                                                                      \
  do {                                                                                               \
    deploy_error *error = NULL;                                                                      \
    const deploy_status ended = (call);                                                              \
    if (ended != (expected) && ended != DEPLOY_NO_MEMORY) { complain(#call " is not refused as it should be, but:"); puts(deploy_status_name(ended)); }         \
    if (ended == (expected) && error && deploy_error_to_json(error) == NULL && failing == 0) complain("no JSON"); \
    deploy_error_free(error);                                                                        \
  } while (0)

static void images(void) {
  deploy_image *image = NULL;
  deploy_tag *one = NULL, *two = NULL;
  int32_t order = 0;
  GO(deploy_image_parse("registry.example.com:5000/a/much/longer/path/than/fits/anywhere:1.2.3-rc.1", &image, &error));
  GO(deploy_tag_parse("1.2.3-rc.1.and.much.more.than.fits.into.a.short.string", &one, &error));
  GO(deploy_tag_parse("1.2.4", &two, &error));
  GO(deploy_tag_compare(one, two, &order, &error));
  if (order != -1) complain("the order is wrong");
  GO(deploy_version_compare("1.0.0-alpha.1", "1.0.0-alpha.beta", &order, &error));
  REFUSED(deploy_image_parse("No Image/At All", &image, &error), DEPLOY_INVALID_ARGUMENT);
  REFUSED(deploy_version_compare("v1", "1", &order, &error), DEPLOY_INVALID_ARGUMENT);
end:
  deploy_image_free(image);
  deploy_tag_free(one);
  deploy_tag_free(two);
}

static void configurations(void) {
  deploy_config *config = NULL;
  GO(deploy_config_parse(config_text, "/srv/shop", &config, &error));
  if (strcmp(deploy_environment_get_name(deploy_config_get_environment(config, 1)), "production") != 0) complain("an environment is missing");
end:
  deploy_config_free(config);
}

static void wrong_configurations(void) {
  deploy_config *config = NULL;
  REFUSED(deploy_config_parse("{ \"application\": \"shop\", // and\n \"imaeg\": {}, \"environments\": [{ \"name\": 7 }] }", ".", &config, &error), DEPLOY_INVALID_CONFIG);
  REFUSED(deploy_config_parse("{ \"application\": [", ".", &config, &error), DEPLOY_INVALID_CONFIG);
  REFUSED(deploy_config_load("/nowhere/deploy.json", &config, &error), DEPLOY_IO);
}

static void nothing_to_say(const char *text, size_t length, void *user_data) {
  (void)text;
  *(size_t *)user_data += length;
}

static void rehearsals(void) {
  deploy_config *config = NULL;
  deploy_rehearsal *rehearsal = NULL;
  deploy_rehearsal_info info = DEPLOY_REHEARSAL_INFO_INIT;
  size_t said = 0;
  GO(deploy_config_parse(config_text, "/srv/shop", &config, &error));
  GO(deploy_config_rehearse(config, NULL, nothing_to_say, &said, &rehearsal, &error));
  if (deploy_rehearsal_get_info(rehearsal, &info) != DEPLOY_OK || info.broken) complain(info.sentence ? info.sentence : "a promise was broken");
end:
  deploy_rehearsal_free(rehearsal);
  deploy_config_free(config);
}

static void remove_ledger(void) {
  static const char *const parts[] = {"", "-wal", "-shm"};
  char path[600];
  size_t i;
  for (i = 0; i < sizeof parts / sizeof *parts; i++) {
    snprintf(path, sizeof path, "%s%s", ledger, parts[i]);
    unlink(path);
  }
}

static void ledgers(void) {
  deploy_config *config = NULL;
  deploy_deployer *deployer = NULL;
  deploy_environment_state *state = NULL;
  deploy_deployment_list *history = NULL;
  deploy_deployer_options options = DEPLOY_DEPLOYER_OPTIONS_INIT;
  int64_t entries = 0;
  size_t said = 0;
  options.actor = "alice";
  remove_ledger();
  GO(deploy_config_parse(config_text, "/srv/shop", &config, &error));
  GO(deploy_deployer_new(config, &options, &deployer, &error));
  GO(deploy_deployer_freeze(deployer, "production", "the allocations fail", &error));
  GO(deploy_deployer_state(deployer, "production", &state, &error));
  if (!deploy_environment_state_to_json(state) && failing == 0) complain("no JSON");
  GO(deploy_deployer_unfreeze(deployer, "production", &error));
  GO(deploy_deployer_history(deployer, NULL, &history, &error));
  GO(deploy_deployer_verify_ledger(deployer, &entries, &error));
  if (entries != 2) complain("entries are missing");
  GO(deploy_deployer_export_ledger(deployer, nothing_to_say, &said, &error));
  REFUSED(deploy_deployer_unfreeze(deployer, "staging", &error), DEPLOY_NOT_FOUND);
end:
  deploy_environment_state_free(state);
  deploy_deployment_list_free(history);
  deploy_deployer_free(deployer);
  deploy_config_free(config);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static long made; /* allocations of the last run */

static void run(void (*story)(void), long number) {
  failing = number;
  fail_allocation(number);
  story();
  made = allocations();
  fail_allocation(0);
}

/* A cache that grew once is no leak; what grows each time is. */
static int leaks(void (*story)(void), long number, long before) {
  int tries;
  for (tries = 0; blocks_in_use() > before; tries++) {
    if (tries == 3) return 1;
    before = blocks_in_use();
    run(story, number);
  }
  return 0;
}

static void torture(const char *name, void (*story)(void), double seconds) {
  long total, step, number, tried = 0;
  double begun;
  story_name = name;
  run(story, 0);
  begun = now();
  run(story, 0);
  total = made;
  step = 1 + (long)((double)total * (now() - begun) / seconds);
  begun = now();
  for (number = 1; number <= total && failures < 20 && now() - begun < seconds; number += step, tried++) {
    const long before = blocks_in_use();
    run(story, number);
    if (leaks(story, number, before)) complain("something leaks");
  }
  run(story, 0);
  printf("%s: %ld allocations, %ld of them failed in %.1f s\n", name, total, tried, now() - begun);
}

static void died(int signal) {
  char text[200];
  const int length = snprintf(text, sizeof text, "%s, when allocation %ld fails: signal %d\n", story_name, failing, signal);
  if (write(STDOUT_FILENO, text, (size_t)length) != length) _exit(2);
  _exit(1);
}

int main(int argc, char **argv) {
  double seconds;
  if (argc != 3) return 2;
  seconds = atof(argv[2]);
  signal(SIGSEGV, died);
  signal(SIGABRT, died);
  setvbuf(stdout, NULL, _IOLBF, 0);
  snprintf(ledger, sizeof ledger, "%s/ledger.db", argv[1]);
  snprintf(config_text, sizeof config_text,
           "{ // comments are allowed\n \"application\": \"shop\", \"state\": \"sqlite:%s\", \"image\": { \"repository\": \"registry.example.com/acme/shop\" },\n"
           " \"environments\": [\n"
           "  { \"name\": \"staging\", \"hosts\": [\"ssh://deploy@192.0.2.10\"], \"container\": { \"name\": \"shop-staging\", \"ports\": [\"8081:80\"] },\n"
           "    \"probe\": { \"http\": { \"path\": \"/health\", \"port\": 8081, \"body\": \"^ok$\" } } },\n"
           "  { \"name\": \"production\", \"after\": \"staging\", \"hosts\": [\"ssh://deploy@192.0.2.11\"], \"container\": { \"name\": \"shop\", \"ports\": [\"8080:80\"] },\n"
           "    \"probe\": { \"http\": { \"path\": \"/health\", \"port\": 8080 } }, \"approval\": { \"approvers\": [\"alice\", \"bob\"] } } ] }",
           ledger);
  torture("images and tags", images, 0.1 * seconds);
  torture("a configuration", configurations, 0.3 * seconds);
  torture("a wrong configuration", wrong_configurations, 0.1 * seconds);
  torture("a ledger", ledgers, 0.25 * seconds);
  torture("a rehearsal", rehearsals, 0.25 * seconds);
  return failures != 0;
}
