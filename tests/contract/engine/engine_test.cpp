// The contract of the Engine port, on Docker's Engine, on podman's compatible API and on the simulated one.
#include <doctest/doctest.h>

#include <algorithm>
#include <optional>

#include "deploy/error.hpp"
#include "through_c.hpp"
#include "world.hpp"

using namespace deploy;
using namespace deploy::test;
using std::chrono::milliseconds;

#define ON_EVERY_ENGINE(name) TEST_CASE_TEMPLATE(name, Host, RealHost, PodmanHost, SimulatedHost, HostThroughC)

namespace {
template <class Call>
std::optional<Error> error_of(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  return std::nullopt;
}

template <class Call>
std::string code_of(Call call) {
  const auto error = error_of(call);
  return error ? std::string(to_string(error->code())) : "no error";
}

template <class Host>
std::string created(Host& host, const ContainerRequest& request) {
  host.engine().pull(request.image, nullptr, kLimits);
  return host.engine().create(request, kLimits);
}

template <class Host>
std::string running(Host& host, const ContainerRequest& request) {
  const std::string id = created(host, request);
  host.engine().start(id, kLimits);
  return id;
}

template <class Host>
ContainerInfo look(Host& host, const std::string& id) {
  const auto info = host.engine().inspect(id, kLimits);
  REQUIRE(info.has_value());
  return *info;
}

template <class Host>
ContainerInfo look_after_its_end(Host& host, const std::string& id) {
  for (int i = 0; i < 200 && look(host, id).running(); ++i) host.pass(milliseconds(50));
  return look(host, id);
}

template <class Host>
ContainerRequest published(Host& host, const std::string& name, std::uint16_t port) {
  ContainerRequest request = host.request(name, host.waiting());
  request.spec.ports = {PortBinding::parse("127.0.0.1:" + std::to_string(port) + ":8080")};
  return request;
}
}  // namespace

ON_EVERY_ENGINE("an engine says which version it is and which API is spoken") {
  Host host;
  const EngineInfo info = host.engine().info(kLimits);
  CHECK_FALSE(info.version.empty());
  CHECK(info.api_version.starts_with("1."));
  CHECK(info.os == "linux");
  CHECK(info.free_disk > 0);
}

ON_EVERY_ENGINE("an image is pulled by digest, and pulled again without harm") {
  Host host;
  std::vector<PullProgress> seen;
  host.engine().pull(host.waiting(), [&](const PullProgress& p) { seen.push_back(p); }, kLimits);
  CHECK_FALSE(seen.empty());
  CHECK(seen.back().current == seen.back().total);
  CHECK_NOTHROW(host.engine().pull(host.waiting(), nullptr, kLimits));
  const auto image = host.engine().find_image(host.waiting().str(), kLimits);
  REQUIRE(image.has_value());
  CHECK(image->id.starts_with("sha256:"));
  const std::string digest = host.waiting().digest()->str();
  CHECK(std::any_of(image->repo_digests.begin(), image->repo_digests.end(), [&](const auto& d) { return d.ends_with("@" + digest); }));
  CHECK(host.engine().find_image(image->id, kLimits)->id == image->id);
}

ON_EVERY_ENGINE("an image that the registry does not have is not found") {
  Host host;
  const auto error = error_of([&] { host.engine().pull(host.missing(), nullptr, kLimits); });
  REQUIRE(error.has_value());
  CHECK(error->code() == ErrorCode::not_found);
  CHECK(error->details().contains("host"));
  CHECK_FALSE(host.engine().find_image(host.missing().str(), kLimits).has_value());
}

