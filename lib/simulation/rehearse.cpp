// A configuration tried out: one story without faults, or many runs with them.
#include <algorithm>

#include "simulation/rehearsal_story.hpp"
#include "support/json.hpp"

namespace deploy::simulation {

namespace {
std::string listed(const std::map<std::string, std::int64_t>& outcomes) {
  std::string text;
  for (const auto& [outcome, count] : outcomes) text += (text.empty() ? "" : ", ") + outcome + " " + std::to_string(count);
  return text;
}

std::string replay_command(const Config& config, const Rehearsal& rehearsal, bool faults) {
  return "deployctl" + (config.file.empty() ? "" : " -C " + config.file) + " rehearse --seed " + std::to_string(rehearsal.seed) + (faults ? " --runs 1 --faults" : "");
}

void tell_violation(const Config& config, const Rehearsal& found, bool faults, const Teller& tell) {
  tell("BROKEN: " + std::string(broken_promise(found.violation->invariant)));
  tell("  seen: " + found.violation->sentence);
  tell("  replay: " + replay_command(config, found, faults));
  if (found.script.actions.empty()) return;
  tell("  the shortest script that breaks it:");
  const std::string script = found.script.str();
  for (std::string_view text = script; !text.empty();) {
    const auto end = std::min(text.find('\n'), text.size());
    tell("    " + std::string(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

void add(Rehearsal& rehearsal, const SimulationReport& report) {
  ++rehearsal.runs;
  rehearsal.events += report.events;
  for (const auto& [outcome, count] : report.outcomes) rehearsal.outcomes[outcome] += count;
}

Rehearsal run_many(const Config& config, const RehearsalOptions& options, const Teller& tell) {
  Rehearsal rehearsal;
  for (int i = 0; i < options.runs && !rehearsal.violation; ++i) {
    rehearsal.seed = options.seed + static_cast<std::uint64_t>(i);
    const Script script = random_script(config, rehearsal.seed);
    const SimulationReport report = simulate(config, script);
    add(rehearsal, report);
    if (options.runs == 1)
      for (const std::string& line : report.story) tell(line);
    if (!report.violation) continue;
    rehearsal.script = shrink(config, script);
    rehearsal.violation = simulate(config, rehearsal.script).violation;
  }
  tell(std::to_string(rehearsal.runs) + " runs with faults, promises checked after each of " + std::to_string(rehearsal.events) + " events: " + listed(rehearsal.outcomes));
  return rehearsal;
}
}  // namespace

Rehearsal rehearse(const Config& config, const RehearsalOptions& options, const std::function<void(std::string_view)>& on_line) {
  const Teller tell = [&](const std::string& line) {
    if (on_line) on_line(line);
  };
  Rehearsal rehearsal = options.faults ? run_many(config, options, tell) : tell_story(config, options.seed, tell);
  if (rehearsal.violation) tell_violation(config, rehearsal, options.faults, tell);
  return rehearsal;
}

std::string to_json(const Rehearsal& rehearsal) {
  json::Object outcomes;
  for (const auto& [outcome, count] : rehearsal.outcomes) outcomes.add(outcome, count);
  json::Object out;
  out.add("ok", !rehearsal.violation).add("runs", rehearsal.runs).add("events", rehearsal.events).add("outcomes", outcomes);
  if (!rehearsal.violation) return out.add_null("violation").str();
  return out.add("violation", json::Object().add("invariant", rehearsal.violation->invariant).add("promise", broken_promise(rehearsal.violation->invariant))
                                  .add("sentence", rehearsal.violation->sentence).add("seed", rehearsal.seed).add("script", rehearsal.script.str())).str();
}

}  // namespace deploy::simulation
