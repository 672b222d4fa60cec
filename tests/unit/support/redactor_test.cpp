#include "support/redactor.hpp"

#include <doctest/doctest.h>

using namespace deploy;

TEST_CASE("known secrets are cut out of texts, the longer ones first, line by line") {
  Redactor redactor;
  CHECK(redactor.redact("hunter2") == "hunter2");
  redactor.learn(Secret("hunter2"));
  redactor.learn(Secret("hunter2-and-more"));
  redactor.learn(Secret("-----BEGIN KEY-----\nAAAABBBB\r\n-----END KEY-----\n"));
  CHECK(redactor.redact("a hunter2 b hunter2-and-more c") == "a [redacted] b [redacted] c");
  CHECK(redactor.redact("1: AAAABBBB") == "1: [redacted]");
  CHECK(redactor.redact("hunter2hunter2") == "[redacted][redacted]");
}

TEST_CASE("a secret of three letters is not told from ordinary text") {
  Redactor redactor;
  redactor.learn(Secret("abc"));
  redactor.learn(Secret(""));
  CHECK(redactor.redact("abc") == "abc");
}

TEST_CASE("an error keeps its code and loses the secret, in its details as well") {
  Redactor redactor;
  redactor.learn(Secret("hunter2"));
  const Error told = redactor.redact(Error(ErrorCode::refused, "engine", "no: hunter2", {{"stderr", "x hunter2"}, {"host", "unix:///x"}}));
  CHECK(told.code() == ErrorCode::refused);
  CHECK(std::string(told.what()) == "no: [redacted]");
  CHECK(told.details() == Error::Details{{"stderr", "x [redacted]"}, {"host", "unix:///x"}});
}
