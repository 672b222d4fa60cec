#include "capi/guard.hpp"
#include "capi/handles.hpp"

using namespace deploy;
using namespace deploy::capi;

namespace {

deploy_event_kind kind_of_event(EventKind kind) {
  switch (kind) {
    case EventKind::warning: return DEPLOY_EVENT_WARNING;
    case EventKind::build_started: return DEPLOY_EVENT_BUILD_STARTED;
    case EventKind::build_output: return DEPLOY_EVENT_BUILD_OUTPUT;
    case EventKind::build_finished: return DEPLOY_EVENT_BUILD_FINISHED;
    case EventKind::image_pushed: return DEPLOY_EVENT_IMAGE_PUSHED;
    case EventKind::release_registered: return DEPLOY_EVENT_RELEASE_REGISTERED;
    case EventKind::gate_answered: return DEPLOY_EVENT_GATE_ANSWERED;
    case EventKind::deployment_started: return DEPLOY_EVENT_DEPLOYMENT_STARTED;
    case EventKind::step_started: return DEPLOY_EVENT_STEP_STARTED;
    case EventKind::step_progress: return DEPLOY_EVENT_STEP_PROGRESS;
    case EventKind::step_finished: return DEPLOY_EVENT_STEP_FINISHED;
    case EventKind::step_failed: return DEPLOY_EVENT_STEP_FAILED;
    case EventKind::step_undone: return DEPLOY_EVENT_STEP_UNDONE;
    case EventKind::probe_tried: return DEPLOY_EVENT_PROBE_TRIED;
    case EventKind::baking: return DEPLOY_EVENT_BAKING;
    case EventKind::verified: return DEPLOY_EVENT_VERIFIED;
    case EventKind::quarantined: return DEPLOY_EVENT_QUARANTINED;
    case EventKind::approval_recorded: return DEPLOY_EVENT_APPROVAL_RECORDED;
    case EventKind::deployment_finished: return DEPLOY_EVENT_DEPLOYMENT_FINISHED;
  }
  return DEPLOY_EVENT_WARNING;
}

}  // namespace

deploy_status deploy_event_get_info(const deploy_event *event, deploy_event_info *out_info) {
  if (!event) return DEPLOY_INVALID_ARGUMENT;
  const Event &value = event->value;
  deploy_event_info info = DEPLOY_EVENT_INFO_INIT;
  info.kind = kind_of_event(value.kind);
  info.kind_name = literal(to_string(value.kind));
  info.time = ms(value.time);
  info.environment = value.environment.c_str();
  info.deployment = value.deployment.c_str();
  info.host = value.host.c_str();
  info.step = value.step.c_str();
  info.message = value.message.c_str();
  return fill(out_info, info);
}

const char *deploy_event_get_detail(const deploy_event *event, const char *key) {
  if (!event || !key) return nullptr;
  for (const auto &[name, value] : event->value.details)
    if (name == key) return value.c_str();
  return nullptr;
}

deploy_status deploy_event_get_detail_at(const deploy_event *event, size_t index, const char **out_key, const char **out_value) {
  if (!event || !out_key || !out_value) return DEPLOY_INVALID_ARGUMENT;
  const auto it = entry(event->value.details, index);
  if (it == event->value.details.end()) return DEPLOY_NOT_FOUND;
  *out_key = it->first.c_str();
  *out_value = it->second.c_str();
  return DEPLOY_OK;
}

const char *deploy_event_to_json(const deploy_event *event) {
  return event ? event->json.get([&] { return to_json(event->value); }) : nullptr;
}
