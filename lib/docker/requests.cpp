#include "docker/requests.hpp"

#include <fmt/format.h>

#include "deploy/error.hpp"
#include "docker/container_body.hpp"
#include "support/docker_config.hpp"
#include "support/hash.hpp"
#include "support/json.hpp"

namespace deploy::docker {

namespace {
using http::percent_encode;

http::Request request(const char* method, std::string path) { return {.method = method, .path = std::move(path)}; }

http::Request request(const char* method, std::string path, const json::Object& body) {
  http::Request r = request(method, std::move(path));
  r.headers.emplace_back("Content-Type", "application/json");
  r.body = body.str();
  return r;
}

std::string container(const std::string& id, std::string_view act) { return fmt::format("/containers/{}/{}", percent_encode(id), act); }

// A reference's slashes, colons and at-sign are part of the Engine's route and legal in a path.
std::string image_path(const std::string& reference) {
  std::string out = "/images/";
  for (const char c : reference) {
    if (c == '/' || c == ':' || c == '@') out += c;
    else out += percent_encode(std::string_view(&c, 1));
  }
  return out;
}

std::int64_t whole_seconds(std::chrono::milliseconds time) { return std::chrono::ceil<std::chrono::seconds>(time).count(); }

std::string server_address(const std::string& registry_host) { return registry_host == "docker.io" ? std::string(kDockerHubKey) : registry_host; }

json::Object auth_object(const Credential& credential, const std::string& registry_host) {
  json::Object auth;
  if (!credential.identity_token.empty()) auth.add("identitytoken", credential.identity_token.reveal());
  else auth.add("username", credential.username).add("password", credential.password.reveal());
  return auth.add("serveraddress", server_address(registry_host));
}

std::string object_of(const std::map<std::string, std::string>& members) {
  json::Object object;
  for (const auto& [name, value] : members) object.add(name, value);
  return object.str();
}
}  // namespace

std::string registry_auth(const std::optional<Credential>& credential, const std::string& registry_host) {
  return base64url(credential ? auth_object(*credential, registry_host).str() : "{}");
}

std::string registry_config(const std::map<std::string, Credential>& by_registry) {
  json::Object config;
  for (const auto& [registry, credential] : by_registry) config.add(server_address(registry), auth_object(credential, registry));
  return base64url(config.str());
}

std::string pinned(const ImageReference& image) {
  if (image.digest()) return image.name() + "@" + image.digest()->str();
  if (image.tag()) return image.name() + ":" + *image.tag();
  throw Error(ErrorCode::invalid_argument, "engine", fmt::format("{} names neither a tag nor a digest: which image is meant?", image.str()));
}

namespace requests {

http::Request ping() { return request("GET", "/_ping"); }
http::Request version() { return request("GET", "/version"); }
http::Request info() { return request("GET", "/info"); }

http::Request pull(const ImageReference& image, const std::string& auth) {
  const std::string which = pinned(image).substr(image.name().size() + 1);
  http::Request r = request("POST", fmt::format("/images/create?fromImage={}&tag={}", percent_encode(image.name()), percent_encode(which)));
  r.headers.emplace_back("X-Registry-Auth", auth);
  return r;
}

http::Request inspect_image(const std::string& reference) { return request("GET", image_path(reference) + "/json"); }
http::Request list_images(const ImageReference& repository) {
  json::Array wanted;
  wanted.add(ImageReference::parse(repository.name()).familiar());
  return request("GET", "/images/json?filters=" + percent_encode(json::Object().add("reference", wanted).str()));
}

http::Request list_briefly() { return request("GET", "/containers/json?all=1"); }
http::Request remove_image(const std::string& reference) { return request("DELETE", image_path(reference)); }

http::Request tag_image(const std::string& image_id, const ImageReference& reference) {
  return request("POST", fmt::format("{}/tag?repo={}&tag={}", image_path(image_id), percent_encode(reference.name()), percent_encode(reference.tag().value_or(""))));
}

http::Request push(const ImageReference& reference, const std::string& auth) {
  http::Request r = request("POST", fmt::format("{}/push?tag={}", image_path(reference.name()), percent_encode(reference.tag().value_or(""))));
  r.headers.emplace_back("X-Registry-Auth", auth);
  return r;
}

http::Request build(const BuildRequest& build, const std::string& dockerfile_in_context, const std::string& registry_config) {
  std::string path = "/build?version=1&rm=1&forcerm=1&dockerfile=" + percent_encode(dockerfile_in_context);
  if (!build.target.empty()) path += "&target=" + percent_encode(build.target);
  path += "&buildargs=" + percent_encode(object_of(build.build_args)) + "&labels=" + percent_encode(object_of(build.labels));
  http::Request r = request("POST", std::move(path));
  r.headers.emplace_back("Content-Type", "application/x-tar");
  r.headers.emplace_back("X-Registry-Config", registry_config);
  return r;
}

http::Request create(const ContainerRequest& wanted) {
  return request("POST", "/containers/create?name=" + percent_encode(wanted.name), container_body(wanted));
}

http::Request inspect_network(const std::string& network) { return request("GET", "/networks/" + percent_encode(network)); }

http::Request connect_network(const std::string& network, const std::string& id) {
  return request("POST", fmt::format("/networks/{}/connect", percent_encode(network)), json::Object().add("Container", id));
}

http::Request start(const std::string& id) { return request("POST", container(id, "start")); }

http::Request stop(const std::string& id, std::chrono::milliseconds grace) {
  return request("POST", fmt::format("{}?t={}", container(id, "stop"), whole_seconds(grace)));
}

http::Request rename(const std::string& id, const std::string& name) {
  return request("POST", fmt::format("{}?name={}", container(id, "rename"), percent_encode(name)));
}

http::Request set_restart_policy(const std::string& id, const std::string& policy) {
  return request("POST", container(id, "update"), json::Object().add("RestartPolicy", restart_policy_body(policy)));
}

http::Request remove(const std::string& id) { return request("DELETE", fmt::format("/containers/{}?force=1&v=1", percent_encode(id))); }
http::Request inspect(const std::string& id_or_name) { return request("GET", container(id_or_name, "json")); }

http::Request list(const std::map<std::string, std::string>& labels) {
  json::Array wanted;
  for (const auto& [key, value] : labels) wanted.add(key + "=" + value);
  return request("GET", "/containers/json?all=1&filters=" + percent_encode(json::Object().add("label", wanted).str()));
}

http::Request list_publishing(const std::vector<PortBinding>& ports) {
  json::Array wanted;
  for (const PortBinding& port : ports) wanted.add(fmt::format("{}-{}/{}", port.host_first, port.host_last, to_string(port.protocol)));
  return request("GET", "/containers/json?filters=" + percent_encode(json::Object().add("publish", wanted).str()));
}

http::Request logs(const std::string& id, int lines, bool follow) {
  const std::string tail = lines < 0 ? "all" : std::to_string(lines);
  return request("GET", fmt::format("{}?stdout=1&stderr=1&tail={}{}", container(id, "logs"), tail, follow ? "&follow=1" : ""));
}

http::Request create_exec(const std::string& id, const std::vector<std::string>& command) {
  return request("POST", container(id, "exec"), json::Object().add("AttachStdout", true).add("AttachStderr", true).add("Cmd", command));
}

http::Request start_exec(const std::string& exec_id) {
  return request("POST", fmt::format("/exec/{}/start", percent_encode(exec_id)), json::Object().add("Detach", false).add("Tty", false));
}

http::Request inspect_exec(const std::string& exec_id) { return request("GET", fmt::format("/exec/{}/json", percent_encode(exec_id))); }

}  // namespace requests
}  // namespace deploy::docker
