/* Assertions for the C programs of this folder: all are tried, each failure says where and what. */
#ifndef TESTS_CAPI_CHECK_H
#define TESTS_CAPI_CHECK_H

#include <stdio.h>
#include <string.h>

static int failures = 0;

static void check(int holds, const char *what, const char *file, int line) {
  if (holds) return;
  ++failures;
  fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
}

static void check_text(const char *found, const char *expected, const char *what, const char *file, int line) {
  if (found && strcmp(found, expected) == 0) return;
  ++failures;
  fprintf(stderr, "%s:%d: %s is \"%s\", expected \"%s\"\n", file, line, what, found ? found : "(NULL)", expected);
}

#define CHECK(expression) check((expression) != 0, #expression, __FILE__, __LINE__)
#define CHECK_TEXT(found, expected) check_text((found), (expected), #found, __FILE__, __LINE__)

#endif
