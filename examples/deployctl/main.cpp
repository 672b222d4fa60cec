// deployctl: libdeploy at the command line. Uses deploy.h alone.
//
// A command line becomes a value (arguments.cpp), the value a command (commands_*.cpp) that fills one result line.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string_view>

#include "commands.hpp"
#include "exit_code.hpp"
#include "text.hpp"

namespace deployctl {

namespace {

bool wants_color(const Arguments &args) {
  const char *no_color = std::getenv("NO_COLOR");
  return !args.no_color && (!no_color || !*no_color);
}

std::string error_line(const Failure &failure) {
  JsonObject details;
  for (const auto &[key, value] : failure.details) details.add(key, value);
  return JsonObject().add("type", "error").add("code", failure.code).add("area", failure.area).add("message", failure.message).add_raw("details", details.str()).str();
}

/// Details that the message does not say already.
void complain(Screen &screen, const Failure &failure) {
  screen.complain("deployctl: " + failure.message);
  if (failure.area != "cli") screen.complain("  kind: " + failure.code + " (" + failure.area + ")", Tone::plain);
  for (const auto &[key, value] : failure.details)
    if (failure.message.find(value) == std::string::npos) screen.complain("  " + key + ": " + value, Tone::plain);
}

int report(Screen &screen, const Failure &failure) {
  screen.json_line(error_line(failure));
  if (!screen.json()) complain(screen, failure);
  return failure.exit;
}

void finish(Screen &screen, const std::string &command, int exit, const JsonObject &facts) {
  screen.json_line(JsonObject().add("type", "result").add("command", command).add("exit", static_cast<std::int64_t>(exit)).splice(facts.str()).str());
}

int run_command(Session &session) {
  const Command command = find_command(session.args.command);
  try {
    if (!command) throw wrong_usage("there is no command \"" + session.args.command + "\"");
    return command(session);
  } catch (Failure &failure) {
    if (failure.code == "lease_held") failure.details.emplace("next", "wait for it, or look who it is: " + session.command_line("status"));
    return report(session.screen, failure);
  } catch (const std::exception &error) {
    return report(session.screen, {kError, "internal", "cli", error.what(), {}});
  }
}

int leave(const Parsed &parsed) {
  Screen screen(parsed.arguments.json, false, wants_color(parsed.arguments));
  if (parsed.error.empty()) {
    std::fputs(parsed.text.c_str(), stdout);
    return parsed.exit;
  }
  const int exit = report(screen, wrong_usage(parsed.error));
  finish(screen, parsed.arguments.command, exit, JsonObject());
  return exit;
}

int run(int argc, const char *const *argv) {
  if (argc > 1 && std::string_view(argv[1]) == "__complete") return complete(argc - 2, argv + 2);
  const Parsed parsed = parse_arguments(argc, argv);
  if (parsed.leave) return leave(parsed);
  Screen screen(parsed.arguments.json, parsed.arguments.quiet, wants_color(parsed.arguments));
  Interrupt interrupt;
  JsonObject facts;
  int exit = kDone;
  {
    Session session(parsed.arguments, screen, interrupt);
    exit = run_command(session);
    facts = session.result;
  }
  finish(screen, parsed.arguments.command, exit, facts);
  return exit;
}

}  // namespace

}  // namespace deployctl

int main(int argc, char **argv) {
  if (argc == 2 && std::string_view(argv[1]) == "--version") return std::printf("deployctl %s\n", deploy_library_version()) < 0;
  try {
    return deployctl::run(argc, argv);
  } catch (const std::exception &error) {
    std::fprintf(stderr, "deployctl: %s\n", error.what());
    return 1;
  }
}
