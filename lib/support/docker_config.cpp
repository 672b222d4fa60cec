#include "support/docker_config.hpp"

#include <fmt/format.h>

#include "deploy/error.hpp"
#include "support/hash.hpp"
#include "support/json.hpp"
#include "support/one_line.hpp"

namespace deploy {

namespace {
// `auth` is base64 of user:password, sometimes padded with NUL bytes.
void read_auth(const std::string& key, const std::string& auth, Credential& out) {
  std::string pair;
  try {
    pair = base64_decode(auth);
  } catch (const Error&) {
    throw Error(ErrorCode::invalid_config, "credentials", fmt::format("`auth` of {} is not base64: log in there again with `docker login`", one_line(key, 100)));
  }
  const std::size_t colon = pair.find(':');
  if (colon == std::string::npos)
    throw Error(ErrorCode::invalid_config, "credentials", fmt::format("`auth` of {} is not base64 of user:password: log in there again with `docker login`", one_line(key, 100)));
  out.username = pair.substr(0, colon);
  std::string password = pair.substr(colon + 1);
  password.erase(password.find_last_not_of('\0') + 1);
  out.password = Secret(std::move(password));
}

Credential credential_of(const std::string& key, const json::Value& entry) {
  Credential out{json::string(entry, "username"), Secret(json::string(entry, "password")), Secret(json::string(entry, "identitytoken"))};
  if (const std::string auth = json::string(entry, "auth"); !auth.empty()) read_auth(key, auth, out);
  return out;
}
}  // namespace

std::string registry_of_key(std::string_view key) {
  for (const std::string_view scheme : {"https://", "http://"})
    if (key.starts_with(scheme)) key.remove_prefix(scheme.size());
  const std::string host(key.substr(0, key.find('/')));
  return host == "index.docker.io" || host == "registry-1.docker.io" ? "docker.io" : host;
}

std::optional<Credential> parse_helper_answer(std::string_view text, std::string_view program) {
  const json::Document answer = json::parse(text, fmt::format("the answer of {}", program));
  const std::string username = json::string(answer, "Username");
  Secret secret(json::string(answer, "Secret"));
  if (secret.empty()) return std::nullopt;
  if (username == "<token>") return Credential{"", Secret(), std::move(secret)};
  return Credential{username, std::move(secret), Secret()};
}

DockerConfig parse_docker_config(std::string_view text) {
  json::Document document;
  try {
    document = json::parse(text, "Docker's configuration");
  } catch (const Error& error) {
    throw Error(ErrorCode::invalid_config, "credentials", error.what());
  }
  DockerConfig out;
  out.store = json::string(document, "credsStore");
  for (const auto& [key, helper] : json::string_map(document, "credHelpers")) out.helpers.emplace(registry_of_key(key), helper);
  const json::Value* auths = json::find(document, "auths");
  if (auths == nullptr || !auths->IsObject()) return out;
  for (const auto& member : auths->GetObject()) {
    const std::string key(json::view(member.name));
    Credential credential = credential_of(key, member.value);
    if (!credential.username.empty() || !credential.identity_token.empty()) out.auths.emplace(registry_of_key(key), std::move(credential));
  }
  return out;
}

}  // namespace deploy
