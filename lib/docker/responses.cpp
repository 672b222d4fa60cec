#include "docker/responses.hpp"

#include <fmt/format.h>

#include "deploy/error.hpp"
#include "support/one_line.hpp"
#include "support/json.hpp"

namespace deploy::docker::responses {

namespace {
json::Document object(std::string_view body, std::string_view what) {
  json::Document document = json::parse(body, what);
  if (!document.IsObject()) throw Error(ErrorCode::protocol, "engine", fmt::format("{} is no JSON object", what));
  return document;
}

std::string required(const json::Value& object, std::string_view key, std::string_view what) {
  std::string value = json::string(object, key);
  if (value.empty()) throw Error(ErrorCode::protocol, "engine", fmt::format("{} has no {}", what, key));
  return value;
}

// podman leaves the algorithm away.
std::string image_id(std::string id) { return id.starts_with("sha256:") ? id : "sha256:" + id; }
}  // namespace

EngineInfo version(std::string_view body) {
  const json::Document d = object(body, "the Engine's version");
  EngineInfo out;
  out.version = json::string(d, "Version");
  out.api_version = json::string(d, "ApiVersion");
  out.os = json::string(d, "Os");
  out.architecture = json::string(d, "Arch");
  return out;
}

std::string data_root(std::string_view body) { return json::string(object(body, "the Engine's information"), "DockerRootDir"); }

ImageInfo image(std::string_view body) {
  const json::Document d = object(body, "the image's description");
  ImageInfo out;
  out.id = image_id(required(d, "Id", "the image's description"));
  out.repo_digests = json::strings(d, "RepoDigests");
  out.repo_tags = json::strings(d, "RepoTags");
  if (const json::Value* config = json::find(d, "Config")) out.labels = json::string_map(*config, "Labels");
  out.size = json::integer(d, "Size");
  return out;
}

bool has_terminal(std::string_view body) {
  const json::Document d = object(body, "the container's description");
  const json::Value* config = json::find(d, "Config");
  return config != nullptr && json::boolean(*config, "Tty");
}

std::vector<std::string> container_ids(std::string_view body) {
  const json::Document d = json::parse(body, "the list of containers");
  if (!d.IsArray()) throw Error(ErrorCode::protocol, "engine", "the list of containers is no JSON array");
  std::vector<std::string> out;
  for (const json::Value& item : d.GetArray()) out.push_back(required(item, "Id", "a container of the list"));
  return out;
}

std::vector<ImageInfo> images(std::string_view body) {
  const json::Document d = json::parse(body, "the list of images");
  if (!d.IsArray()) throw Error(ErrorCode::protocol, "engine", "the list of images is no JSON array");
  std::vector<ImageInfo> out;
  for (const json::Value& item : d.GetArray()) {
    ImageInfo image;
    image.id = image_id(required(item, "Id", "an image of the list"));
    image.repo_digests = json::strings(item, "RepoDigests");
    image.repo_tags = json::strings(item, "RepoTags");
    image.size = json::integer(item, "Size");
    out.push_back(std::move(image));
  }
  return out;
}

std::map<std::string, std::int64_t> image_uses(std::string_view body) {
  const json::Document d = json::parse(body, "the list of containers");
  if (!d.IsArray()) throw Error(ErrorCode::protocol, "engine", "the list of containers is no JSON array");
  std::map<std::string, std::int64_t> out;
  for (const json::Value& item : d.GetArray()) ++out[image_id(required(item, "ImageID", "a container of the list"))];
  return out;
}

std::string created_id(std::string_view body) { return required(object(body, "the Engine's answer"), "Id", "the Engine's answer"); }

std::optional<int> exec_exit_code(std::string_view body) {
  const json::Document d = object(body, "the command's description");
  const json::Value* code = json::find(d, "ExitCode");
  if (json::boolean(d, "Running") || code == nullptr || !code->IsInt()) return std::nullopt;
  return code->GetInt();
}

std::string error_message(std::string_view body) {
  try {
    const json::Document d = json::parse(body, "the error");
    for (const std::string_view key : {"message", "cause"})
      if (const std::string text = one_line(json::string(d, key)); !text.empty()) return text;
  } catch (const Error&) {
    // Not JSON: the text itself is the message.
  }
  const std::string text = one_line(body);
  return text.empty() ? "no message" : text;
}

}  // namespace deploy::docker::responses
