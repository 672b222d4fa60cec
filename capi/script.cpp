// Scripts for the simulator, and what came of them.
#include "capi/guard.hpp"
#include "capi/handles.hpp"

using namespace deploy;
using namespace deploy::capi;

deploy_status deploy_script_parse(const char *text, deploy_script **out_script, deploy_error **out_error) {
  return guard(out_error, [&] {
    auto &out = required(out_script, "out_script");
    out = new deploy_script(simulation::Script::parse(capi::text(text, "text")));
  });
}

deploy_status deploy_script_random(const deploy_config *config, int64_t seed, int32_t faults, deploy_script **out_script, deploy_error **out_error) {
  return guard(out_error, [&] {
    const Config &value = required(config, "config").value;
    auto &out = required(out_script, "out_script");
    if (seed < 0) throw Error(ErrorCode::invalid_argument, "capi", "seed is negative", {{"argument", "seed"}});
    out = new deploy_script(simulation::random_script(value, static_cast<std::uint64_t>(seed), faults != 0));
  });
}

deploy_script *deploy_script_free(deploy_script *script) {
  delete script;
  return nullptr;
}

const char *deploy_script_get_text(const deploy_script *script) { return script ? script->text.c_str() : nullptr; }

deploy_status deploy_script_play(const deploy_script *script, const deploy_config *config, deploy_script_report **out_report, deploy_error **out_error) {
  return guard(out_error, [&] {
    const simulation::Script &value = required(script, "script").value;
    auto &out = required(out_report, "out_report");
    out = new deploy_script_report(simulation::simulate(required(config, "config").value, value));
  });
}

deploy_status deploy_script_shrink(const deploy_script *script, const deploy_config *config, deploy_script **out_script, deploy_error **out_error) {
  return guard(out_error, [&] {
    const simulation::Script &value = required(script, "script").value;
    auto &out = required(out_script, "out_script");
    out = new deploy_script(simulation::shrink(required(config, "config").value, value));
  });
}

deploy_script_report *deploy_script_report_free(deploy_script_report *report) {
  delete report;
  return nullptr;
}

deploy_status deploy_script_report_get_info(const deploy_script_report *report, deploy_script_report_info *out_info) {
  if (!report) return DEPLOY_INVALID_ARGUMENT;
  const auto &violation = report->value.violation;
  deploy_script_report_info info = DEPLOY_SCRIPT_REPORT_INFO_INIT;
  info.events = report->value.events;
  info.broken = violation ? 1 : 0;
  info.invariant = violation ? violation->invariant : 0;
  info.promise = violation ? literal(simulation::broken_promise(violation->invariant)) : nullptr;
  info.sentence = violation ? violation->sentence.c_str() : nullptr;
  return fill(out_info, info);
}

const char *deploy_script_report_get_line(const deploy_script_report *report, size_t index) {
  const std::string *line = report ? element(report->value.story, index) : nullptr;
  return line ? line->c_str() : nullptr;
}

deploy_status deploy_script_report_get_outcome(const deploy_script_report *report, size_t index, const char **out_name, int64_t *out_count) {
  if (!report || !out_name || !out_count) return DEPLOY_INVALID_ARGUMENT;
  const auto &outcomes = report->value.outcomes;
  const auto found = entry(outcomes, index);
  if (found == outcomes.end()) return DEPLOY_NOT_FOUND;
  *out_name = found->first.c_str();
  *out_count = found->second;
  return DEPLOY_OK;
}

const char *deploy_script_report_to_json(const deploy_script_report *report) {
  return report ? report->json.get([&] { return simulation::to_json(report->value); }) : nullptr;
}