ON_EVERY_ENGINE("the images of a repository are listed with the number of containers that were made from each") {
  Host host;
  host.engine().pull(host.waiting(), nullptr, kLimits);
  const std::string id = host.engine().find_image(host.waiting().str(), kLimits)->id;
  const auto uses = [&]() -> std::int64_t {
    for (const ImageInfo& image : host.engine().list_images(host.waiting(), kLimits))
      if (image.id == id) {
        CHECK(std::any_of(image.repo_digests.begin(), image.repo_digests.end(), [&](const auto& d) { return d.ends_with("@" + host.waiting().digest()->str()); }));
        return image.containers;
      }
    return -1;
  };
  const std::int64_t before = uses();
  CHECK(before >= 0);
  const std::string container = created(host, host.request("web", host.waiting()));
  CHECK(uses() == before + 1);
  host.engine().remove(container, kLimits);
  CHECK(uses() == before);
  CHECK(host.engine().list_images(ImageReference::parse(host.waiting().registry() + "/no-such-repository"), kLimits).empty());
}

ON_EVERY_ENGINE("an image that a container was made from is not removed by its last name, and is when the container is gone") {
  Host host;
  const ImageReference image = host.crashing();
  const std::string container = created(host, host.request("web", image));
  const std::string id = host.engine().find_image(image.str(), kLimits)->id;
  CHECK(code_of([&] { host.engine().remove_image(id, kLimits); }) == "conflict");
  CHECK(host.engine().find_image(image.str(), kLimits).has_value());
  host.engine().remove(container, kLimits);
}

ON_EVERY_ENGINE("an image that is not there is removed already") {
  Host host;
  CHECK_NOTHROW(host.engine().remove_image(host.missing().str(), kLimits));
}

ON_EVERY_ENGINE("a container of an image that was not pulled cannot be created") {
  Host host;
  CHECK(code_of([&] { (void)host.engine().create(host.request("web", host.missing()), kLimits); }) == "not_found");
  CHECK_FALSE(host.engine().inspect(host.request("web", host.missing()).name, kLimits).has_value());
}

ON_EVERY_ENGINE("a created container does not run, and is found by name and by id") {
  Host host;
  const ContainerRequest request = host.request("web", host.waiting());
  const std::string id = created(host, request);
  const ContainerInfo info = look(host, request.name);
  CHECK(info.id == id);
  CHECK(info.name == request.name);
  CHECK(info.status == ContainerStatus::created);
  CHECK_FALSE(info.started.has_value());
  CHECK(look(host, id).name == request.name);
  CHECK(info.image_id == host.engine().find_image(host.waiting().str(), kLimits)->id);
}

ON_EVERY_ENGINE("a name can be given once") {
  Host host;
  const ContainerRequest request = host.request("web", host.waiting());
  const std::string first = created(host, request);
  CHECK(code_of([&] { (void)host.engine().create(request, kLimits); }) == "already_exists");
  CHECK(look(host, request.name).id == first);
}

ON_EVERY_ENGINE("what does not exist is nullopt to inspect, and not found to act on") {
  Host host;
  const std::string nobody = host.request("nobody", host.waiting()).name;
  CHECK_FALSE(host.engine().inspect(nobody, kLimits).has_value());
  CHECK(code_of([&] { host.engine().start(nobody, kLimits); }) == "not_found");
  CHECK(code_of([&] { host.engine().stop(nobody, milliseconds(0), kLimits); }) == "not_found");
  CHECK(code_of([&] { host.engine().rename(nobody, nobody + "-2", kLimits); }) == "not_found");
  CHECK(code_of([&] { host.engine().set_restart_policy(nobody, "no", kLimits); }) == "not_found");
  CHECK(code_of([&] { (void)host.engine().logs(nobody, 10, kLimits); }) == "not_found");
  CHECK(code_of([&] { (void)host.engine().exec(nobody, {"/tool"}, kLimits); }) == "not_found");
}

ON_EVERY_ENGINE("every step can be repeated") {
  Host host;
  const std::string id = running(host, host.request("web", host.waiting()));
  const auto started = look(host, id).started;
  host.engine().start(id, kLimits);
  CHECK(look(host, id).running());
  CHECK(look(host, id).started == started);
  host.engine().stop(id, milliseconds(5000), kLimits);
  host.engine().stop(id, milliseconds(5000), kLimits);
  CHECK(look(host, id).status == ContainerStatus::exited);
  host.engine().rename(id, look(host, id).name, kLimits);
  host.engine().remove(id, kLimits);
  host.engine().remove(id, kLimits);
  CHECK_FALSE(host.engine().inspect(id, kLimits).has_value());
}

