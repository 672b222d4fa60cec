#include "capi/guard.hpp"
#include "capi/handles.hpp"

using namespace deploy;
using namespace deploy::capi;

namespace {

deploy_check_level number(DoctorCheck::Level level) {
  switch (level) {
    case DoctorCheck::Level::ok: return DEPLOY_CHECK_OK;
    case DoctorCheck::Level::warning: return DEPLOY_CHECK_WARNING;
    case DoctorCheck::Level::failure: return DEPLOY_CHECK_FAILURE;
  }
  return DEPLOY_CHECK_FAILURE;
}

std::string json_array(const std::vector<DoctorCheck> &checks) {
  std::string text;
  for (const auto &check : checks) text += (text.empty() ? "[" : ",") + to_json(check);
  return text.empty() ? "[]" : text + "]";
}

}  // namespace

deploy_drift *deploy_drift_free(deploy_drift *drift) {
  delete drift;
  return nullptr;
}

deploy_status deploy_drift_get_difference(const deploy_drift *drift, size_t index, deploy_difference *out_difference) {
  if (!drift) return DEPLOY_INVALID_ARGUMENT;
  const Drift *value = element(drift->value.drift, index);
  if (!value) return DEPLOY_NOT_FOUND;
  deploy_difference difference = DEPLOY_DIFFERENCE_INIT;
  difference.host = value->host.c_str();
  difference.what = value->what.c_str();
  difference.expected = value->expected.c_str();
  difference.found = value->found.c_str();
  return fill(out_difference, difference);
}

const char *deploy_drift_to_json(const deploy_drift *drift) {
  return drift ? drift->json.get([&] { return to_json(drift->value); }) : nullptr;
}

deploy_checks *deploy_checks_free(deploy_checks *checks) {
  delete checks;
  return nullptr;
}

deploy_status deploy_checks_get(const deploy_checks *checks, size_t index, deploy_check *out_check) {
  if (!checks) return DEPLOY_INVALID_ARGUMENT;
  const DoctorCheck *value = element(checks->value, index);
  if (!value) return DEPLOY_NOT_FOUND;
  deploy_check check = DEPLOY_CHECK_INIT;
  check.level = number(value->level);
  check.level_name = literal(to_string(value->level));
  check.name = value->name.c_str();
  check.subject = value->subject.c_str();
  check.message = value->message.c_str();
  check.advice = value->advice.c_str();
  return fill(out_check, check);
}

const char *deploy_checks_to_json(const deploy_checks *checks) {
  return checks ? checks->json.get([&] { return json_array(checks->value); }) : nullptr;
}
