#include "docker/errors.hpp"

#include <doctest/doctest.h>

#include "docker/connection.hpp"
#include "refusal.hpp"

using namespace deploy;
using namespace deploy::docker;
using test::contains;

namespace {
ErrorCode code(Operation operation, int status, const std::string& message) {
  return refusal({.what = "act", .operation = operation, .registry = "registry.test"}, "unix:///x", status, message).code();
}
}  // namespace

TEST_CASE("statuses decide where they can") {
  using enum Operation;
  CHECK(code(other, 404, "No such container: x") == ErrorCode::not_found);
  CHECK(code(create, 409, "Conflict. The container name \"/x\" is already in use by container \"y\"") == ErrorCode::already_exists);
  CHECK(code(other, 409, "is not running") == ErrorCode::conflict);
  CHECK(code(other, 401, "x") == ErrorCode::unauthorized);
  CHECK(code(other, 400, "bad") == ErrorCode::refused);
  CHECK(code(other, 500, "unexpected EOF") == ErrorCode::refused);
  CHECK(code(other, 302, "x") == ErrorCode::protocol);
  CHECK(code(other, 400, "client version 1.47 is too old. Minimum supported API version is 1.48") == ErrorCode::unsupported);
}

TEST_CASE("a registry's trouble inside a 500 or a stream is told by its words") {
  for (const int status : {500, 200}) {
    CAPTURE(status);
    CHECK(code(Operation::pull, status, "Get \"http://r/v2/\": dial tcp 127.0.0.1:1: connect: connection refused") == ErrorCode::unreachable);
    CHECK(code(Operation::pull, status, "Head \"http://r/v2/x/manifests/1\": no basic auth credentials") == ErrorCode::unauthorized);
    CHECK(code(Operation::push, status, "unauthorized: authentication required") == ErrorCode::unauthorized);
    CHECK(code(Operation::pull, status, "manifest for r/x:1 not found: manifest unknown: manifest unknown") == ErrorCode::not_found);
    CHECK(code(Operation::pull, status, "toomanyrequests: You have reached your pull rate limit") == ErrorCode::refused);
    CHECK(code(Operation::pull, status, "dial tcp: lookup r on 1.1.1.1:53: no such host") == ErrorCode::unreachable);
    CHECK(code(Operation::pull, status, "something new") == ErrorCode::refused);
  }
}

TEST_CASE("a build step's own words are not taken for the registry's") {
  CHECK(code(Operation::build, 200, "The command '/bin/sh -c curl x # connection refused' returned a non-zero code: 7") == ErrorCode::refused);
}

TEST_CASE("podman's name conflict is one, though it is a 500") {
  CHECK(code(Operation::create, 500, "the container name \"web\" is already in use by abc. that name is already in use") == ErrorCode::already_exists);
}

TEST_CASE("a taken port is a conflict that names it, in the words of every Engine") {
  const char* const messages[] = {
      "driver failed programming external connectivity on endpoint web (ab): Bind for 127.0.0.1:8080 failed: port is already allocated",
      "driver failed programming external connectivity on endpoint web: Error starting userland proxy: listen tcp4 0.0.0.0:8080: bind: address already in use",
      "Error starting userland proxy: listen tcp6 [::]:8080: bind: address already in use",
      "failed to bind host port for 0.0.0.0:8080:172.17.0.2:80/tcp: address already in use",
      "failed to bind host port 127.0.0.1:8080/tcp: address already in use",
      "rootlessport listen tcp 0.0.0.0:8080: bind: address already in use",
      "Bind for :::8080 failed: port is already allocated",
  };
  for (const char* message : messages) {
    CAPTURE(message);
    const Error error = refusal({.what = "start container web", .operation = Operation::start}, "ssh://a@b", 500, message);
    CHECK(error.code() == ErrorCode::conflict);
    CHECK(error.details().at("port") == "8080");
    CHECK(contains(error.what(), "left created, not running"));
  }
  CHECK(taken_port("no port at all").empty());
  CHECK(taken_port("port is already allocated").empty());
}

TEST_CASE("an error says what failed, where, in whose words, and what to do") {
  const Error error = refusal({.what = "pull r.test/x", .operation = Operation::pull, .registry = "r.test"}, "ssh://me@host", 500, "no basic auth credentials");
  CHECK(std::string(error.what()) ==
        "cannot pull r.test/x on ssh://me@host: the Engine answered 500: no basic auth credentials. "
        "Give credentials for r.test in `registry` of the configuration, or log in with `docker login`.");
  CHECK(error.details().at("host") == "ssh://me@host");
  CHECK(error.details().at("status") == "500");
  CHECK(error.details().at("registry") == "r.test");
}

TEST_CASE("a lost connection says what is not known") {
  const Act act{.what = "start container web", .when_unknown = "it may be running: inspect it"};
  const Error lost = transport_failure(act, "ssh://h", Error(ErrorCode::timeout, "http", "no answer within 30s"));
  CHECK(lost.code() == ErrorCode::timeout);
  CHECK(lost.area() == "engine");
  CHECK(contains(lost.what(), "it may be running"));
  const Error never = transport_failure(act, "ssh://h", Error(ErrorCode::unreachable, "http", "connection refused"));
  CHECK_FALSE(contains(never.what(), "it may be running"));
}

TEST_CASE("a host whose Engine does not run is unreachable: nothing is unknown about what was never passed on") {
  const Act act{.what = "stop container web", .when_unknown = "it may be stopping"};
  const auto lost = [](const std::string& said) {
    return Error(ErrorCode::connection_lost, "engine", "connection lost", {{"stderr", "the remote side says: failed to open the raw stream connection: " + said}});
  };
  const Error down = transport_failure(act, "ssh://h", lost("dial unix /run/docker.sock: connect: connection refused; exit code 1"));
  CHECK(down.code() == ErrorCode::unreachable);
  CHECK_FALSE(down.outcome_unknown());
  CHECK(std::string(down.what()) == "cannot stop container web on ssh://h: no Engine answers on the host: dial unix /run/docker.sock: connect: connection refused. "
                                    "It was asked for nothing. Start the Engine there (systemctl start docker), then repeat");
  const Error forbidden = transport_failure(act, "ssh://h", lost("dial unix /run/docker.sock: connect: permission denied\n"));
  CHECK(forbidden.code() == ErrorCode::unauthorized);
  CHECK(contains(forbidden.what(), "group `docker`"));
}

TEST_CASE("the version spoken is the older one of both sides") {
  CHECK(negotiated_version("1.41") == "1.41");
  CHECK(negotiated_version("1.24") == "1.24");
  CHECK(negotiated_version("1.99") == "1.47");
  CHECK(contains(test::refusal([] { return negotiated_version("1.23"); }), "update the Engine"));
  for (const char* text : {"", "2.0", "1.", "1.x", "1.41beta", "garbage"}) CHECK_THROWS_AS((void)negotiated_version(text), Error);
}
