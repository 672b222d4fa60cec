/* A probe run by itself, against sockets of this program. */
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"
#include "deploy.h"

/* A listener on a free port: connections are accepted by the kernel and stay. */
static int listener(int32_t *out_port) {
  struct sockaddr_in address = {0};
  socklen_t size = sizeof address;
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  CHECK(bind(fd, (struct sockaddr *)&address, sizeof address) == 0 && listen(fd, 16) == 0);
  CHECK(getsockname(fd, (struct sockaddr *)&address, &size) == 0);
  *out_port = ntohs(address.sin_port);
  return fd;
}

static int32_t count_try(const deploy_probe_try *attempt, void *user_data) {
  CHECK(attempt->detail != NULL && attempt->answer_name != NULL && attempt->time > 0);
  ++*(int *)user_data;
  return 0;
}

static int32_t stop_at_once(const deploy_probe_try *attempt, void *user_data) {
  (void)attempt;
  ++*(int *)user_data;
  return 1;
}

static deploy_health_probe *tcp_probe(int32_t port) {
  deploy_health_probe *probe = deploy_health_probe_new();
  deploy_health_probe_set_tcp(probe, port);
  deploy_health_probe_set_interval(probe, 20);
  deploy_health_probe_set_timeout(probe, 200);
  deploy_health_probe_set_deadline(probe, 300);
  return probe;
}

static deploy_probe_report *run(const deploy_health_probe *probe, int *tries) {
  deploy_probe_report *report = NULL;
  deploy_error *error = NULL;
  CHECK(deploy_health_probe_run(probe, "127.0.0.1", count_try, tries, &report, &error) == DEPLOY_OK);
  if (error) fprintf(stderr, "%s\n", deploy_error_get_message(error));
  deploy_error_free(error);
  return report;
}

static void a_service_that_listens_is_healthy(void) {
  int32_t port = 0;
  int tries = 0;
  const int fd = listener(&port);
  deploy_health_probe *probe = tcp_probe(port);
  deploy_probe_report *report = run(probe, &tries);
  deploy_probe_report_info info = DEPLOY_PROBE_REPORT_INFO_INIT;
  deploy_probe_try attempt = DEPLOY_PROBE_TRY_INIT;
  CHECK(deploy_probe_report_get_info(report, &info) == DEPLOY_OK);
  CHECK(info.verdict == DEPLOY_VERDICT_HEALTHY && info.waited >= 0);
  CHECK_TEXT(info.verdict_name, "healthy");
  CHECK(strstr(info.reason, "2 successes in a row") != NULL);
  CHECK(tries == 2);
  CHECK(deploy_probe_report_get_try(report, 1, &attempt) == DEPLOY_OK && attempt.answer == DEPLOY_PROBE_SUCCESS);
  CHECK(deploy_probe_report_get_try(report, 2, &attempt) == DEPLOY_NOT_FOUND);
  CHECK(strstr(deploy_probe_report_to_json(report), "\"verdict\":\"healthy\"") != NULL);
  deploy_probe_report_free(report);
  deploy_health_probe_free(probe);
  close(fd);
}

static void a_service_that_refuses_is_unhealthy_at_the_deadline(void) {
  int32_t port = 0;
  int tries = 0;
  deploy_health_probe *probe;
  deploy_probe_report *report;
  deploy_probe_report_info info = DEPLOY_PROBE_REPORT_INFO_INIT;
  close(listener(&port));
  probe = tcp_probe(port);
  report = run(probe, &tries);
  CHECK(deploy_probe_report_get_info(report, &info) == DEPLOY_OK);
  CHECK(info.verdict == DEPLOY_VERDICT_UNHEALTHY && info.waited >= 300 && tries > 2);
  CHECK(strstr(info.reason, "the last one: ") != NULL);
  deploy_probe_report_free(report);
  deploy_health_probe_free(probe);
}

static void whoever_watches_may_stop_it(void) {
  int32_t port = 0;
  int tries = 0;
  const int fd = listener(&port);
  deploy_health_probe *probe = tcp_probe(port);
  deploy_probe_report *report = NULL;
  CHECK(deploy_health_probe_run(probe, "127.0.0.1", stop_at_once, &tries, &report, NULL) == DEPLOY_CALL_CANCELLED);
  CHECK(tries == 1 && report == NULL);
  CHECK(deploy_health_probe_run(probe, "127.0.0.1", NULL, NULL, &report, NULL) == DEPLOY_OK); /* or not watch at all */
  deploy_probe_report_free(report);
  deploy_health_probe_free(probe);
  close(fd);
}

static void a_probe_that_a_configuration_would_refuse_is_refused(void) {
  static const char *const command[] = {"true", NULL};
  deploy_health_probe *probe = tcp_probe(0);
  deploy_probe_report *report = NULL;
  deploy_error *error = NULL;
  CHECK(deploy_health_probe_run(probe, "127.0.0.1", NULL, NULL, &report, &error) == DEPLOY_INVALID_CONFIG);
  CHECK_TEXT(deploy_error_get_detail(error, "pointer"), "/environments/0/probe/tcp/port");
  error = deploy_error_free(error);
  deploy_health_probe_set_exec(probe, command);
  CHECK(deploy_health_probe_run(probe, "127.0.0.1", NULL, NULL, &report, NULL) == DEPLOY_UNSUPPORTED);
  deploy_health_probe_set_tcp(probe, 80);
  CHECK(deploy_health_probe_run(probe, "no host at all", NULL, NULL, &report, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_health_probe_run(probe, NULL, NULL, NULL, &report, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_health_probe_run(probe, "127.0.0.1", NULL, NULL, NULL, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(deploy_health_probe_run(NULL, "127.0.0.1", NULL, NULL, &report, NULL) == DEPLOY_INVALID_ARGUMENT);
  CHECK(report == NULL);
  deploy_health_probe_free(probe);
}

int main(void) {
  a_service_that_listens_is_healthy();
  a_service_that_refuses_is_unhealthy_at_the_deadline();
  whoever_watches_may_stop_it();
  a_probe_that_a_configuration_would_refuse_is_refused();
  return failures == 0 ? 0 : 1;
}
