// An HTTP server that behaves well, or badly in the way its environment asks for. README.md lists the switches.
// A thread per connection; everything is decided once at the start and read-only from then on.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static struct {
  const char *version;
  long latency_ms, fail_pct, unhealthy, unhealthy_after_s, slow_start_s, crash_after_s, exit_code, ignore_term, drain_s, hang;
} cfg;
static double started;

static double now_s(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void sleep_ms(long ms) {
  struct timespec t = {ms / 1000, (ms % 1000) * 1000000};
  while (nanosleep(&t, &t) != 0 && errno == EINTR) {}
}

static long number(const char *name, long otherwise) {
  const char *text = getenv(name);
  return text && *text ? strtol(text, NULL, 10) : otherwise;
}

// Fails FAIL_PCT of a hundred requests, evenly spread: a test that counts gets the same count each time.
static int fails_now(void) {
  static unsigned long count;
  unsigned long n = __atomic_fetch_add(&count, 1, __ATOMIC_RELAXED);
  unsigned long pct = (unsigned long)cfg.fail_pct;
  return (n + 1) * pct / 100 != n * pct / 100;
}

static int unhealthy_now(void) {
  double age = now_s() - started;
  return cfg.unhealthy || age < (double)cfg.slow_start_s || (cfg.unhealthy_after_s >= 0 && age >= (double)cfg.unhealthy_after_s);
}

static int answer(int fd, int status, const char *body, int keep) {
  const char *reason = status == 200 ? "OK" : status == 404 ? "Not Found" : status == 500 ? "Internal Server Error" : "Service Unavailable";
  char text[1024];
  int n = snprintf(text, sizeof text,
                   "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\nConnection: %s\r\n\r\n%s",
                   status, reason, *body == '{' ? "application/json" : "text/plain", strlen(body), keep ? "keep-alive" : "close", body);
  return send(fd, text, (size_t)n, MSG_NOSIGNAL) == n;
}

static int handle(int fd, const char *path, int keep) {
  const char *ms = strstr(path, "ms=");
  sleep_ms(cfg.latency_ms + (ms ? strtol(ms + 3, NULL, 10) : 0));
  char body[512];
  if (strncmp(path, "/health", 7) == 0) {
    int bad = unhealthy_now();
    snprintf(body, sizeof body, "{\"status\":\"%s\",\"version\":\"%s\"}\n", bad ? "unhealthy" : "ok", cfg.version);
    return answer(fd, bad ? 503 : 200, body, keep);
  }
  if (fails_now()) return answer(fd, 500, "failed as asked\n", keep);
  if (strncmp(path, "/version", 8) == 0) {
    snprintf(body, sizeof body, "%s\n", cfg.version);
    return answer(fd, 200, body, keep);
  }
  if (path[0] == '/' && (path[1] == '\0' || path[1] == '?')) {
    snprintf(body, sizeof body, "testapp %s\n", cfg.version);
    return answer(fd, 200, body, keep);
  }
  return answer(fd, 404, "no such page\n", keep);
}

// Reads requests without a body, one after the other, until the client leaves.
static void *serve(void *arg) {
  int fd = (int)(long)arg;
  char in[8192];
  size_t used = 0;
  while (used < sizeof in - 1) {
    ssize_t n = recv(fd, in + used, sizeof in - 1 - used, 0);
    if (n <= 0) break;
    used += (size_t)n;
    in[used] = '\0';
    if (cfg.hang) {  // swallow whatever comes and never answer
      used = 0;
      continue;
    }
    char *end;
    int open = 1;
    while (open && (end = strstr(in, "\r\n\r\n")) != NULL) {
      *end = '\0';
      char path[256] = "";
      sscanf(in, "%*7s %255s", path);
      open = !strcasestr(in, "connection: close");
      if (!handle(fd, path, open)) open = 0;
      used -= (size_t)(end + 4 - in);
      memmove(in, end + 4, used + 1);
    }
    if (!open) break;
  }
  close(fd);
  return NULL;
}

// As the first process of a container nothing is ended by a signal unless it asks for it.
static void *wait_for_signals(void *arg) {
  const sigset_t *wanted = arg;
  for (;;) {
    int got = 0;
    sigwait(wanted, &got);
    if (cfg.ignore_term) continue;
    printf("testapp %s: signal %d, leaving\n", cfg.version, got);
    sleep_ms(cfg.drain_s * 1000);
    exit(cfg.exit_code >= 0 ? (int)cfg.exit_code : 0);
  }
  return NULL;
}

static void *crash_later(void *arg) {
  (void)arg;
  sleep_ms(cfg.crash_after_s * 1000);
  fprintf(stderr, "testapp %s: crashing as asked\n", cfg.version);
  exit(cfg.exit_code >= 0 ? (int)cfg.exit_code : 1);
}

static void spawn(void *(*run)(void *), void *arg) {
  pthread_t thread;
  pthread_attr_t attr;
  pthread_attr_init(&attr);
  pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attr, 128 * 1024);
  if (pthread_create(&thread, &attr, run, arg) != 0) {
    perror("testapp: thread");
    exit(70);
  }
  pthread_attr_destroy(&attr);
}

static void read_settings(void) {
  const char *version = getenv("VERSION");
  cfg.version = version && *version ? version : "0.0.0";
  cfg.latency_ms = number("LATENCY_MS", 0);
  cfg.fail_pct = number("FAIL_PCT", 0);
  cfg.unhealthy = number("UNHEALTHY", 0);
  cfg.unhealthy_after_s = number("UNHEALTHY_AFTER_S", -1);
  cfg.slow_start_s = number("SLOW_START_S", 0);
  cfg.crash_after_s = number("CRASH_AFTER_S", -1);
  cfg.exit_code = number("EXIT_CODE", -1);
  cfg.ignore_term = number("IGNORE_TERM", 0);
  cfg.drain_s = number("DRAIN_S", 0);
  cfg.hang = number("HANG", 0);
}

static void demand_environment(void) {
  const char *name = getenv("REQUIRE_ENV");
  if (!name || !*name) return;
  const char *value = getenv(name);
  if (value && *value) return;
  fprintf(stderr, "testapp %s: %s is not set\n", cfg.version, name);
  exit(78);
}

// What careless applications do as they start.
static void print_environment(void) {
  extern char **environ;
  if (!number("PRINT_ENV", 0)) return;
  for (char **each = environ; *each; each++) printf("testapp %s: %s\n", cfg.version, *each);
}

static int listen_on(int port) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port), .sin_addr.s_addr = htonl(INADDR_ANY)};
  if (bind(fd, (struct sockaddr *)&at, sizeof at) != 0 || listen(fd, 512) != 0) {
    perror("testapp: listen");
    exit(71);
  }
  return fd;
}

int main(void) {
  static sigset_t wanted;
  sigemptyset(&wanted);
  sigaddset(&wanted, SIGTERM);
  sigaddset(&wanted, SIGINT);
  pthread_sigmask(SIG_BLOCK, &wanted, NULL);
  setvbuf(stdout, NULL, _IOLBF, 0);
  read_settings();
  started = now_s();
  demand_environment();
  print_environment();
  spawn(wait_for_signals, &wanted);
  if (cfg.crash_after_s >= 0) spawn(crash_later, NULL);
  sleep_ms(number("BIND_DELAY_S", 0) * 1000);
  long port = number("PORT", 8080);
  int listener = listen_on((int)port);
  printf("testapp %s: listening on port %ld\n", cfg.version, port);
  for (;;) {
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC), one = 1;
    if (fd < 0) continue;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    spawn(serve, (void *)(long)fd);
  }
}
