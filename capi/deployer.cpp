// A deployer's life, and its releases.
#include "capi/guard.hpp"
#include "capi/handles.hpp"
#include "capi/ports.hpp"

using namespace deploy;
using namespace deploy::capi;

namespace {

EventSink sink_of(const deploy_deployer_options &options) {
  if (!options.on_event) return {};
  return [call = options.on_event, user_data = options.user_data](const Event &value) {
    const deploy_event event{value};
    call(&event, user_data);
  };
}

/// What the caller asks for. From the first line on, each table's `destroy` is called once, whatever comes.
DeployerOptions wanted(const deploy_deployer_options &given) {
  GivenPorts ports(given);
  DeployerOptions options;
  options.actor = text(given.actor, "options.actor");
  options.on_event = sink_of(given);
  std::move(ports).into(options);
  return options;
}

}  // namespace

deploy_status deploy_deployer_new(const deploy_config *config, const deploy_deployer_options *options, deploy_deployer **out_deployer,
                                  deploy_error **out_error) {
  return guard(out_error, [&] {
    DeployerOptions given = wanted(capi::options<deploy_deployer_options>(&required(options, "options"), DEPLOY_DEPLOYER_OPTIONS_INIT));
    const Config &value = required(config, "config").value;
    auto &out = required(out_deployer, "out_deployer");
    out = new deploy_deployer{nullptr, Deployer(value, std::move(given))};
  });
}

deploy_status deploy_simulation_open(deploy_simulation *simulation, const deploy_deployer_options *options, deploy_deployer **out_deployer,
                                     deploy_error **out_error) {
  return guard(out_error, [&] {
    DeployerOptions given = wanted(capi::options<deploy_deployer_options>(&required(options, "options"), DEPLOY_DEPLOYER_OPTIONS_INIT));
    auto world = required(simulation, "simulation").world;
    auto &out = required(out_deployer, "out_deployer");
    Deployer deployer = world->open(std::move(given));
    out = new deploy_deployer{std::move(world), std::move(deployer)};
  });
}

deploy_deployer *deploy_deployer_free(deploy_deployer *deployer) {
  delete deployer;
  return nullptr;
}

void deploy_deployer_cancel(deploy_deployer *deployer) {
  if (deployer) deployer->value.cancel();
}

deploy_status deploy_deployer_build(deploy_deployer *deployer, const deploy_build_options *options, deploy_release **out_release,
                                    deploy_error **out_error) {
  return guard(out_error, [&] {
    Deployer &value = required(deployer, "deployer").value;
    auto &out = required(out_release, "out_release");
    const auto given = capi::options<deploy_build_options>(options, DEPLOY_BUILD_OPTIONS_INIT);
    out = new deploy_release(value.build({.build = given.build, .rollback_never = given.rollback_never != 0}));
  });
}

deploy_status deploy_deployer_add_release(deploy_deployer *deployer, const char *image, const char *version, const deploy_release_options *options,
                                          deploy_release **out_release, deploy_error **out_error) {
  return guard(out_error, [&] {
    Deployer &value = required(deployer, "deployer").value;
    auto &out = required(out_release, "out_release");
    const auto reference = ImageReference::parse(text(image, "image"));
    const auto given = capi::options<deploy_release_options>(options, DEPLOY_RELEASE_OPTIONS_INIT);
    out = new deploy_release(value.add_release(reference, Version::parse(text(version, "version")), {.rollback_never = given.rollback_never != 0}));
  });
}

deploy_status deploy_deployer_releases(deploy_deployer *deployer, deploy_release_list **out_releases, deploy_error **out_error) {
  return guard(out_error, [&] {
    Deployer &value = required(deployer, "deployer").value;
    auto &out = required(out_releases, "out_releases");
    auto list = std::make_unique<deploy_release_list>();
    for (auto &release : value.releases()) list->items.emplace_back(std::move(release));
    out = list.release();
  });
}

deploy_status deploy_deployer_find_release(deploy_deployer *deployer, const char *release, deploy_release **out_release,
                                           deploy_error **out_error) {
  return guard(out_error, [&] {
    Deployer &value = required(deployer, "deployer").value;
    auto &out = required(out_release, "out_release");
    out = new deploy_release(value.find_release(text_or_empty(release)));
  });
}
