// Building, tagging and pushing on a real Engine, to real registries.
#include <doctest/doctest.h>

#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "deploy/error.hpp"
#include "docker/builder.hpp"
#include "docker/engine.hpp"
#include "refusal.hpp"
#include "support/hash.hpp"
#include "world.hpp"

using namespace deploy;
using namespace deploy::test;
namespace fs = std::filesystem;

namespace {
const CallLimits kBuildLimits{.timeout = std::chrono::minutes(2)};

// A context with the tool in it, removed in the end.
struct Context {
  Context() : folder(required_variable("LIBDEPLOY_TEST_TMP") + "/context-" + random_hex(6)) {
    fs::create_directories(folder);
    fs::copy_file(CONTRACT_TOOL, folder / "tool");
    file("Dockerfile", "FROM scratch\nCOPY . /\nENTRYPOINT [\"/tool\"]\n");
  }
  ~Context() { fs::remove_all(folder); }
  void file(const std::string& path, const std::string& text) const {
    fs::create_directories((folder / path).parent_path());
    std::ofstream(folder / path) << text;
  }
  [[nodiscard]] BuildRequest request() const {
    const std::string label = required_variable("LIBDEPLOY_TEST_LABEL");
    return {.context = folder.string(), .dockerfile = "Dockerfile", .target = "", .build_args = {}, .labels = {{label.substr(0, label.find('=')), label.substr(label.find('=') + 1)}}};
  }
  fs::path folder;
};

http::Client socket() { return http::Client(http::Endpoint::unix_socket(required_variable("LIBDEPLOY_TEST_DOCKER_SOCKET"))); }

// Whether the image's file system has this path, asked by writing a file "into" it.
bool has_path(RealHost& host, const std::string& image_id, const std::string& path) {
  const auto tagged = ImageReference::parse(host.registry() + "/contract-content:" + random_hex(4));
  host.builder().tag(image_id, tagged, kLimits);
  ContainerRequest request = host.request("content-" + random_hex(3), tagged);
  request.spec.command = std::vector<std::string>{"write", path + "/probe"};
  return host.run_to_end(request).exit_code == 0;
}

CredentialStore login(const std::string& registry, const std::string& user, const std::string& password) {
  return CredentialStore(ConfiguredLogin{registry, Credential{user, Secret(password), Secret()}});
}
}  // namespace

TEST_CASE("a build gives the image's id, its labels, its arguments and its lines") {
  RealHost host;
  const Context context;
  context.file("Dockerfile", "FROM scratch\nARG GREETING=none\nLABEL greeting=$GREETING\nCOPY tool /tool\n");
  BuildRequest request = context.request();
  request.build_args["GREETING"] = "it's \"me\" $(x)";
  request.labels["org.opencontainers.image.version"] = "1.0.42";
  std::string output;
  const std::string id = host.builder().build(request, [&](std::string_view line) { output.append(line).append("\n"); }, kBuildLimits);
  CHECK(id.starts_with("sha256:"));
  CHECK(contains(output, "Step 1/"));
  const auto image = host.engine().find_image(id, kLimits);
  REQUIRE(image.has_value());
  CHECK(image->labels.at("org.opencontainers.image.version") == "1.0.42");
  CHECK(image->labels.at("greeting") == "it's \"me\" $(x)");
}

TEST_CASE("only the target stage is built") {
  RealHost host;
  const Context context;
  context.file("Dockerfile", "FROM scratch AS first\nCOPY tool /tool\nLABEL stage=first\nFROM scratch\nCOPY nothing /\n");
  BuildRequest request = context.request();
  request.target = "first";
  CHECK(host.engine().find_image(host.builder().build(request, nullptr, kBuildLimits), kLimits)->labels.at("stage") == "first");
}

TEST_CASE("a build step that fails is refused with its exit code") {
  RealHost host;
  const Context context;
  context.file("Dockerfile", "FROM scratch\nCOPY tool /tool\nRUN [\"/tool\", \"exit\", \"9\"]\n");
  try {
    host.builder().build(context.request(), nullptr, kBuildLimits);
    FAIL("it was built");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::refused);
    CHECK(error.details().at("exit_code") == "9");
    CHECK(contains(error.what(), "non-zero code: 9"));
  }
}

