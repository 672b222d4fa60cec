// What runs in the containers of this suite: shows what it was given, ends as it is told. Static, so that an image of it
// needs nothing else. The first argument says what to do.
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

static void leave(int signal_number) {
  (void)signal_number;
  _exit(0);
}

static _Noreturn void wait_for_the_end(void) {
  for (;;) pause();
}

// Lengths first, so that the reader can tell where a value with newlines in it ends.
static int show(int argc, char **argv) {
  for (int i = 0; i < argc; ++i) printf("arg %zu %s\n", strlen(argv[i]), argv[i]);
  for (char **e = environ; *e; ++e) printf("env %zu %s\n", strlen(*e), *e);
  return 0;
}

static int print_lines(long count) {
  for (long i = 1; i <= count; ++i) printf("line %ld\n", i);
  return 0;
}

// Touches every page: only then does the memory count.
static _Noreturn void eat_memory(void) {
  for (;;) {
    char *block = malloc(1 << 20);
    if (block) memset(block, 1, 1 << 20);
  }
}

static int write_a_file(const char *path) {
  FILE *file = fopen(path, "w");
  if (!file) {
    perror(path);
    return 1;
  }
  fclose(file);
  return 0;
}

int main(int argc, char **argv) {
  const char *act = argc > 1 ? argv[1] : "wait";
  const char *value = argc > 2 ? argv[2] : "";
  signal(SIGTERM, strcmp(act, "stubborn") == 0 ? SIG_IGN : leave);
  if (strcmp(act, "show") == 0) return show(argc - 2, argv + 2);
  if (strcmp(act, "exit") == 0) return atoi(value);
  if (strcmp(act, "lines") == 0) return print_lines(atol(value));
  if (strcmp(act, "eat") == 0) eat_memory();
  if (strcmp(act, "write") == 0) return write_a_file(value);
  if (strcmp(act, "uid") == 0) return printf("%d\n", (int)getuid()), 0;
  if (strcmp(act, "sleep") == 0) return (int)sleep((unsigned)atoi(value));
  if (strcmp(act, "both") == 0) {
    fputs("to output\n", stdout);
    fflush(stdout);
    fputs("to error\n", stderr);
    return 0;
  }
  puts("waiting");
  fflush(stdout);
  wait_for_the_end();
}