ON_EVERY_ENGINE("a stopped container starts again as itself") {
  Host host;
  const std::string id = running(host, host.request("web", host.waiting()));
  host.engine().stop(id, milliseconds(5000), kLimits);
  CHECK(look(host, id).finished.has_value());
  host.engine().start(id, kLimits);
  CHECK(look(host, id).running());
}

ON_EVERY_ENGINE("a running container is removed by force") {
  Host host;
  const std::string id = running(host, host.request("web", host.waiting()));
  host.engine().remove(id, kLimits);
  CHECK_FALSE(host.engine().inspect(id, kLimits).has_value());
}

ON_EVERY_ENGINE("a renamed container goes by its new name alone") {
  Host host;
  const ContainerRequest request = host.request("web", host.waiting());
  const std::string id = running(host, request);
  host.engine().rename(id, request.name + ".v1.0.36.abc", kLimits);
  CHECK(look(host, id).name == request.name + ".v1.0.36.abc");
  CHECK(look(host, id).running());
  CHECK_FALSE(host.engine().inspect(request.name, kLimits).has_value());
}

ON_EVERY_ENGINE("a container cannot take another one's name") {
  Host host;
  const ContainerRequest one = host.request("one", host.waiting()), two = host.request("two", host.waiting());
  const std::string first = created(host, one), second = created(host, two);
  CHECK(code_of([&] { host.engine().rename(second, one.name, kLimits); }) == "already_exists");
  CHECK(look(host, second).name == two.name);
  CHECK(look(host, one.name).id == first);
}

ON_EVERY_ENGINE("a restart policy is set at creation and changed later") {
  Host host;
  ContainerRequest request = host.request("web", host.waiting());
  request.spec.restart = "on-failure:3";
  const std::string id = created(host, request);
  CHECK(look(host, id).restart_policy == "on-failure:3");
  for (const char* policy : {"no", "always", "unless-stopped", "on-failure:5"}) {
    const std::string code = code_of([&] { host.engine().set_restart_policy(id, policy, kLimits); });
    if (Host::kMayLackPolicyChange && code == "unsupported") {
      CHECK(look(host, id).restart_policy == "on-failure:3");
      continue;
    }
    CHECK(code == "no error");
    CHECK(look(host, id).restart_policy == policy);
  }
}

ON_EVERY_ENGINE("containers are found by all of the labels asked for, in whatever state") {
  Host host;
  ContainerRequest one = host.request("one", host.waiting()), two = host.request("two", host.waiting());
  one.labels["app"] = two.labels["app"] = "shop";
  one.labels["part"] = "a b=c,\"d\"";
  two.labels["part"] = "other";
  const std::string first = created(host, one), second = running(host, two);
  const auto own = one.labels.find(kWorldLabel)->second;
  CHECK(host.engine().list({{kWorldLabel, own}, {"app", "shop"}}, kLimits).size() == 2);
  const auto found = host.engine().list({{kWorldLabel, own}, {"part", "a b=c,\"d\""}}, kLimits);
  REQUIRE(found.size() == 1);
  CHECK(found[0].id == first);
  CHECK(found[0].labels.at("app") == "shop");
  CHECK(host.engine().list({{kWorldLabel, own}, {"app", "none"}}, kLimits).empty());
}

ON_EVERY_ENGINE("a published port is reported, with its address") {
  Host host;
  const std::uint16_t port = host.free_port();
  const std::string id = running(host, published(host, "web", port));
  const ContainerInfo info = look(host, id);
  REQUIRE(info.ports.size() == 1);
  CHECK(info.ports[0].str() == PortBinding::parse("127.0.0.1:" + std::to_string(port) + ":8080").str());
}

