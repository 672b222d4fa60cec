#include <algorithm>

#include "simulation/player.hpp"
#include "support/json.hpp"

namespace deploy::simulation {

namespace {
using Actions = std::vector<Action>;

bool breaks(const Config& config, const Script& script, int invariant) {
  const auto found = simulate(config, script).violation;
  return found && found->invariant == invariant;
}

/// A command and what happens at its calls.
std::size_t end_of_command(const Actions& actions, std::size_t begin) {
  std::size_t end = begin + 1;
  while (end < actions.size() && actions[end].at > 0) ++end;
  return end;
}

/// Takes out [begin, end) for good when the promise is still broken without it.
bool try_without(const Config& config, Script& script, std::size_t begin, std::size_t end, int invariant) {
  Script shorter = script;
  shorter.actions.erase(shorter.actions.begin() + static_cast<std::ptrdiff_t>(begin), shorter.actions.begin() + static_cast<std::ptrdiff_t>(end));
  if (!shorter.actions.empty() && shorter.actions.front().meanwhile) shorter.actions.front().meanwhile = false;
  if (!breaks(config, shorter, invariant)) return false;
  script = std::move(shorter);
  return true;
}

/// Whole commands first, the last ones first, then single lines.
bool shorten(const Config& config, Script& script, int invariant) {
  bool changed = false;
  for (std::size_t i = script.actions.size(); i-- > 0;)
    if (i < script.actions.size() && script.actions[i].at == 0) changed |= try_without(config, script, i, end_of_command(script.actions, i), invariant);
  for (std::size_t i = script.actions.size(); i-- > 0;)
    if (i < script.actions.size() && script.actions[i].at > 0) changed |= try_without(config, script, i, i + 1, invariant);
  return changed;
}

/// Earlier calls and shorter times read better.
void simplify(const Config& config, Script& script, int invariant) {
  for (std::size_t i = 0; i < script.actions.size(); ++i) {
    Script simpler = script;
    Action& action = simpler.actions[i];
    action.meanwhile = false;
    if (action.verb == Verb::ship || action.verb == Verb::build) action.word.clear();
    if (simpler != script && breaks(config, simpler, invariant)) script = simpler;
  }
}
}  // namespace

std::string to_json(const SimulationReport& report) {
  json::Object outcomes;
  for (const auto& [outcome, count] : report.outcomes) outcomes.add(outcome, count);
  json::Object out;
  out.add("ok", !report.violation).add("events", report.events).add("outcomes", outcomes).add("story", report.story);
  if (!report.violation) return out.add_null("violation").str();
  return out.add("violation", json::Object().add("invariant", report.violation->invariant).add("promise", broken_promise(report.violation->invariant))
                                  .add("sentence", report.violation->sentence)).str();
}

SimulationReport simulate(const Config& config, const Script& script) { return Player(config, script).play(); }

Script shrink(const Config& config, const Script& script) {
  const auto first = simulate(config, script).violation;
  if (!first) return script;
  Script shortest = script;
  while (shorten(config, shortest, first->invariant)) {}
  simplify(config, shortest, first->invariant);
  return shortest;
}

}  // namespace deploy::simulation
