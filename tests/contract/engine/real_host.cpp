#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "docker/builder.hpp"
#include "docker/engine.hpp"
#include "support/hash.hpp"
#include "world.hpp"

namespace deploy::test {

namespace {
std::string variable_of(const std::string& service, const std::string& what) { return required_variable(("LIBDEPLOY_TEST_" + service + what).c_str()); }

http::Client connect(const std::string& service) {
  auto endpoint = http::Endpoint::unix_socket(variable_of(service, "_SOCKET"));
  endpoint.area = "engine";
  return http::Client(std::move(endpoint));
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

UniqueFd listen_on(std::uint16_t port) {
  UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = loopback(port);
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 || ::listen(fd.get(), 1) != 0)
    throw std::runtime_error("cannot listen on loopback port " + std::to_string(port));
  return fd;
}

// `LIBDEPLOY_TEST_LABEL` is "key=value".
std::pair<std::string, std::string> run_label() {
  const std::string text = required_variable("LIBDEPLOY_TEST_LABEL");
  return {text.substr(0, text.find('=')), text.substr(text.find('=') + 1)};
}

// Built and pushed once per process; a tag per act, since the act is baked in.
ImageReference build_tool(ImageBuilder& builder, const std::string& act) {
  const std::filesystem::path folder = required_variable("LIBDEPLOY_TEST_TMP") + "/contract-" + random_hex(6);
  std::filesystem::create_directories(folder);
  std::filesystem::copy_file(CONTRACT_TOOL, folder / "tool");
  const std::string command = act == "exit" ? R"(["exit", "3"])" : R"(["wait"])";
  std::ofstream(folder / "Dockerfile") << "FROM scratch\nCOPY tool /tool\nENTRYPOINT [\"/tool\"]\nCMD " << command << "\n";
  const BuildRequest request{.context = folder.string(), .dockerfile = "Dockerfile", .target = "", .build_args = {}, .labels = {run_label()}};
  const std::string id = builder.build(request, nullptr, {.timeout = std::chrono::minutes(2)});
  const auto reference = ImageReference::parse(required_variable("LIBDEPLOY_TEST_REGISTRY") + "/contract-tool:" + act);
  builder.tag(id, reference, kLimits);
  const Digest digest = builder.push(reference, nullptr, {.timeout = std::chrono::minutes(2)});
  std::filesystem::remove_all(folder);
  return reference.with_digest(digest);
}
}  // namespace

std::string required_variable(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0')
    throw std::runtime_error(std::string(name) + " is not set: run this suite as `tests/support/services/services run -- <program>`, or by tests/run");
  return value;
}

Digest digest_of_nothing() { return Digest::parse("sha256:" + sha256_hex("no image has this digest")); }

RealHost::RealHost(const std::string& service)
    : id_(random_hex(4)),
      engine_(docker::open_engine(connect(service), variable_of(service, "_HOST"), CredentialStore())),
      builder_(docker::open_builder(connect("DOCKER"), variable_of("DOCKER", "_HOST"), CredentialStore())) {}

RealHost::~RealHost() {
  try {
    for (const ContainerInfo& left : engine_->list({{kWorldLabel, id_}}, kLimits)) engine_->remove(left.id, kLimits);
  } catch (const Error& error) {
    std::fprintf(stderr, "containers are left behind: %s\n", error.what());
  }
}

ImageReference RealHost::tool(const std::string& act) {
  static std::map<std::string, ImageReference> built;
  const auto found = built.find(act);
  return found != built.end() ? found->second : built.emplace(act, build_tool(*builder_, act)).first->second;
}

std::string RealHost::registry() const { return required_variable("LIBDEPLOY_TEST_REGISTRY"); }
ImageReference RealHost::missing() { return waiting().with_digest(digest_of_nothing()); }

ContainerRequest RealHost::request(const std::string& name, const ImageReference& image) {
  ContainerRequest out{.name = "contract-" + id_ + "-" + name, .image = image, .spec = {}, .env = {}, .labels = {run_label(), {kWorldLabel, id_}}};
  out.spec.restart = "no";
  return out;
}

/// Not one of those that outgoing connections get: one of them could take it before it is used. Its neighbour is free as well.
std::uint16_t RealHost::free_port() {
  for (;;) {
    const auto port = static_cast<std::uint16_t>(10'000 + std::stoul(random_hex(2), nullptr, 16) % 22'000);
    try {
      const UniqueFd one = listen_on(port), two = listen_on(static_cast<std::uint16_t>(port + 1));
      return port;
    } catch (const std::exception&) {
      continue;
    }
  }
}

void RealHost::occupy(std::uint16_t port) { occupied_.push_back(listen_on(port)); }
void RealHost::pass(std::chrono::milliseconds time) { std::this_thread::sleep_for(time); }

ContainerRequest RealHost::runs(const std::string& name, std::vector<std::string> arguments) {
  ContainerRequest out = request(name, waiting());
  out.spec.command = std::move(arguments);
  return out;
}

ContainerInfo RealHost::run_to_end(const ContainerRequest& wanted) {
  const std::string id = engine_->create(wanted, kLimits);
  engine_->start(id, kLimits);
  for (int i = 0; i < 600; ++i) {
    const auto now = engine_->inspect(id, kLimits);
    if (now && now->status == ContainerStatus::exited) return *now;
    pass(std::chrono::milliseconds(50));
  }
  throw std::runtime_error("container " + wanted.name + " did not end within 30 s");
}

}  // namespace deploy::test
