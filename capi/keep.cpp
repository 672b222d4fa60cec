#include "capi/keep.hpp"

#include "capi/lists.hpp"

namespace deploy::capi {

void Keep::text(const char *&value) {
  if (value) value = copy(std::string_view(value));
}

void Keep::list(const char *const *&values) {
  if (values) values = copy(texts_of(values));
}

void Keep::numbers(const std::int32_t *&values) {
  if (!values) return;
  std::vector<int> all;
  for (const std::int32_t *value = values; *value != 0; ++value) all.push_back(*value);
  values = copy(all);
}

void Keep::secret(const deploy_secret_source *&source) {
  if (!source) return;
  deploy_secret_source known = options<deploy_secret_source>(source, DEPLOY_SECRET_SOURCE_INIT);
  text(known.name);
  list(known.command);
  secrets_.push_back(known);
  source = &secrets_.back();
}

const char *Keep::copy(std::string_view value) { return texts_.emplace_back(value).c_str(); }

const char *const *Keep::end(std::vector<const char *> values) {
  values.push_back(nullptr);
  return lists_.emplace_back(std::move(values)).data();
}

const char *const *Keep::copy(const std::vector<std::string> &values) {
  std::vector<const char *> pointers;
  for (const auto &value : values) pointers.push_back(copy(value));
  return end(std::move(pointers));
}

const char *const *Keep::copy(const std::map<std::string, std::string> &values) {
  std::vector<const char *> pointers;
  for (const auto &[name, value] : values) {
    pointers.push_back(copy(name));
    pointers.push_back(copy(value));
  }
  return end(std::move(pointers));
}

const std::int32_t *Keep::copy(const std::vector<int> &values) {
  std::vector<std::int32_t> all(values.begin(), values.end());
  all.push_back(0);
  return numbers_.emplace_back(std::move(all)).data();
}

const deploy_secret_source *Keep::copy(const SecretSource &source) {
  deploy_secret_source record = DEPLOY_SECRET_SOURCE_INIT;
  if (const auto *variable = std::get_if<SecretFromEnv>(&source)) {
    record.kind = DEPLOY_SECRET_ENV;
    record.name = copy(variable->name);
  } else if (const auto *file = std::get_if<SecretFromFile>(&source)) {
    record.kind = DEPLOY_SECRET_FILE;
    record.name = copy(file->path);
  } else if (const auto *command = std::get_if<SecretFromCommand>(&source)) {
    record.kind = DEPLOY_SECRET_COMMAND;
    record.command = copy(command->argv);
  }
  secrets_.push_back(record);
  return &secrets_.back();
}

}  // namespace deploy::capi
