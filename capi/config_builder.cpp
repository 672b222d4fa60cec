// A configuration by setters.
#include "capi/guard.hpp"
#include "capi/handles.hpp"

using namespace deploy;
using namespace deploy::capi;

namespace {

ConfigParts begun(std::string_view application, std::string_view directory) {
  ConfigParts parts;
  parts.application = application;
  parts.directory = directory;
  return parts;
}

}  // namespace

deploy_config_builder *deploy_config_builder_new(const char *application, const char *directory) {
  return made([&]() -> deploy_config_builder * {
    return application && directory ? new deploy_config_builder(begun(application, directory)) : nullptr;
  });
}

deploy_config_builder *deploy_config_builder_copy(const deploy_config *config) {
  return made([&]() -> deploy_config_builder * { return config ? new deploy_config_builder(config->parts) : nullptr; });
}

deploy_config_builder *deploy_config_builder_free(deploy_config_builder *builder) {
  delete builder;
  return nullptr;
}

deploy_status deploy_config_builder_set_state(deploy_config_builder *builder, const char *state) {
  return change(builder, [&] { builder->parts.state = text(state, "state"); });
}

deploy_status deploy_config_builder_set_engine(deploy_config_builder *builder, const char *url) {
  return change(builder, [&] { builder->parts.engine = text(url, "url"); });
}

deploy_status deploy_config_builder_set_image(deploy_config_builder *builder, const deploy_image_settings *image) {
  return change(builder, [&] { builder->parts.image = kept<deploy_image_settings>(image, "image", DEPLOY_IMAGE_SETTINGS_INIT); });
}

deploy_status deploy_config_builder_set_registry(deploy_config_builder *builder, const deploy_registry_settings *registry) {
  return change(builder, [&] { builder->parts.registry = kept<deploy_registry_settings>(registry, "registry", DEPLOY_REGISTRY_SETTINGS_INIT); });
}

deploy_status deploy_config_builder_set_git(deploy_config_builder *builder, const deploy_git_settings *git) {
  return change(builder, [&] { builder->parts.git = git ? kept<deploy_git_settings>(git, "git", DEPLOY_GIT_SETTINGS_INIT) : nullptr; });
}

deploy_status deploy_config_builder_set_ssh(deploy_config_builder *builder, const deploy_ssh_settings *ssh) {
  return change(builder, [&] { builder->parts.ssh = kept<deploy_ssh_settings>(ssh, "ssh", DEPLOY_SSH_SETTINGS_INIT); });
}

deploy_status deploy_config_builder_set_tls(deploy_config_builder *builder, const deploy_tls_settings *tls) {
  return change(builder, [&] { builder->parts.tls = kept<deploy_tls_settings>(tls, "tls", DEPLOY_TLS_SETTINGS_INIT); });
}

deploy_status deploy_config_builder_set_environment(deploy_config_builder *builder, const deploy_environment *environment) {
  return change(builder, [&] {
    deploy_environment copy = required(environment, "environment");
    auto &all = builder->parts.environments;
    const auto same = std::find_if(all.begin(), all.end(), [&](const deploy_environment &other) { return other.name == copy.name; });
    if (same == all.end()) all.push_back(std::move(copy));
    else *same = std::move(copy);
  });
}

deploy_status deploy_config_builder_build(const deploy_config_builder *builder, deploy_config **out_config, deploy_error **out_error) {
  return guard(out_error, [&] {
    const auto &given = required(builder, "builder");
    auto &out = required(out_config, "out_config");
    throw_if_broken(given);
    out = new deploy_config(Config::parse(to_json(given.parts), given.parts.directory));
  });
}