ON_EVERY_ENGINE("a port that another container holds is a conflict that names the port, and nothing was started") {
  Host host;
  const std::uint16_t port = host.free_port();
  const std::string holder = running(host, published(host, "holder", port));
  const std::string late = created(host, published(host, "late", port));
  const auto error = error_of([&] { host.engine().start(late, kLimits); });
  REQUIRE(error.has_value());
  CHECK(error->code() == ErrorCode::conflict);
  CHECK(error->details().at("port") == std::to_string(port));
  CHECK_FALSE(look(host, late).running());
  host.engine().stop(holder, milliseconds(5000), kLimits);
  host.engine().start(late, kLimits);
  CHECK(look(host, late).running());
}

ON_EVERY_ENGINE("a port that some other program holds is a conflict that names the port") {
  Host host;
  const std::uint16_t port = host.free_port();
  host.occupy(port);
  const std::string id = created(host, published(host, "web", port));
  const auto error = error_of([&] { host.engine().start(id, kLimits); });
  REQUIRE(error.has_value());
  CHECK(error->code() == ErrorCode::conflict);
  CHECK(error->details().at("port") == std::to_string(port));
  CHECK_FALSE(look(host, id).running());
}

ON_EVERY_ENGINE("a container that ends by itself leaves its exit code") {
  Host host;
  const std::string id = running(host, host.request("web", host.crashing()));
  const ContainerInfo info = look_after_its_end(host, id);
  CHECK(info.status == ContainerStatus::exited);
  CHECK(info.exit_code == 3);
  CHECK_FALSE(info.oom_killed);
  CHECK(info.finished.has_value());
}

ON_EVERY_ENGINE("restarts by policy are counted") {
  Host host;
  ContainerRequest request = host.request("web", host.crashing());
  request.spec.restart = "on-failure:2";
  const std::string id = running(host, request);
  for (int i = 0; i < 200 && look(host, id).restart_count < 2; ++i) host.pass(milliseconds(100));
  CHECK(look(host, id).restart_count == 2);
}

ON_EVERY_ENGINE("the log's newest lines are read, of a running container as of one that ended") {
  Host host;
  const std::string id = running(host, host.request("web", host.waiting()));
  for (int i = 0; i < 100 && host.engine().logs(id, 10, kLimits).empty(); ++i) host.pass(milliseconds(50));
  CHECK_FALSE(host.engine().logs(id, 10, kLimits).empty());
  CHECK(host.engine().logs(id, 0, kLimits).empty());
  host.engine().stop(id, milliseconds(5000), kLimits);
  CHECK_FALSE(host.engine().logs(id, 10, kLimits).empty());
}

ON_EVERY_ENGINE("following the log of a container that has ended gives its lines and returns") {
  Host host;
  const std::string id = running(host, host.request("web", host.waiting()));
  for (int i = 0; i < 100 && host.engine().logs(id, 10, kLimits).empty(); ++i) host.pass(milliseconds(50));
  host.engine().stop(id, milliseconds(5000), kLimits);
  std::string text;
  host.engine().follow_logs(id, 10, [&](std::string_view part) { text += part; }, kLimits);
  CHECK_FALSE(text.empty());
}

ON_EVERY_ENGINE("a command cannot run in a container that does not") {
  Host host;
  const std::string id = created(host, host.request("web", host.waiting()));
  CHECK(code_of([&] { (void)host.engine().exec(id, {"/tool", "exit", "0"}, kLimits); }) == "refused");
}

ON_EVERY_ENGINE("environment variables arrive in the container's description") {
  Host host;
  ContainerRequest request = host.request("web", host.waiting());
  request.env.emplace_back("MODE", Secret("a=b \"c\" $(d)\ne"));
  const std::vector<std::string> env = look(host, created(host, request)).env;
  CHECK(std::find(env.begin(), env.end(), "MODE=a=b \"c\" $(d)\ne") != env.end());
}
