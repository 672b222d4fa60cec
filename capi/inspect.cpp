// Questions to the ledger and to the hosts.
#include "capi/guard.hpp"
#include "capi/handles.hpp"
#include "capi/records.hpp"

using namespace deploy;
using namespace deploy::capi;

namespace {

/// Calls back with pieces of text, a NUL behind each.
std::function<void(std::string_view)> lines_to(deploy_text_fn call, void *user_data) {
  return [call, user_data](std::string_view line) {
    const std::string ended(line);
    call(ended.c_str(), ended.size(), user_data);
  };
}

LogOptions wanted(const deploy_log_options *options, deploy_log_fn call, void *user_data) {
  const auto given = capi::options<deploy_log_options>(options, DEPLOY_LOG_OPTIONS_INIT);
  LogOptions result;
  result.lines = given.lines;
  result.follow = given.follow != 0;
  result.sink = [call, user_data](std::string_view host, std::string_view piece) {
    const std::string ended(piece);
    call(std::string(host).c_str(), ended.c_str(), ended.size(), user_data);
  };
  return result;
}

std::optional<LedgerHead> noted(const char *head) {
  if (!head) return std::nullopt;
  return parse_ledger_head(head);
}

}  // namespace

deploy_status deploy_deployer_state(deploy_deployer *deployer, const char *environment, deploy_environment_state **out_state,
                                    deploy_error **out_error) {
  return guard(out_error, [&] {
    Deployer &value = required(deployer, "deployer").value;
    auto &out = required(out_state, "out_state");
    out = new deploy_environment_state(value.status(text(environment, "environment")));
  });
}

deploy_status deploy_deployer_history(deploy_deployer *deployer, const char *environment, deploy_deployment_list **out_deployments,
                                      deploy_error **out_error) {
  return guard(out_error, [&] {
    Deployer &value = required(deployer, "deployer").value;
    auto &out = required(out_deployments, "out_deployments");
    out = new deploy_deployment_list(value.history(text_or_empty(environment)));
  });
}

deploy_status deploy_deployer_find_deployment(deploy_deployer *deployer, const char *id, deploy_deployment **out_deployment,
                                              deploy_error **out_error) {
  return guard(out_error, [&] {
    Deployer &value = required(deployer, "deployer").value;
    auto &out = required(out_deployment, "out_deployment");
    out = new deploy_deployment(value.show(text(id, "id")));
  });
}

deploy_status deploy_deployer_logs(deploy_deployer *deployer, const char *environment, const deploy_log_options *options,
                                   deploy_log_fn on_text, void *user_data, deploy_error **out_error) {
  return guard(out_error, [&] {
    Deployer &value = required(deployer, "deployer").value;
    if (!on_text) fail_null("on_text");
    value.logs(text(environment, "environment"), wanted(options, on_text, user_data));
  });
}

deploy_status deploy_deployer_verify(deploy_deployer *deployer, const char *environment, deploy_drift **out_drift, deploy_error **out_error) {
  return guard(out_error, [&] {
    Deployer &value = required(deployer, "deployer").value;
    auto &out = required(out_drift, "out_drift");
    out = new deploy_drift(value.verify(text(environment, "environment")));
  });
}

deploy_status deploy_deployer_adopt(deploy_deployer *deployer, const char *environment, deploy_text_fn on_line, void *user_data,
                                    deploy_error **out_error) {
  return guard(out_error, [&] {
    Deployer &value = required(deployer, "deployer").value;
    if (!on_line) fail_null("on_line");
    const auto tell = lines_to(on_line, user_data);
    for (const auto &line : value.adopt(text(environment, "environment"))) tell(line);
  });
}

deploy_status deploy_deployer_doctor(deploy_deployer *deployer, deploy_checks **out_checks, deploy_error **out_error) {
  return guard(out_error, [&] {
    Deployer &value = required(deployer, "deployer").value;
    auto &out = required(out_checks, "out_checks");
    out = new deploy_checks(value.doctor());
  });
}

deploy_status deploy_deployer_verify_ledger(deploy_deployer *deployer, int64_t *out_entries, deploy_error **out_error) {
  return guard(out_error, [&] {
    Deployer &value = required(deployer, "deployer").value;
    auto &out = required(out_entries, "out_entries");
    out = value.ledger_verify();
  });
}

deploy_status deploy_deployer_ledger_head(deploy_deployer *deployer, const char **out_head, deploy_error **out_error) {
  return guard(out_error, [&] {
    deploy_deployer &handle = required(deployer, "deployer");
    auto &out = required(out_head, "out_head");
    handle.ledger_head = to_string(handle.value.ledger_head());
    out = handle.ledger_head.c_str();
  });
}

deploy_status deploy_deployer_verify_ledger_against(deploy_deployer *deployer, const char *head, int64_t *out_entries, deploy_error **out_error) {
  return guard(out_error, [&] {
    Deployer &value = required(deployer, "deployer").value;
    auto &out = required(out_entries, "out_entries");
    out = value.ledger_verify(noted(head));
  });
}

deploy_status deploy_ledger_verify_export(const char *path, const char *head, int64_t *out_entries, deploy_error **out_error) {
  return guard(out_error, [&] {
    auto &out = required(out_entries, "out_entries");
    out = verify_exported_ledger(std::string(text(path, "path")), noted(head)).seq;
  });
}

deploy_status deploy_deployer_read_ledger(deploy_deployer *deployer, int64_t after, deploy_entry_fn on_entry, void *user_data, deploy_error **out_error) {
  return guard(out_error, [&] {
    Deployer &value = required(deployer, "deployer").value;
    if (!on_entry) fail_null("on_entry");
    value.ledger_entries(after, [&](const LedgerEntry &entry) {
      const deploy_ledger_entry record = record_of(entry);
      on_entry(&record, user_data);
    });
  });
}

deploy_status deploy_deployer_export_ledger(deploy_deployer *deployer, deploy_text_fn on_line, void *user_data, deploy_error **out_error) {
  return guard(out_error, [&] {
    Deployer &value = required(deployer, "deployer").value;
    if (!on_line) fail_null("on_line");
    value.ledger_export(lines_to(on_line, user_data));
  });
}
