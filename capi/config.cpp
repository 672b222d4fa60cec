#include <cerrno>
#include <cstdio>
#include <memory>

#include "capi/guard.hpp"
#include "capi/handles.hpp"

using namespace deploy;
using namespace deploy::capi;

namespace {

struct CloseFile {
  void operator()(std::FILE *file) const noexcept { std::fclose(file); }
};

[[noreturn]] void fail_write(const std::string &path, int error) {
  if (error == EEXIST)
    throw Error(ErrorCode::already_exists, "config", path + " is there already; nothing was changed", {{"file", path}});
  throw Error(ErrorCode::io, "config", "cannot write " + path + ": " + std::strerror(error), {{"file", path}});
}

/// `mode` is fopen's: "wx" refuses a file that is there.
void write_file(const std::string &path, const char *mode, const std::string &content) {
  std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), mode));
  if (!file) fail_write(path, errno);
  if (std::fwrite(content.data(), 1, content.size(), file.get()) != content.size() || std::fflush(file.get()) != 0)
    fail_write(path, errno);
}

/// All of it or nothing: a reader sees the old file or the new one.
void replace_file(const std::string &path, const std::string &content) {
  const std::string temporary = path + ".new";
  write_file(temporary, "w", content);
  if (std::rename(temporary.c_str(), path.c_str()) != 0) fail_write(path, errno);
}

}  // namespace

deploy_status deploy_config_load(const char *path, deploy_config **out_config, deploy_error **out_error) {
  return guard(out_error, [&] {
    auto &out = required(out_config, "out_config");
    out = new deploy_config(Config::load(std::string(text(path, "path"))));
  });
}

deploy_status deploy_config_parse(const char *text, const char *directory, deploy_config **out_config, deploy_error **out_error) {
  return guard(out_error, [&] {
    auto &out = required(out_config, "out_config");
    out = new deploy_config(Config::parse(capi::text(text, "text"), std::string(capi::text(directory, "directory"))));
  });
}

deploy_config *deploy_config_free(deploy_config *config) {
  delete config;
  return nullptr;
}

deploy_status deploy_config_write(const char *path, const deploy_write_options *options, deploy_error **out_error) {
  return guard(out_error, [&] {
    const std::string file(text(path, "path"));
    const auto given = capi::options<deploy_write_options>(options, DEPLOY_WRITE_OPTIONS_INIT);
    const std::string content = config_template(given.application ? given.application : "myapp");
    if (given.overwrite != 0) return replace_file(file, content);
    write_file(file, "wx", content);
  });
}

const char *deploy_config_schema(void) { return literal(config_schema()); }

const char *deploy_config_get_application(const deploy_config *config) { return config ? config->value.application.c_str() : nullptr; }

const char *deploy_config_get_state(const deploy_config *config) { return config ? config->value.state.c_str() : nullptr; }

const char *deploy_config_get_engine(const deploy_config *config) { return config ? config->parts.engine.c_str() : nullptr; }

const char *deploy_config_get_directory(const deploy_config *config) { return config ? config->value.directory.c_str() : nullptr; }

const deploy_environment *deploy_config_get_environment(const deploy_config *config, size_t index) {
  return config ? element(config->parts.environments, index) : nullptr;
}

const deploy_environment *deploy_config_find_environment(const deploy_config *config, const char *name) {
  if (!config || !name) return nullptr;
  for (const auto &environment : config->parts.environments)
    if (environment.name == name) return &environment;
  return nullptr;
}

const char *deploy_config_to_json(const deploy_config *config) {
  return config ? config->json.get([&] { return to_json(config->parts); }) : nullptr;
}

deploy_status deploy_config_get_image(const deploy_config *config, deploy_image_settings *out_image) {
  return config ? fill(out_image, config->parts.image->record) : DEPLOY_INVALID_ARGUMENT;
}

deploy_status deploy_config_get_registry(const deploy_config *config, deploy_registry_settings *out_registry) {
  return config ? fill(out_registry, config->parts.registry->record) : DEPLOY_INVALID_ARGUMENT;
}

deploy_status deploy_config_get_git(const deploy_config *config, deploy_git_settings *out_git) {
  if (!config) return DEPLOY_INVALID_ARGUMENT;
  return config->parts.git ? fill(out_git, config->parts.git->record) : DEPLOY_NOT_FOUND;
}

deploy_status deploy_config_get_ssh(const deploy_config *config, deploy_ssh_settings *out_ssh) {
  return config ? fill(out_ssh, config->parts.ssh->record) : DEPLOY_INVALID_ARGUMENT;
}

deploy_status deploy_config_get_tls(const deploy_config *config, deploy_tls_settings *out_tls) {
  return config ? fill(out_tls, config->parts.tls->record) : DEPLOY_INVALID_ARGUMENT;
}