TEST_CASE("a Dockerfile that makes no sense is refused with the builder's words") {
  RealHost host;
  const Context context;
  context.file("Dockerfile", "FORM scratch\n");
  CHECK(contains(refusal([&] { return host.builder().build(context.request(), nullptr, kBuildLimits); }), "FORM"));
}

TEST_CASE("what .dockerignore excludes is not in the image, and the Dockerfile works though it is excluded") {
  RealHost host;
  const Context context;
  context.file("keep/file", "");
  context.file("drop/file", "");
  context.file("drop/back/file", "");
  context.file(".dockerignore", "drop\n!drop/back\nDockerfile\n.dockerignore\n");
  const std::string id = host.builder().build(context.request(), nullptr, kBuildLimits);
  CHECK(has_path(host, id, "/keep"));
  CHECK(has_path(host, id, "/drop/back"));
  context.file(".dockerignore", "drop\n");
  CHECK_FALSE(has_path(host, host.builder().build(context.request(), nullptr, kBuildLimits), "/drop"));
}

TEST_CASE("a Dockerfile outside the context is used, and does not get into the image") {
  RealHost host;
  const Context context, elsewhere;
  fs::remove(context.folder / "Dockerfile");
  elsewhere.file("Other.dockerfile", "FROM scratch\nCOPY . /\nENTRYPOINT [\"/tool\"]\nLABEL from=elsewhere\n");
  BuildRequest request = context.request();
  request.dockerfile = (elsewhere.folder / "Other.dockerfile").string();
  const std::string id = host.builder().build(request, nullptr, kBuildLimits);
  CHECK(host.engine().find_image(id, kLimits)->labels.at("from") == "elsewhere");
  context.file("Dockerfile", "FROM scratch\nCOPY . /\nENTRYPOINT [\"/tool\"]\nLABEL from=elsewhere\n");
  context.file(".dockerignore", "Dockerfile\n.dockerignore\n");
  const auto inside = host.engine().find_image(host.builder().build(context.request(), nullptr, kBuildLimits), kLimits);
  CHECK(inside->size == host.engine().find_image(id, kLimits)->size);
}

TEST_CASE("links, long names, empty folders and large sparse files reach the image") {
  RealHost host;
  const Context context;
  const std::string deep = std::string(120, 'd') + "/" + std::string(120, 'e');
  context.file(deep + "/file", "");
  fs::create_directories(context.folder / "empty");
  fs::create_symlink(deep, context.folder / "link");
  context.file("large", "");
  fs::resize_file(context.folder / "large", 64u << 20);
  const std::string id = host.builder().build(context.request(), nullptr, kBuildLimits);
  CHECK(host.engine().find_image(id, kLimits)->size > 64 << 20);
  for (const std::string& path : {"/" + deep, std::string("/empty"), std::string("/link")}) CHECK(has_path(host, id, path));
}

TEST_CASE("building the same context again gives the same image") {
  RealHost host;
  const Context context;
  const std::string first = host.builder().build(context.request(), nullptr, kBuildLimits);
  CHECK(host.builder().build(context.request(), nullptr, kBuildLimits) == first);
}

TEST_CASE("a push gives the digest by which another host pulls the same image") {
  RealHost host;
  const Context context;
  const std::string id = host.builder().build(context.request(), nullptr, kBuildLimits);
  const auto reference = ImageReference::parse(host.registry() + "/contract-push:" + random_hex(4));
  host.builder().tag(id, reference, kLimits);
  std::string output;
  const Digest digest = host.builder().push(reference, [&](std::string_view line) { output.append(line).append("\n"); }, kBuildLimits);
  CHECK(contains(output, "Pushed"));
  CHECK(contains(output, digest.str()));
  host.engine().remove_image(reference.str(), kLimits);
  host.engine().pull(reference.with_digest(digest), nullptr, kLimits);
  CHECK(host.engine().find_image(reference.with_digest(digest).str(), kLimits)->id == id);
}

