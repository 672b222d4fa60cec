// Shell completion: small scripts that ask `deployctl __complete WORDS...`, which answers from configuration and ledger.
#include <unistd.h>

#include <cstdio>
#include <string_view>

#include "commands.hpp"

namespace deployctl {

namespace {

constexpr std::string_view kBash = R"(# bash completion for deployctl:  source <(deployctl completion bash)
_deployctl() {
  local IFS=$'\n'
  COMPREPLY=($(deployctl __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
  [[ ${#COMPREPLY[@]} -eq 0 ]] && COMPREPLY=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]}"))
}
complete -o filenames -F _deployctl deployctl
)";

constexpr std::string_view kZsh = R"(#compdef deployctl
# zsh completion for deployctl:  deployctl completion zsh > ~/.zfunc/_deployctl
_deployctl() {
  local -a candidates
  candidates=("${(@f)$(deployctl __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  candidates=(${candidates:#})
  if (( ${#candidates} )); then compadd -a candidates; else _files; fi
}
if [ "$funcstack[1]" = "_deployctl" ]; then _deployctl "$@"; else compdef _deployctl deployctl; fi
)";

/// The words before the one to complete, taken apart.
struct Line {
  std::string config = "deploy.json";
  std::string command;   ///< "release add"
  std::string previous;  ///< the word just before
  std::size_t given = 0; ///< positional arguments of the command
};

bool takes_value(std::string_view option) {
  for (const std::string_view known : {"-C", "--config", "--as", "--to", "--build", "--version", "--comment", "--sign", "--signed-text", "--signature", "--reason", "--rollback", "--application", "-n",
                                       "--lines", "--head"})
    if (known == option) return true;
  return false;
}

bool is_group(std::string_view word) { return word == "release" || word == "ledger" || word == "quarantine"; }

Line take_apart(const std::vector<std::string> &words) {
  Line line;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string &word = words[i];
    line.previous = word;
    if (takes_value(word)) {
      if (i + 1 == words.size()) return line;
      if (word == "-C" || word == "--config") line.config = words[i + 1];
      ++i;
    } else if (!word.empty() && word[0] != '-') {
      if (line.command.empty()) line.command = word;
      else if (is_group(line.command)) line.command += " " + word;
      else ++line.given;
    }
    line.previous = words[i];
  }
  return line;
}

std::vector<std::string> environments(const Config &config) {
  std::vector<std::string> names;
  for (std::size_t i = 0; const char *name = deploy_environment_get_name(deploy_config_get_environment(config.get(), i)); ++i) names.emplace_back(name);
  return names;
}

/// Opened only when it is there: completing a line must not create a ledger.
Deployer open_ledger(const Config &config) {
  Deployer deployer;
  const char *state = deploy_config_get_state(config.get());
  std::string_view path = state ? state : "";
  if (path.starts_with("sqlite:")) path.remove_prefix(7);
  if (path.empty() || ::access(std::string(path).c_str(), R_OK) != 0) return deployer;
  deploy_deployer_options options = DEPLOY_DEPLOYER_OPTIONS_INIT;
  options.actor = "completion";
  if (deploy_deployer_new(config.get(), &options, deployer.out(), nullptr) < 0) return {};
  return deployer;
}

std::vector<std::string> releases(const Config &config) {
  std::vector<std::string> versions;
  const Deployer deployer = open_ledger(config);
  ReleaseList list;
  if (!deployer || deploy_deployer_releases(deployer.get(), list.out(), nullptr) < 0) return versions;
  deploy_release_info info = DEPLOY_RELEASE_INFO_INIT;
  for (std::size_t i = 0; deploy_release_get_info(deploy_release_list_get(list.get(), i), &info) == DEPLOY_OK; ++i) versions.emplace_back(info.version);
  return versions;
}

std::vector<std::string> deployments(const Config &config) {
  std::vector<std::string> ids;
  const Deployer deployer = open_ledger(config);
  DeploymentList list;
  if (!deployer || deploy_deployer_history(deployer.get(), nullptr, list.out(), nullptr) < 0) return ids;
  deploy_deployment_info info = DEPLOY_DEPLOYMENT_INFO_INIT;
  for (std::size_t i = 0; deploy_deployment_get_info(deploy_deployment_list_get(list.get(), i), &info) == DEPLOY_OK; ++i) ids.emplace_back(info.id);
  return ids;
}

bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  for (const auto &candidate : words)
    if (candidate == word) return true;
  return false;
}

std::vector<std::string> arguments_of(const Line &line, const Config &config) {
  if (line.given > 0) return {};
  if (one_of(line.command, {"promote", "plan", "approve", "deny"})) return releases(config);
  if (one_of(line.command, {"rollback", "resume", "status", "history", "logs", "verify", "adopt", "freeze", "unfreeze"})) return environments(config);
  if (line.command == "show") return deployments(config);
  if (line.command == "completion") return {"bash", "zsh"};
  return {};
}

std::vector<std::string> candidates(const Line &line, const std::string &current) {
  Config config;
  static_cast<void>(deploy_config_load(line.config.c_str(), config.out(), nullptr));  // without one there is less to offer
  if (line.previous == "--to") return line.command == "rollback" ? releases(config) : environments(config);
  if (line.previous == "--rollback") return {"never"};
  if (takes_value(line.previous)) return {};
  if (!current.empty() && current[0] == '-') return known_words(line.command, true);
  if (line.command.empty() || is_group(line.command)) return known_words(line.command, false);
  return arguments_of(line, config);
}

}  // namespace

int complete(int count, const char *const *words) {
  std::vector<std::string> line(words, words + count);
  const std::string current = line.empty() ? "" : line.back();
  if (!line.empty()) line.pop_back();
  for (const auto &candidate : candidates(take_apart(line), current))
    if (candidate.starts_with(current)) std::printf("%s\n", candidate.c_str());
  return 0;
}

int command_completion(Session &session) {
  const std::string_view script = session.args.shell == "bash" ? kBash : kZsh;
  if (session.screen.json()) session.result.add("script", script);
  else session.screen.raw(script);
  return 0;
}

}  // namespace deployctl
