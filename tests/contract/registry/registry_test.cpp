// The registry port against real registries: open, with basic authentication, with bearer tokens.
#include "registry/registry.hpp"

#include <doctest/doctest.h>

#include "deploy/error.hpp"
#include "service_variable.hpp"
#include "support/credentials.hpp"
#include "support/hash.hpp"

using namespace deploy;
using namespace std::chrono_literals;
using deploy::testing::service;

namespace {
const CallLimits kQuick{20s, {}};

std::string unique_tag() { return "t-" + random_hex(6); }

ImageReference app(const std::string& tag) { return ImageReference::parse(service("REGISTRY") + "/testapp:" + tag); }

template <class Call>
ErrorCode code_of(Call call) {
  try {
    (void)call();
  } catch (const Error& error) {
    return error.code();
  }
  FAIL("no error was thrown");
  return ErrorCode::internal;
}
}  // namespace

TEST_CASE("a pushed tag is found, an unknown tag or repository is not") {
  const auto registry = open_registry({});
  const auto found = registry->find(app("1.0.1"), kQuick);
  REQUIRE(found);
  CHECK(found->size > 0);
  CHECK(registry->find(app("1.0.1").with_digest(found->digest), kQuick)->digest == found->digest);
  CHECK_FALSE(registry->find(app("no-such-tag"), kQuick));
  CHECK_FALSE(registry->find(ImageReference::parse(service("REGISTRY") + "/no/such:1"), kQuick));
}

TEST_CASE("one push and many tags: all of them name one digest, and none is moved") {
  const auto registry = open_registry({});
  const Digest first = registry->find(app("1.0.1"), kQuick)->digest, second = registry->find(app("1.0.2"), kQuick)->digest;
  REQUIRE(first != second);
  const std::string tag = unique_tag();
  for (int again = 0; again < 2; ++again) registry->tag(app("1").with_digest(first), tag, TagMove::refuse, kQuick);
  CHECK(registry->find(app(tag), kQuick)->digest == first);
  CHECK(code_of([&] { registry->tag(app("1").with_digest(second), tag, TagMove::refuse, kQuick); return 0; }) == ErrorCode::tag_moved);
  CHECK(registry->find(app(tag), kQuick)->digest == first);
  registry->tag(app("1").with_digest(second), tag, TagMove::allow, kQuick);
  CHECK(registry->find(app(tag), kQuick)->digest == second);
}

TEST_CASE("a registry that wants a login gets it, and says so when there is none or a wrong one") {
  const std::string host = service("REGISTRY_BASIC");
  const ImageReference image = ImageReference::parse(host + "/team/app:1");
  const CredentialStore right(ConfiguredLogin{host, {service("REGISTRY_BASIC_USER"), Secret(service("REGISTRY_BASIC_PASSWORD")), {}}});
  const CredentialStore wrong(ConfiguredLogin{host, {service("REGISTRY_BASIC_USER"), Secret("not-it"), {}}});
  CHECK_FALSE(open_registry({.insecure = false, .credentials = &right})->find(image, kQuick));
  CHECK(code_of([&] { return open_registry({.insecure = false, .credentials = &wrong})->find(image, kQuick); }) == ErrorCode::unauthorized);
  CHECK(code_of([&] { return open_registry({})->find(image, kQuick); }) == ErrorCode::unauthorized);
}

TEST_CASE("a registry with bearer tokens lets everybody read what is public, and the user everything") {
  const std::string host = service("REGISTRY_TOKEN");
  const CredentialStore right(ConfiguredLogin{host, {service("REGISTRY_TOKEN_USER"), Secret(service("REGISTRY_TOKEN_PASSWORD")), {}}});
  const CredentialStore wrong(ConfiguredLogin{host, {service("REGISTRY_TOKEN_USER"), Secret("not-it"), {}}});
  const ImageReference open = ImageReference::parse(host + "/public/app:1"), closed = ImageReference::parse(host + "/private/app:1");
  CHECK_FALSE(open_registry({})->find(open, kQuick));
  CHECK(code_of([&] { return open_registry({})->find(closed, kQuick); }) == ErrorCode::unauthorized);
  CHECK_FALSE(open_registry({.insecure = false, .credentials = &right})->find(closed, kQuick));
  CHECK(code_of([&] { return open_registry({.insecure = false, .credentials = &wrong})->find(closed, kQuick); }) == ErrorCode::unauthorized);
}
