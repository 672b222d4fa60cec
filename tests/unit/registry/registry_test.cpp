#include "registry/registry.hpp"

#include <doctest/doctest.h>

#include "fake_hub.hpp"
#include "refusal.hpp"

using namespace deploy;
using namespace std::chrono_literals;
using deploy::test::contains;
using deploy::test::refusal;
using deploy::testing::FakeHub;
using deploy::testing::has;
using deploy::testing::SeenRequest;
using deploy::testing::status_answer;

namespace {
const CallLimits kRegistrySoon{10s, {}};

std::unique_ptr<Registry> anonymous() { return open_registry({}); }

template <class Call>
ErrorCode code_of(Call call) {
  try {
    (void)call();
  } catch (const Error& error) {
    return error.code();
  }
  FAIL("the call was accepted");
  return ErrorCode::internal;
}
}  // namespace

TEST_CASE("a tag is resolved to the digest of the manifest's bytes, and an unknown one to nothing") {
  FakeHub hub;
  const Digest digest = hub.add("{\"a\":1}", "1.0.1");
  const auto registry = anonymous();
  const auto found = registry->find(hub.image(":1.0.1"), kRegistrySoon);
  REQUIRE(found);
  CHECK(found->digest == digest);
  CHECK(found->media_type == FakeHub::kType);
  CHECK(found->size == 7);
  CHECK_FALSE(registry->find(hub.image(":1.0.2"), kRegistrySoon));
}

TEST_CASE("all four manifest types are accepted in every question, or a registry would convert the image") {
  FakeHub hub;
  hub.add("{}", "1");
  (void)anonymous()->find(hub.image(":1"), kRegistrySoon);
  for (const char* type : {"application/vnd.docker.distribution.manifest.v2+json", "application/vnd.oci.image.manifest.v1+json",
                           "application/vnd.docker.distribution.manifest.list.v2+json", "application/vnd.oci.image.index.v1+json"})
    CHECK(has(hub.seen().at(0), type));
}

TEST_CASE("a new tag is the same bytes under the same type, and needs no layer") {
  FakeHub hub;
  const Digest digest = hub.add("{ \"odd\" :  [1 ]}\n");
  anonymous()->tag(hub.image("@" + digest.str()), "1.0.1", TagMove::refuse, kRegistrySoon);
  CHECK(hub.tag("1.0.1") == digest.str());
  CHECK(hub.count("POST") == 0);
  for (const SeenRequest& request : hub.seen())
    if (request.head.starts_with("PUT")) CHECK(has(request, std::string("Content-Type: ") + FakeHub::kType));
}

TEST_CASE("a version tag that names another digest is never overwritten") {
  FakeHub hub;
  const Digest first = hub.add("{\"n\":1}", "1.0.1"), second = hub.add("{\"n\":2}");
  const auto registry = anonymous();
  try {
    registry->tag(hub.image("@" + second.str()), "1.0.1", TagMove::refuse, kRegistrySoon);
    FAIL("the tag was moved");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::tag_moved);
    CHECK(error.details().at("existing") == first.str());
    CHECK(error.details().at("wanted") == second.str());
    CHECK(contains(error.what(), "nothing was written"));
  }
  CHECK(hub.count("PUT") == 0);
  CHECK(hub.tag("1.0.1") == first.str());
}

TEST_CASE("a floating tag moves, and a tag that is there already is not written again") {
  FakeHub hub;
  hub.add("{\"n\":1}", "latest");
  const Digest second = hub.add("{\"n\":2}");
  const auto registry = anonymous();
  registry->tag(hub.image("@" + second.str()), "latest", TagMove::allow, kRegistrySoon);
  CHECK(hub.tag("latest") == second.str());
  registry->tag(hub.image("@" + second.str()), "latest", TagMove::allow, kRegistrySoon);
  registry->tag(hub.image("@" + second.str()), "latest", TagMove::refuse, kRegistrySoon);
  CHECK(hub.count("PUT") == 1);
}

TEST_CASE("a digest that the registry does not have cannot be tagged, and a tag needs a digest") {
  FakeHub hub;
  const auto registry = anonymous();
  const auto missing = hub.image("@sha256:" + std::string(64, 'a'));
  CHECK(code_of([&] { registry->tag(missing, "1", TagMove::refuse, kRegistrySoon); return 0; }) == ErrorCode::not_found);
  CHECK(code_of([&] { registry->tag(hub.image(":1"), "2", TagMove::refuse, kRegistrySoon); return 0; }) == ErrorCode::invalid_argument);
  CHECK(code_of([&] { registry->tag(missing, "not a tag", TagMove::refuse, kRegistrySoon); return 0; }) == ErrorCode::invalid_argument);
}