TEST_CASE("what was not built cannot be tagged or pushed") {
  RealHost host;
  const auto reference = ImageReference::parse(host.registry() + "/contract-nothing:1");
  CHECK(contains(refusal([&] { return host.builder().tag("sha256:" + sha256_hex("none"), reference, kLimits), 0; }), "No such image"));
  CHECK(contains(refusal([&] { return host.builder().push(reference, nullptr, kLimits); }), "contract-nothing"));
  CHECK(contains(refusal([&] { return host.builder().push(ImageReference::parse("localhost:5000/x"), nullptr, kLimits); }), "name:tag"));
}

TEST_CASE("a registry with logins takes the right one, and refuses the wrong one and none") {
  RealHost host;
  const std::string registry = required_variable("LIBDEPLOY_TEST_REGISTRY_BASIC");
  const std::string user = required_variable("LIBDEPLOY_TEST_REGISTRY_BASIC_USER"), password = required_variable("LIBDEPLOY_TEST_REGISTRY_BASIC_PASSWORD");
  const std::string host_name = required_variable("LIBDEPLOY_TEST_DOCKER_HOST");
  const Context context;
  const std::string id = host.builder().build(context.request(), nullptr, kBuildLimits);
  const auto reference = ImageReference::parse(registry + "/contract-basic:" + random_hex(4));
  host.builder().tag(id, reference, kLimits);
  for (const CredentialStore& wrong : {CredentialStore(), login(registry, user, "wrong-" + password)}) {
    try {
      docker::open_builder(socket(), host_name, wrong)->push(reference, nullptr, kBuildLimits);
      FAIL("it was pushed");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::unauthorized);
      CHECK(error.details().at("registry") == registry);
      CHECK_FALSE(contains(error.what(), password));
    }
  }
  const Digest digest = docker::open_builder(socket(), host_name, login(registry, user, password))->push(reference, nullptr, kBuildLimits);
  const auto pulling = docker::open_engine(socket(), host_name, login(registry, user, password));
  CHECK_NOTHROW(pulling->pull(reference.with_digest(digest), nullptr, kLimits));
  pulling->remove_image(reference.str(), kLimits);
  pulling->remove_image(reference.with_digest(digest).str(), kLimits);
  try {
    host.engine().pull(reference.with_digest(digest), nullptr, kLimits);
    FAIL("it was pulled without a login");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::unauthorized);
  }
}

TEST_CASE("a base image comes from a registry that wants a login") {
  RealHost host;
  const std::string registry = required_variable("LIBDEPLOY_TEST_REGISTRY_BASIC");
  const auto store = login(registry, required_variable("LIBDEPLOY_TEST_REGISTRY_BASIC_USER"), required_variable("LIBDEPLOY_TEST_REGISTRY_BASIC_PASSWORD"));
  const auto builder = docker::open_builder(socket(), required_variable("LIBDEPLOY_TEST_DOCKER_HOST"), store);
  const Context context;
  const auto base = ImageReference::parse(registry + "/contract-base:" + random_hex(4));
  builder->tag(builder->build(context.request(), nullptr, kBuildLimits), base, kLimits);
  const Digest digest = builder->push(base, nullptr, kBuildLimits);
  host.engine().remove_image(base.str(), kLimits);
  host.engine().remove_image(base.with_digest(digest).str(), kLimits);
  context.file("Dockerfile", "ARG BASE=scratch\nFROM ${BASE}\nLABEL derived=yes\n");
  BuildRequest request = context.request();
  request.build_args["BASE"] = base.str();
  const std::string id = builder->build(request, nullptr, kBuildLimits);
  CHECK(host.engine().find_image(id, kLimits)->labels.at("derived") == "yes");
}

TEST_CASE("a context that does not exist or has no Dockerfile is not found") {
  RealHost host;
  const Context context;
  fs::remove(context.folder / "Dockerfile");
  CHECK(contains(refusal([&] { return host.builder().build(context.request(), nullptr, kBuildLimits); }), "Dockerfile"));
  BuildRequest nowhere = context.request();
  nowhere.context += "-nowhere";
  CHECK(contains(refusal([&] { return host.builder().build(nowhere, nullptr, kBuildLimits); }), "build context"));
}
