// init, build, release add, releases
#include <filesystem>

#include "commands.hpp"
#include "text.hpp"

namespace deployctl {

namespace {

/// The folder that the configuration stands in.
std::string folder_name(const std::string &file) {
  std::error_code ignored;
  const auto folder = std::filesystem::absolute(file, ignored).lexically_normal().parent_path().filename().string();
  return folder.empty() ? "myapp" : folder;
}

deploy_release_info facts(const deploy_release *release) {
  deploy_release_info info = DEPLOY_RELEASE_INFO_INIT;
  deploy_release_get_info(release, &info);
  return info;
}

int report_release(Session &session, const deploy_release *release) {
  const auto info = facts(release);
  session.screen.say("release " + std::string(info.version) + (info.build ? " (build " + std::to_string(info.build) + ")" : "") + (info.rollback_never ? ", rollback: never" : "") + ": " +
                     info.image, Tone::good);
  session.result.add("release", info.version).splice(deploy_release_to_json(release));
  return 0;
}

}  // namespace

int command_init(Session &session) {
  const std::string application = session.args.application.empty() ? folder_name(session.args.config) : session.args.application;
  deploy_write_options options = DEPLOY_WRITE_OPTIONS_INIT;
  options.application = application.c_str();
  options.overwrite = session.args.force ? 1 : 0;
  try {
    session.call([&](deploy_error **error) { return deploy_config_write(session.args.config.c_str(), &options, error); });
  } catch (Failure &failure) {
    if (failure.code == "already_exists") failure.details.emplace("next", "--force replaces it");
    throw;
  }
  session.result.add("file", session.args.config);
  session.screen.tell("wrote " + session.args.config + " for \"" + application + "\"");
  session.screen.tell("next: put your image, hosts and probes into it, then: " + session.command_line("doctor"));
  return 0;
}

int command_build(Session &session) {
  deploy_build_options options = DEPLOY_BUILD_OPTIONS_INIT;
  options.build = session.args.build;
  options.rollback_never = session.args.rollback == "never" ? 1 : 0;
  Release release;
  session.call([&](deploy_error **error) { return deploy_deployer_build(session.deployer(), &options, release.out(), error); });
  return report_release(session, release.get());
}

int command_release_add(Session &session) {
  deploy_release_options options = DEPLOY_RELEASE_OPTIONS_INIT;
  options.rollback_never = session.args.rollback == "never" ? 1 : 0;
  Release release;
  session.call([&](deploy_error **error) {
    return deploy_deployer_add_release(session.deployer(), session.args.image.c_str(), session.args.version.c_str(), &options, release.out(), error);
  });
  return report_release(session, release.get());
}

int command_releases(Session &session) {
  ReleaseList list;
  session.call([&](deploy_error **error) { return deploy_deployer_releases(session.deployer(), list.out(), error); });
  Table table({"VERSION", "BUILD", "DIGEST", "CREATED", "BY", "COMMIT"});
  std::vector<std::string> json;
  for (std::size_t i = 0; const deploy_release *release = deploy_release_list_get(list.get(), i); ++i) {
    const auto info = facts(release);
    json.emplace_back(deploy_release_to_json(release));
    table.add({std::string(info.version) + (info.rollback_never ? "  (rollback: never)" : ""), info.build ? std::to_string(info.build) : "-", short_digest(info.digest), when(info.created), or_dash(info.creator),
               std::string(or_dash(info.commit)).substr(0, 12)});
  }
  session.result.add_raw("releases", json_array(json));
  if (json.empty()) session.screen.say("no release yet; make one with: " + session.command_line("build"));
  else for (const auto &line : table.lines()) session.screen.say(line);
  return 0;
}

}  // namespace deployctl
