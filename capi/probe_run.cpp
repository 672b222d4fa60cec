// One probe by itself.
#include "capi/guard.hpp"
#include "capi/handles.hpp"
#include "capi/records.hpp"

using namespace deploy;
using namespace deploy::capi;

namespace {

/// As the reader of configurations sees it: the least configuration that has this probe.
HealthProbe judged(const deploy_health_probe &probe) {
  deploy_container container = DEPLOY_CONTAINER_INIT;
  container.name = "probe";
  deploy_image_settings image = DEPLOY_IMAGE_SETTINGS_INIT;
  image.repository = "probe";
  deploy_environment environment("probe");
  environment.hosts = {"unix:///probe"};
  environment.container = kept(&container, "container", container);
  environment.probe = std::make_shared<const deploy_health_probe>(probe);
  ConfigParts parts;
  parts.application = "probe";
  parts.image = kept(&image, "image", image);
  parts.environments.push_back(std::move(environment));
  return Config::parse(to_json(parts), ".").environments.front().probe;
}

}  // namespace

deploy_status deploy_health_probe_run(const deploy_health_probe *probe, const char *address, deploy_try_fn on_try, void *user_data,
                                      deploy_probe_report **out_report, deploy_error **out_error) {
  return guard(out_error, [&] {
    const deploy_health_probe &given = required(probe, "probe");
    auto &out = required(out_report, "out_report");
    const std::string where(text(address, "address"));
    const auto tell = [&](const ProbeTry &found) {
      const deploy_probe_try record = record_of(found);
      if (on_try && on_try(&record, user_data) != 0) throw Error(ErrorCode::cancelled, "probe", "stopped on request while probing");
    };
    out = new deploy_probe_report(run_probe(judged(given), where, tell));
  });
}

deploy_probe_report *deploy_probe_report_free(deploy_probe_report *report) {
  delete report;
  return nullptr;
}

deploy_status deploy_probe_report_get_info(const deploy_probe_report *report, deploy_probe_report_info *out_info) {
  if (!report) return DEPLOY_INVALID_ARGUMENT;
  deploy_probe_report_info info = DEPLOY_PROBE_REPORT_INFO_INIT;
  info.verdict = number_of(report->value.verdict);
  info.verdict_name = literal(to_string(report->value.verdict));
  info.reason = report->value.reason.c_str();
  info.waited = ms(report->value.waited);
  return fill(out_info, info);
}

deploy_status deploy_probe_report_get_try(const deploy_probe_report *report, size_t index, deploy_probe_try *out_try) {
  if (!report) return DEPLOY_INVALID_ARGUMENT;
  const ProbeTry *value = element(report->value.tries, index);
  return value ? fill(out_try, record_of(*value)) : DEPLOY_NOT_FOUND;
}

const char *deploy_probe_report_to_json(const deploy_probe_report *report) {
  return report ? report->json.get([&] { return to_json(report->value); }) : nullptr;
}
