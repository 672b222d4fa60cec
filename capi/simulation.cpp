// A world in memory. deployer.cpp opens deployers in it.
#include "capi/guard.hpp"
#include "capi/handles.hpp"

using namespace deploy;
using namespace deploy::capi;

namespace {

std::string behaviour_of(const char *word) { return word ? word : "good"; }

}  // namespace

deploy_status deploy_simulation_new(const deploy_config *config, deploy_simulation **out_simulation, deploy_error **out_error) {
  return guard(out_error, [&] {
    const Config &value = required(config, "config").value;
    auto &out = required(out_simulation, "out_simulation");
    out = new deploy_simulation(value);
  });
}

deploy_simulation *deploy_simulation_free(deploy_simulation *simulation) {
  delete simulation;
  return nullptr;
}

deploy_status deploy_simulation_publish(deploy_simulation *simulation, const char *version, const char *behaviour, const char **out_image,
                                        deploy_error **out_error) {
  return guard(out_error, [&] {
    auto &handle = required(simulation, "simulation");
    auto &out = required(out_image, "out_image");
    handle.image = handle.world->publish(std::string(text(version, "version")), behaviour_of(behaviour)).str();
    out = handle.image.c_str();
  });
}

deploy_status deploy_simulation_prepare_build(deploy_simulation *simulation, const char *behaviour, deploy_error **out_error) {
  return guard(out_error, [&] { required(simulation, "simulation").world->prepare_build(behaviour_of(behaviour)); });
}

deploy_status deploy_simulation_happen(deploy_simulation *simulation, const char *line, deploy_error **out_error) {
  return guard(out_error, [&] { required(simulation, "simulation").world->happen(text(line, "line")); });
}

int64_t deploy_simulation_get_time(const deploy_simulation *simulation) { return simulation ? ms(simulation->world->now()) : DEPLOY_NONE; }

deploy_status deploy_simulation_advance(deploy_simulation *simulation, int64_t duration, deploy_error **out_error) {
  return guard(out_error, [&] { required(simulation, "simulation").world->advance(std::chrono::milliseconds(duration)); });
}