TEST_CASE("two who tag at once: the one whose digest was overwritten is told") {
  FakeHub* self = nullptr;
  Digest other = Digest::parse("sha256:" + std::string(64, '0'));
  bool written = false;
  FakeHub hub([&](const SeenRequest& request) {
    // Theirs arrives right after ours: the tag is asked for again with a PUT behind it.
    if (request.head.starts_with("PUT")) written = true;
    else if (written) self->set_tag("1.0.1", other);
    return std::string();
  });
  self = &hub;
  const Digest ours = hub.add("{\"n\":1}");
  other = hub.add("{\"n\":2}");
  const auto text = refusal([&] { anonymous()->tag(hub.image("@" + ours.str()), "1.0.1", TagMove::refuse, kRegistrySoon); return 0; });
  CHECK(contains(text, "somebody else wrote it at the same time"));
}

TEST_CASE("bytes that do not have the digest they claim, or the one asked for, are refused") {
  FakeHub hub([](const SeenRequest&) {
    return status_answer("200 OK", "Content-Type: application/vnd.oci.image.manifest.v1+json\r\nDocker-Content-Digest: sha256:" + std::string(64, 'b') + "\r\n", "{}");
  });
  CHECK(code_of([&] { return anonymous()->find(hub.image(":1"), kRegistrySoon); }) == ErrorCode::protocol);
  FakeHub other([](const SeenRequest&) { return status_answer("200 OK", "Content-Type: application/vnd.oci.image.manifest.v1+json\r\n", "{}"); });
  CHECK(code_of([&] { return anonymous()->find(other.image("@sha256:" + std::string(64, 'c')), kRegistrySoon); }) == ErrorCode::protocol);
}

TEST_CASE("a manifest without an end is not waited for") {
  FakeHub hub([](const SeenRequest&) {
    return "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.oci.image.manifest.v1+json\r\nContent-Length: 99999999\r\n\r\n" + std::string(5u << 20, 'x');
  });
  CHECK(code_of([&] { return anonymous()->find(hub.image(":1"), kRegistrySoon); }) == ErrorCode::protocol);
}

TEST_CASE("a web server that is no registry is not taken for one without the image") {
  FakeHub hub([](const SeenRequest&) { return status_answer("404 Not Found", "Content-Type: text/html\r\n", "<html>nginx</html>"); });
  CHECK(code_of([&] { return anonymous()->find(hub.image(":1"), kRegistrySoon); }) == ErrorCode::refused);
}

TEST_CASE("a passing fault is asked again about, a write is not repeated") {
  int faults = 2;
  FakeHub hub([&](const SeenRequest&) { return faults-- > 0 ? status_answer("503 Service Unavailable") : std::string(); });
  const Digest digest = hub.add("{}", "1");
  CHECK(anonymous()->find(hub.image(":1"), kRegistrySoon)->digest == digest);
  CHECK(hub.count("GET") == 3);

  FakeHub broken([](const SeenRequest& request) { return request.head.starts_with("PUT") ? status_answer("500 Oops") : std::string(); });
  const Digest wanted = broken.add("{}");
  CHECK(code_of([&] { anonymous()->tag(broken.image("@" + wanted.str()), "1", TagMove::refuse, kRegistrySoon); return 0; }) == ErrorCode::refused);
  CHECK(broken.count("PUT") == 1);
}

TEST_CASE("a rate limit is waited out as long as the registry says, and no longer than the caller allows") {
  int limited = 1;
  FakeHub hub([&](const SeenRequest&) { return limited-- > 0 ? status_answer("429 Too Many Requests", "Retry-After: 1\r\n") : std::string(); });
  const Digest digest = hub.add("{}", "1");
  const auto begin = std::chrono::steady_clock::now();
  CHECK(anonymous()->find(hub.image(":1"), kRegistrySoon)->digest == digest);
  CHECK(std::chrono::steady_clock::now() - begin >= 1s);

  FakeHub strict([](const SeenRequest&) { return status_answer("429 Too Many Requests", "Retry-After: 3600\r\n"); });
  const auto again = std::chrono::steady_clock::now();
  const auto text = refusal([&] { return anonymous()->find(strict.image(":1"), kRegistrySoon); });
  CHECK(contains(text, "429"));
  CHECK(contains(text, "in 3600 s"));
  CHECK(std::chrono::steady_clock::now() - again < 5s);
}

TEST_CASE("a slow registry ends with the caller's deadline, and a dead one at once") {
  FakeHub hub([](const SeenRequest&) { return std::string("hang"); });
  CHECK(code_of([&] { return anonymous()->find(hub.image(":1"), {300ms, {}}); }) == ErrorCode::timeout);
  CHECK(code_of([] { return anonymous()->find(ImageReference::parse("127.0.0.1:1/a/b:1"), kRegistrySoon); }) == ErrorCode::unreachable);
}

TEST_CASE("an insecure registry is spoken to in plain HTTP when it has no TLS") {
  FakeHub hub;
  const Digest digest = hub.add("{}", "1");
  const auto registry = open_registry({.insecure = true, .credentials = nullptr});
  CHECK(registry->find(hub.image(":1"), kRegistrySoon)->digest == digest);
}
