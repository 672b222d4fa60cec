#include "capi/guard.hpp"
#include "capi/handles.hpp"

using namespace deploy;
using namespace deploy::capi;

deploy_release *deploy_release_free(deploy_release *release) {
  delete release;
  return nullptr;
}

deploy_status deploy_release_get_info(const deploy_release *release, deploy_release_info *out_info) {
  if (!release) return DEPLOY_INVALID_ARGUMENT;
  const Release &value = release->value;
  deploy_release_info info = DEPLOY_RELEASE_INFO_INIT;
  info.application = value.application.c_str();
  info.version = release->version.c_str();
  info.build = value.build;
  info.image = release->image.c_str();
  info.digest = value.digest.str().c_str();
  info.commit = value.commit.c_str();
  info.creator = value.creator.c_str();
  info.created = ms(value.created);
  info.rollback_never = value.rollback_never ? 1 : 0;
  return fill(out_info, info);
}

const char *deploy_release_to_json(const deploy_release *release) {
  return release ? release->json.get([&] { return to_json(release->value); }) : nullptr;
}

deploy_release_list *deploy_release_list_free(deploy_release_list *list) {
  delete list;
  return nullptr;
}

const deploy_release *deploy_release_list_get(const deploy_release_list *list, size_t index) {
  return list ? element(list->items, index) : nullptr;
}
