#include "session.hpp"

#include <pwd.h>
#include <unistd.h>

#include "exit_code.hpp"
#include "text.hpp"

namespace deployctl {

std::string user_name() {
  const passwd *user = ::getpwuid(::geteuid());
  return user && user->pw_name && *user->pw_name ? user->pw_name : "uid-" + std::to_string(::geteuid());
}

Session::Session(Arguments arguments, Screen &where, Interrupt &interrupt)
    : args(std::move(arguments)), screen(where), interrupt_(interrupt) {}

Session::~Session() { interrupt_.watch(nullptr); }

deploy_config *Session::config() {
  if (config_) return config_.get();
  Error error;
  const deploy_status status = deploy_config_load(args.config.c_str(), config_.out(), error.out());
  if (status == DEPLOY_OK) return config_.get();
  Failure failure = failure_of(status, error.get());
  failure.exit = kUsage;
  failure.details.emplace("file", args.config);
  if (status != DEPLOY_INVALID_CONFIG) failure.details.emplace("next", "name it with -C FILE, or write one with: deployctl init");
  throw failure;
}

deploy_deployer *Session::deployer() {
  if (deployer_) return deployer_.get();
  const deploy_config *configuration = config();
  const std::string actor = args.as.empty() ? user_name() : args.as;
  progress_ = std::make_unique<Progress>(screen, args.verbose > 0);
  deploy_deployer_options options = DEPLOY_DEPLOYER_OPTIONS_INIT;
  options.actor = actor.c_str();
  options.on_event = &Progress::on_event;
  options.user_data = progress_.get();
  call([&](deploy_error **error) { return deploy_deployer_new(configuration, &options, deployer_.out(), error); });
  interrupt_.watch(deployer_.get());
  return deployer_.get();
}

std::string Session::command_line(const std::string &words) const {
  const std::string config = args.config == "deploy.json" ? "" : " -C " + shell_word(args.config);
  return "deployctl" + config + " " + words;
}

}  // namespace deployctl
