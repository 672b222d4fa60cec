// Commands, options and the help that teaches them. The only file that knows CLI11.
#include "arguments.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <sstream>

#include "deploy.h"
#include "help.hpp"
#include "nearest.hpp"

namespace deployctl {

namespace {

class Formatter : public CLI::Formatter {
 public:
  Formatter() {
    column_width(34);
    label("SUBCOMMAND", "COMMAND");
    label("Subcommands", "Commands");
  }
  std::string make_footer(const CLI::App *app) const override {
    const bool top = app->get_parent() == nullptr;
    return app->get_footer() + (top ? "\n" : "\n\nOptions that every command has: deployctl --help\n");
  }
};

void add_globals(CLI::App &app, Arguments &args) {
  app.add_option("-C,--config", args.config, "the configuration (default: deploy.json)")->option_text("FILE")->take_last();
  app.add_flag("--json", args.json, "one JSON object per line: events, then the result");
  app.add_option("--as", args.as, "who acts (default: your user name)")->option_text("NAME")->take_last();
  app.add_flag("-q,--quiet", args.quiet, "only the result");
  app.add_flag("-v,--verbose", args.verbose, "every probe try, every line of the build");
  app.add_flag("--no-color", args.no_color, "no colours (NO_COLOR in the environment does the same)");
}

CLI::App *add(CLI::App &parent, const std::string &name, Arguments &args) {
  const std::string path = parent.get_parent() ? parent.get_name() + " " + name : name;
  const Help help = help_for(path);
  CLI::App *command = parent.add_subcommand(name, std::string(help.summary));
  command->fallthrough();
  command->footer(std::string(help.examples));
  command->callback([&args, path] { args.command = path; });
  return command;
}

CLI::App *add_group(CLI::App &app, const std::string &name) {
  CLI::App *group = app.add_subcommand(name, std::string(help_for(name).summary));
  group->require_subcommand(1);
  group->fallthrough();
  group->footer(std::string(help_for(name).examples));
  return group;
}

void take_environment(CLI::App *command, Arguments &args, bool required = true) {
  command->add_option("environment", args.environment, "a name from the configuration")->option_text("ENV")->required(required);
}

void take_destination(CLI::App *command, Arguments &args) {
  command->add_option("--to", args.environment, "the environment")->option_text("ENV")->required();
}

void take_release(CLI::App *command, Arguments &args, bool required) {
  command->add_option("release", args.release, "a version, a build number or a digest (default: the newest)")
      ->option_text("RELEASE")->required(required);
}

void take_build(CLI::App *command, Arguments &args) {
  command->add_option("--build", args.build, "build number (default: the ledger's next)")->option_text("N")
      ->check(CLI::Range(std::int64_t{1}, INT64_MAX));
}

void take_rollback_mark(CLI::App *command, Arguments &args) {
  command->add_option("--rollback", args.rollback, "`never`: nothing goes back from this release by itself (a migrated schema ...)")->option_text("never")
      ->check(CLI::IsMember({"never"}));
}

/// One environment, or --all of them.
void take_environment_or_all(CLI::App *command, Arguments &args) {
  command->add_option("environment", args.environment, "a name from the configuration")->option_text("ENV");
  command->add_flag("--all", args.all, "every environment at once: stop the line");
  command->parse_complete_callback([&args] {
    if (args.all == args.environment.empty()) return;
    throw CLI::ValidationError(args.all ? "both ENV and --all are given; one of them is meant" : "an ENV is required, or --all");
  });
}

void add_release_commands(CLI::App &app, Arguments &args) {
  auto *init = add(app, "init", args);
  init->add_option("--application", args.application, "its name (default: the folder's)")->option_text("NAME");
  init->add_flag("--force", args.force, "replace a file that is there");

  auto *build = add(app, "build", args);
  take_build(build, args);
  take_rollback_mark(build, args);
  auto *group = add_group(app, "release");
  auto *release = add(*group, "add", args);
  release->add_option("image", args.image, "registry/repository:tag or @digest")->option_text("IMAGE")->required();
  release->add_option("--version", args.version, "the SemVer it is known by from now on")->option_text("V")->required();
  take_rollback_mark(release, args);
  add(app, "releases", args);
}

void add_promotion_commands(CLI::App &app, Arguments &args) {
  auto *run = add(app, "run", args);
  take_build(run, args);
  take_rollback_mark(run, args);
  for (const char *name : {"promote", "plan"}) {
    auto *command = add(app, name, args);
    take_release(command, args, false);
    take_destination(command, args);
    command->add_flag("--allow-downgrade", args.allow_downgrade, "let a version below the live one go there");
  }
  auto *rollback = add(app, "rollback", args);
  take_environment(rollback, args);
  rollback->add_option("--to", args.release, "a release verified there (default: the one before the live one)")->option_text("RELEASE");
  rollback->add_flag("--no-quarantine", args.no_quarantine, "the version that is left may be promoted again");
  rollback->add_flag("--force", args.force, "also back from, or across, a release marked `rollback: never`");
  auto *resume = add(app, "resume", args);
  take_environment(resume, args, false);
  resume->add_flag("--undo", args.undo, "undo what was begun, rather than finish it");
}

void add_decision_commands(CLI::App &app, Arguments &args) {
  for (const char *name : {"approve", "deny"}) {
    auto *command = add(app, name, args);
    take_release(command, args, true);
    take_destination(command, args);
    command->add_option("--comment", args.comment, "why; recorded with it")->option_text("T");
    command->add_option("--sign", args.sign, "sign it with this SSH key (a .pub file: with the agent's)")->option_text("KEY");
    command->add_flag("--draft", args.draft, "print the text to sign; record nothing");
    command->add_option("--signed-text", args.signed_text, "record the draft that was signed with ssh-keygen")->option_text("FILE");
    command->add_option("--signature", args.signature, "its signature (default: FILE.sig)")->option_text("FILE");
  }
  auto *freeze = add(app, "freeze", args);
  take_environment_or_all(freeze, args);
  freeze->add_option("--reason", args.reason, "why; everybody who is stopped by it reads this")->option_text("T")->required();
  take_environment_or_all(add(app, "unfreeze", args), args);
  auto *group = add_group(app, "quarantine");
  auto *lift = add(*group, "lift", args);
  lift->add_option("digest", args.digest, "sha256:...")->option_text("DIGEST")->required();
  lift->add_option("--reason", args.reason, "why it may be deployed again")->option_text("T")->required();
}

void add_question_commands(CLI::App &app, Arguments &args) {
  take_environment(add(app, "status", args), args, false);
  take_environment(add(app, "history", args), args, false);
  add(app, "show", args)->add_option("deployment", args.deployment, "its id, or the beginning of it")->option_text("DEPLOYMENT")->required();
  auto *logs = add(app, "logs", args);
  take_environment(logs, args);
  logs->add_flag("-f,--follow", args.follow, "go on until Ctrl-C");
  logs->add_option("-n,--lines", args.lines, "the newest N lines of each host (default: 100)")->option_text("N")->check(CLI::Range(0, 1'000'000));
  take_environment(add(app, "verify", args), args);
  take_environment(add(app, "adopt", args), args);
  add(app, "doctor", args);
  auto *group = add_group(app, "ledger");
  auto *ledger_verify = add(*group, "verify", args);
  ledger_verify->add_option("file", args.file, "an export to check instead of the ledger")->option_text("FILE");
  ledger_verify->add_option("--head", args.head, "a head noted earlier (`ledger head`): finds an end that is missing since")->option_text("SEQ:HASH");
  add(*group, "head", args);
  add(*group, "export", args);
}

void add_completion(CLI::App &app, Arguments &args) {
  add(app, "completion", args)->add_option("shell", args.shell, "bash or zsh")->option_text("SHELL")->required()
      ->check(CLI::IsMember({"bash", "zsh"}));
}

std::unique_ptr<CLI::App> make_app(Arguments &args) {
  auto app = std::make_unique<CLI::App>("Build once, prove in staging, approve, go to production, and back by itself.", "deployctl");
  app->formatter(std::make_shared<Formatter>());
  app->footer(std::string(help_for("").examples));
  app->set_help_flag("-h,--help", "this help; `deployctl COMMAND --help` teaches a command");
  app->set_version_flag("--version", "deployctl " + std::string(deploy_library_version()), "the version");
  app->require_subcommand(1);
  add_globals(*app, args);
  add_release_commands(*app, args);
  add_promotion_commands(*app, args);
  add_decision_commands(*app, args);
  add_question_commands(*app, args);
  add_completion(*app, args);
  return app;
}

/// The command as far as it was recognised, for the result line of a wrong command line.
std::string recognised(const CLI::App &app) {
  std::string path;
  for (const CLI::App *at = &app; !at->get_subcommands().empty();) {
    at = at->get_subcommands().front();
    path += (path.empty() ? "" : " ") + at->get_name();
  }
  return path;
}

/// CLI11 names what is missing; for what is too much we say what was probably meant.
std::string explain(const CLI::App &app, const CLI::ParseError &error, int argc, const char *const *argv) {
  const std::string path = recognised(app);
  std::string text = error.what();
  if (path.empty()) {
    for (int i = 1; i < argc; ++i) {
      if (argv[i][0] == '-') continue;
      const std::string near = nearest(argv[i], known_words("", false));
      text = "there is no command \"" + std::string(argv[i]) + "\"" + (near.empty() ? "" : "; did you mean \"" + near + "\"?");
      break;
    }
  }
  return text + "\nTry: deployctl " + (path.empty() ? "" : path + " ") + "--help";
}

bool says_json(int argc, const char *const *argv) {
  return std::any_of(argv, argv + argc, [](const char *word) { return std::string_view(word) == "--json"; });
}

const CLI::App *child(const CLI::App &app, const std::string &name) {
  const auto found = app.get_subcommands([&](const CLI::App *command) { return command->get_name() == name; });
  return found.empty() ? nullptr : found.front();
}

const CLI::App *find(const CLI::App &app, const std::string &path) {
  std::istringstream words(path);
  const CLI::App *at = &app;
  for (std::string word; at && words >> word;) at = child(*at, word);
  return at;
}

}  // namespace

Parsed parse_arguments(int argc, const char *const *argv) {
  Parsed parsed;
  const auto app = make_app(parsed.arguments);
  try {
    app->parse(argc, argv);
  } catch (const CLI::CallForVersion &version) {
    parsed.leave = true;
    parsed.text = std::string(version.what()) + "\n";
  } catch (const CLI::CallForHelp &) {
    parsed.leave = true;
    parsed.text = app->help();
  } catch (const CLI::ParseError &error) {
    parsed.leave = true;
    parsed.exit = 2;
    parsed.error = explain(*app, error, argc, argv);
    parsed.arguments.json = says_json(argc, argv);
    parsed.arguments.command = recognised(*app);
  }
  return parsed;
}

std::vector<std::string> known_words(const std::string &path, bool options) {
  Arguments unused;
  const auto app = make_app(unused);
  const CLI::App *at = find(*app, path);
  std::vector<std::string> words;
  if (!at) return words;
  if (options) {
    for (const CLI::App *level = at; level; level = level == app.get() ? nullptr : app.get())
      for (const CLI::Option *option : level->get_options())
        for (const auto &name : option->get_lnames()) words.push_back("--" + name);
  } else {
    for (const CLI::App *command : at->get_subcommands([](const CLI::App *) { return true; })) words.push_back(command->get_name());
  }
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

}  // namespace deployctl
