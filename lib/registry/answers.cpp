#include "registry/answers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>

#include "support/hash.hpp"
#include "support/json.hpp"
#include "support/one_line.hpp"

namespace deploy::registry {

namespace {
constexpr std::size_t kShownBytes = 200;
constexpr std::string_view kSchema1 = "application/vnd.docker.distribution.manifest.v1+";

[[noreturn]] void nonsense(const std::string& message) { throw Error(ErrorCode::protocol, "registry", message); }

std::string printable(std::string_view text) { return one_line(text, kShownBytes); }

bool is_json(const http::Response& response) {
  const std::string type = response.header("Content-Type");
  return type.find("json") != std::string::npos;
}

std::string media_type_of(const http::Response& response) {
  std::string type = response.header("Content-Type");
  type = type.substr(0, type.find_first_of("; "));
  if (!type.empty() && type != "application/json") return type;
  return json::string(json::parse(response.body, "the manifest"), "mediaType");
}

std::string joined_errors(const json::Value& errors) {
  std::string out;
  for (const json::Value& item : errors.GetArray()) {
    const std::string code = json::string(item, "code"), message = json::string(item, "message");
    if (code.empty() && message.empty()) continue;
    out += (out.empty() ? "" : "; ") + code + (code.empty() || message.empty() ? "" : ": ") + message;
  }
  return out;
}
}  // namespace

ServedManifest read_manifest(const http::Response& response, const std::optional<Digest>& asked) {
  const std::string type = media_type_of(response);
  if (type.starts_with(kSchema1))
    throw Error(ErrorCode::unsupported, "registry", "the registry serves an image manifest of the obsolete schema 1; push the image again with a current Docker");
  if (type.empty()) nonsense("the registry's answer names no media type; it is no manifest");
  const Digest actual = Digest::parse("sha256:" + sha256_hex(response.body));
  const std::string claimed = response.header("Docker-Content-Digest");
  // Only sha256 is compared: a registry may claim another algorithm for the same bytes.
  if (claimed.starts_with("sha256:") && claimed != actual.str())
    nonsense(fmt::format("the registry claims digest {}, but the manifest it sent has {}; the answer was altered or cut on its way", printable(claimed), actual.str()));
  if (asked && *asked != actual)
    nonsense(fmt::format("asked for manifest {}, the registry sent one that has {}", asked->str(), actual.str()));
  return {actual, type, response.body};
}

std::vector<ManifestLayer> read_layers(const std::string& bytes) {
  std::vector<ManifestLayer> out;
  try {
    const json::Document manifest = json::parse(bytes, "the manifest");
    const json::Value* layers = json::find(manifest, "layers");
    if (layers == nullptr || !layers->IsArray()) return {};
    for (const json::Value& layer : layers->GetArray())
      out.push_back({json::string(layer, "digest"), std::max<std::int64_t>(json::integer(layer, "size"), 0)});
  } catch (const Error&) {
    return {};  // sizes are a help, not a condition: whoever pulls it will say what is wrong
  }
  return out;
}

std::string error_text(const http::Response& response) {
  if (response.body.empty() || !is_json(response)) return printable(response.body);
  try {
    const json::Document document = json::parse(response.body, "the error");
    if (const json::Value* errors = json::find(document, "errors"); errors != nullptr && errors->IsArray())
      if (const std::string text = joined_errors(*errors); !text.empty()) return printable(text);
    if (const std::string text = json::string(document, "details", json::string(document, "message")); !text.empty()) return printable(text);
  } catch (const Error&) {  // an error page that only calls itself JSON: shown as it is
  }
  return printable(response.body);
}

bool is_registry_not_found(const http::Response& response) {
  return response.body.empty() || is_json(response) || !response.header("Docker-Distribution-Api-Version").empty();
}

std::optional<std::chrono::seconds> retry_after(const http::Response& response, std::chrono::sys_seconds now) {
  const std::string text = response.header("Retry-After");
  if (text.empty()) return std::nullopt;
  if (text.size() <= 9 && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }))
    return std::chrono::seconds{std::stol(text)};
  std::tm tm{};
  const char* end = strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &tm);
  if (end == nullptr || *end != '\0') return std::nullopt;
  const std::chrono::sys_seconds when{std::chrono::seconds{timegm(&tm)}};
  return std::max(std::chrono::seconds{0}, when - now);
}

Token read_token(const http::Response& response, const std::string& realm) {
  const json::Document document = json::parse(response.body, "the answer of the token service " + realm);
  std::string value = json::string(document, "token");
  if (value.empty()) value = json::string(document, "access_token");
  if (value.empty()) nonsense("the token service " + realm + " answered without a token");
  const std::int64_t lifetime = json::integer(document, "expires_in", 60);
  return {Secret(std::move(value)), std::chrono::seconds{std::clamp<std::int64_t>(lifetime, 0, 86'400)}};
}

}  // namespace deploy::registry
