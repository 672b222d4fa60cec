#include "failure.hpp"

#include "exit_code.hpp"

namespace deployctl {

Failure failure_of(deploy_status status, const deploy_error *error) {
  Failure failure;
  failure.code = deploy_status_name(status);
  failure.area = error ? deploy_error_get_area(error) : "capi";
  failure.message = error ? deploy_error_get_message(error) : failure.code;
  failure.exit = exit_code(status, failure.area.c_str());
  const char *key = nullptr;
  const char *value = nullptr;
  for (std::size_t i = 0; deploy_error_get_detail_at(error, i, &key, &value) == DEPLOY_OK; ++i) failure.details.emplace(key, value);
  return failure;
}

Failure wrong_usage(const std::string &message) { return {kUsage, "invalid_argument", "cli", message, {}}; }

}  // namespace deployctl
