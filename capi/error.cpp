#include "capi/guard.hpp"
#include "capi/handles.hpp"

using namespace deploy;

deploy_error *deploy_error_free(deploy_error *error) {
  delete error;
  return nullptr;
}

deploy_status deploy_error_get_status(const deploy_error *error) { return error ? error->status : DEPLOY_OK; }

const char *deploy_error_get_area(const deploy_error *error) { return error ? error->value.area().c_str() : nullptr; }

const char *deploy_error_get_message(const deploy_error *error) { return error ? error->value.what() : nullptr; }

const char *deploy_error_get_detail(const deploy_error *error, const char *key) {
  if (!error || !key) return nullptr;
  for (const auto &[name, value] : error->value.details())
    if (name == key) return value.c_str();
  return nullptr;
}

deploy_status deploy_error_get_detail_at(const deploy_error *error, size_t index, const char **out_key, const char **out_value) {
  if (!error || !out_key || !out_value) return DEPLOY_INVALID_ARGUMENT;
  const auto &details = error->value.details();
  const auto it = capi::entry(details, index);
  if (it == details.end()) return DEPLOY_NOT_FOUND;
  *out_key = it->first.c_str();
  *out_value = it->second.c_str();
  return DEPLOY_OK;
}

deploy_error *deploy_error_new(deploy_status status, const char *area, const char *message) {
  if (status >= DEPLOY_OK || status < DEPLOY_NO_MEMORY) return nullptr;
  return capi::made([&] {
    return new deploy_error(status, Error(capi::code_of(status), std::string(capi::text_or_empty(area)), std::string(capi::text_or_empty(message))));
  });
}

deploy_status deploy_error_set_detail(deploy_error *error, const char *key, const char *value) {
  return capi::guard(nullptr, [&] {
    Error &old = capi::required(error, "error").value;
    Error::Details details = old.details();
    details.insert_or_assign(std::string(capi::text(key, "key")), std::string(capi::text(value, "value")));
    old = Error(old.code(), old.area(), old.what(), std::move(details));
  });
}

const char *deploy_error_to_json(const deploy_error *error) {
  return error ? error->json.get([&] { return to_json(error->value); }) : nullptr;
}
