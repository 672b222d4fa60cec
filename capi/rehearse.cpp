// A configuration tried out in memory.
#include "capi/guard.hpp"
#include "capi/handles.hpp"

using namespace deploy;
using namespace deploy::capi;

namespace {

simulation::RehearsalOptions options_of(const deploy_rehearse_options &given) {
  if (given.seed < 0) throw Error(ErrorCode::invalid_argument, "capi", "options.seed is negative", {{"argument", "options.seed"}});
  if (given.runs < 1) throw Error(ErrorCode::invalid_argument, "capi", "options.runs is less than 1", {{"argument", "options.runs"}});
  return {static_cast<std::uint64_t>(given.seed), given.runs, given.faults != 0};
}

}  // namespace

deploy_status deploy_config_rehearse(const deploy_config *config, const deploy_rehearse_options *options, deploy_text_fn on_line, void *user_data,
                                     deploy_rehearsal **out_rehearsal, deploy_error **out_error) {
  return guard(out_error, [&] {
    const Config &value = required(config, "config").value;
    auto &out = required(out_rehearsal, "out_rehearsal");
    const auto given = capi::options<deploy_rehearse_options>(options, DEPLOY_REHEARSE_OPTIONS_INIT);
    const auto tell = [&](std::string_view line) {
      if (on_line) on_line(std::string(line).c_str(), line.size(), user_data);
    };
    out = new deploy_rehearsal(simulation::rehearse(value, options_of(given), tell));
  });
}

deploy_rehearsal *deploy_rehearsal_free(deploy_rehearsal *rehearsal) {
  delete rehearsal;
  return nullptr;
}

deploy_status deploy_rehearsal_get_info(const deploy_rehearsal *rehearsal, deploy_rehearsal_info *out_info) {
  if (!rehearsal) return DEPLOY_INVALID_ARGUMENT;
  const auto &violation = rehearsal->value.violation;
  deploy_rehearsal_info info = DEPLOY_REHEARSAL_INFO_INIT;
  info.runs = rehearsal->value.runs;
  info.events = rehearsal->value.events;
  info.broken = violation ? 1 : 0;
  info.invariant = violation ? violation->invariant : 0;
  info.promise = violation ? literal(simulation::broken_promise(violation->invariant)) : nullptr;
  info.sentence = violation ? violation->sentence.c_str() : nullptr;
  info.script = violation ? rehearsal->script.c_str() : nullptr;
  info.seed = violation ? static_cast<int64_t>(rehearsal->value.seed) : DEPLOY_NONE;
  return fill(out_info, info);
}

deploy_status deploy_rehearsal_get_outcome(const deploy_rehearsal *rehearsal, size_t index, const char **out_name, int64_t *out_count) {
  if (!rehearsal || !out_name || !out_count) return DEPLOY_INVALID_ARGUMENT;
  const auto &outcomes = rehearsal->value.outcomes;
  const auto found = entry(outcomes, index);
  if (found == outcomes.end()) return DEPLOY_NOT_FOUND;
  *out_name = found->first.c_str();
  *out_count = found->second;
  return DEPLOY_OK;
}

const char *deploy_rehearsal_to_json(const deploy_rehearsal *rehearsal) {
  return rehearsal ? rehearsal->json.get([&] { return simulation::to_json(rehearsal->value); }) : nullptr;
}
