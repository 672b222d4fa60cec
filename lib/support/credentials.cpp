#include "support/credentials.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "deploy/error.hpp"
#include "support/docker_config.hpp"
#include "support/json.hpp"
#include "support/one_line.hpp"
#include "support/subprocess.hpp"

namespace deploy {

namespace {
constexpr std::size_t kLargestConfig = 4u << 20;
constexpr std::size_t kLargestHelperAnswer = 64u << 10;
// What helpers say (on standard output, with exit code 1) when they are asked for a registry they do not know.
constexpr std::string_view kNotFound = "credentials not found";

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

std::optional<std::string> read_config(const std::string& path) {
  const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "re"));
  if (!file && (errno == ENOENT || errno == ENOTDIR)) return std::nullopt;
  constexpr std::size_t kPiece = 16 * 1024;  // it is small as a rule: memory for the largest would be touched for nothing
  std::string text;
  for (bool more = file != nullptr; more && text.size() <= kLargestConfig;) {
    const std::size_t before = text.size();
    text.resize(before + kPiece);
    text.resize(before + std::fread(text.data() + before, 1, kPiece, file.get()));
    more = text.size() == before + kPiece;
  }
  if (!file || std::ferror(file.get()) != 0)
    throw Error(ErrorCode::io, "credentials", fmt::format("cannot read {}: {}", path, std::strerror(errno)), {{"file", path}});
  if (text.size() > kLargestConfig)
    throw Error(ErrorCode::invalid_config, "credentials", fmt::format("{} is larger than {} bytes", path, kLargestConfig), {{"file", path}});
  return text;
}

// The name becomes part of a program's name, so it must not lead elsewhere.
void check_helper(const std::string& helper) {
  const bool plain = std::all_of(helper.begin(), helper.end(), [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.'; });
  if (helper.empty() || !plain)
    throw Error(ErrorCode::invalid_config, "credentials", fmt::format("'{}' is no name of a credential helper", one_line(helper, 100)));
}

/// What a failed helper said, unless it printed a login all the same.
std::string complaint_of(const CommandResult& result) {
  const std::string said = one_line(result.output + " " + result.error, 500);
  return contains(result.output, "\"Secret\"") ? "[redacted: it printed a login]" : said;
}

// Protocol: the server on standard input, {"ServerURL","Username","Secret"} on standard output.
std::optional<Credential> ask_helper(const std::string& helper, const std::string& registry, const CallLimits& limits) {
  check_helper(helper);
  const std::string program = "docker-credential-" + helper;
  const std::string server = registry == "docker.io" ? std::string(kDockerHubKey) : registry;
  const CommandResult result = run_command({.argv = {program, "get"}, .input = server + "\n", .output_limit = kLargestHelperAnswer}, limits);
  if (result.exit_code != 0) {
    if (contains(result.output, kNotFound) || contains(result.error, kNotFound)) return std::nullopt;
    throw Error(ErrorCode::refused, "credentials",
                fmt::format("{} gives no login for {} (exit code {}): {}", program, server, result.exit_code, complaint_of(result)),
                {{"exit_code", std::to_string(result.exit_code)}});
  }
  return parse_helper_answer(result.output, program);
}

std::optional<Credential> find_in(const DockerConfig& config, const std::string& registry, const CallLimits& limits) {
  const auto own = config.helpers.find(registry);
  const std::string helper = own != config.helpers.end() ? own->second : config.store;
  if (!helper.empty()) {
    try {
      if (auto credential = ask_helper(helper, registry, limits)) return credential;
    } catch (const Error& error) {
      throw error.with("helper", helper);
    }
  }
  const auto found = config.auths.find(registry);
  return found == config.auths.end() ? std::nullopt : std::optional(found->second);
}
}  // namespace

CredentialStore::CredentialStore(std::optional<ConfiguredLogin> login, std::string docker_config)
    : login_(std::move(login)), docker_config_(std::move(docker_config)) {}

std::optional<Credential> CredentialStore::find(const std::string& registry_host, const CallLimits& limits) const {
  if (login_ && login_->registry_host == registry_host) return login_->resolve ? login_->resolve(limits) : login_->credential;
  if (docker_config_.empty()) return std::nullopt;
  try {
    const auto text = read_config(docker_config_);
    return text ? find_in(parse_docker_config(*text), registry_host, limits) : std::nullopt;
  } catch (const Error& error) {
    throw Error(error.code(), "credentials", fmt::format("cannot look up the login for {} in {}: {}", registry_host, docker_config_, error.what()), error.details())
        .with("registry", registry_host)
        .with("file", docker_config_);
  }
}

}  // namespace deploy
