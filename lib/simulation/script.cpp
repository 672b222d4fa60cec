// Scripts as text and back:
//
//   seed 7
//   ship release=1.0.2 as=unhealthy
//   promote release=1.0.2 to=staging by=ci on=controller
//     at 17: kill_after
//     meanwhile: approve release=1.0.2 to=production by=alice on=desk
#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "deploy/error.hpp"
#include "deploy/simulation.hpp"

namespace deploy::simulation {

namespace {
constexpr std::array<std::pair<Verb, std::string_view>, 33> kVerbs{{
    {Verb::ship, "ship"}, {Verb::build, "build"}, {Verb::promote, "promote"}, {Verb::approve, "approve"}, {Verb::deny, "deny"}, {Verb::freeze, "freeze"},
    {Verb::unfreeze, "unfreeze"}, {Verb::rollback, "rollback"}, {Verb::resume, "resume"}, {Verb::lift, "lift"}, {Verb::wait, "wait"},
    {Verb::fail, "fail"}, {Verb::fail_after, "fail_after"}, {Verb::hang, "hang"}, {Verb::hang_after, "hang_after"}, {Verb::kill, "kill"},
    {Verb::kill_after, "kill_after"}, {Verb::pause, "pause"}, {Verb::cut, "cut"}, {Verb::mend, "mend"}, {Verb::reboot, "reboot"},
    {Verb::restart_engine, "restart_engine"}, {Verb::fill_disk, "fill_disk"}, {Verb::free_disk, "free_disk"}, {Verb::occupy, "occupy"},
    {Verb::vacate, "vacate"}, {Verb::jump, "jump"}, {Verb::move_tag, "move_tag"}, {Verb::erase, "erase"}, {Verb::registry_down, "registry_down"},
    {Verb::registry_up, "registry_up"}, {Verb::stop_by_hand, "stop_by_hand"}, {Verb::remove_by_hand, "remove_by_hand"},
}};

[[noreturn]] void malformed(std::string_view line, const std::string& why) {
  throw Error(ErrorCode::invalid_argument, "simulation", "the script's line \"" + std::string(line) + "\" makes no sense: " + why);
}

Verb parse_verb(std::string_view word, std::string_view line) {
  for (const auto& [verb, name] : kVerbs)
    if (name == word) return verb;
  malformed(line, "there is no verb " + std::string(word));
}

template <class Number>
Number parse_number(std::string_view text, std::string_view line) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) malformed(line, std::string(text) + " is no number");
  return number;
}

/// The next word of `rest`, which loses it.
std::string_view next_word(std::string_view& rest) {
  const auto begin = rest.find_first_not_of(' ');
  if (begin == std::string_view::npos) return rest = {};
  const auto end = std::min(rest.find(' ', begin), rest.size());
  const std::string_view word = rest.substr(begin, end - begin);
  rest.remove_prefix(end);
  return word;
}

void set(Action& action, std::string_view key, std::string_view value, std::string_view line) {
  if (key == "release") action.release = value;
  else if (key == "to") action.environment = value;
  else if (key == "host") action.host = value;
  else if (key == "by") action.actor = value;
  else if (key == "on") action.machine = value;
  else if (key == "as") action.word = value;
  else if (key == "for") action.duration = parse_duration(value);
  else malformed(line, "there is no " + std::string(key));
}

Action parse_action(std::string_view line) {
  Action action;
  std::string_view rest = line;
  std::string_view word = next_word(rest);
  if (word == "at") {
    std::string_view number = next_word(rest);
    if (number.ends_with(':')) number.remove_suffix(1);
    action.at = parse_number<int>(number, line);
    if (action.at < 1) malformed(line, "calls are counted from 1");
    word = next_word(rest);
  } else if (word == "meanwhile:") {
    action.meanwhile = true;
    word = next_word(rest);
  }
  action.verb = parse_verb(word, line);
  for (word = next_word(rest); !word.empty(); word = next_word(rest)) {
    const auto equals = word.find('=');
    if (equals == std::string_view::npos) malformed(line, std::string(word) + " is not of the form key=value");
    set(action, word.substr(0, equals), word.substr(equals + 1), line);
  }
  return action;
}

std::string text_of(const Action& action) {
  std::string line = action.at > 0 ? "  at " + std::to_string(action.at) + ": " : action.meanwhile ? "  meanwhile: " : "";
  line += to_string(action.verb);
  const auto add = [&](const char* key, const std::string& value) {
    if (!value.empty()) line += std::string(" ") + key + "=" + value;
  };
  add("release", action.release);
  add("to", action.environment);
  add("host", action.host);
  add("by", action.actor);
  add("on", action.machine);
  add("as", action.word);
  if (action.duration.count() > 0) add("for", to_string(action.duration));
  return line;
}
}  // namespace

std::string_view to_string(Verb verb) {
  for (const auto& [known, name] : kVerbs)
    if (known == verb) return name;
  return "";
}

std::string Script::str() const {
  std::string text = "seed " + std::to_string(seed) + "\n";
  for (const Action& action : actions) text += text_of(action) + "\n";
  return text;
}

Script Script::parse(std::string_view text) {
  Script script;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    std::string_view rest = line;
    const std::string_view word = next_word(rest);
    if (word.empty() || word.starts_with('#')) continue;
    if (word == "seed") script.seed = parse_number<std::uint64_t>(next_word(rest), line);
    else script.actions.push_back(parse_action(line));
  }
  return script;
}

std::string_view broken_promise(int invariant) {
  switch (invariant) {
    case 1: return "a digest that was not verified upstream is never started downstream";
    case 2: return "nothing is changed without an allow from every gate, recorded before it";
    case 3: return "what is gone back to was verified there and is not quarantined";
    case 4: return "at most one holder acts on an environment, and an outdated one's next entry is refused";
    case 5: return "after any outcome but stranded each host serves one version, the same on all, proven healthy, and the ledger says which";
    case 6: return "after a crash, resume ends fully new or fully old, and a second one changes nothing more";
    case 7: return "the old version's container exists until the new one is verified";
    case 8: return "nothing is recorded as done that was not, nothing is done that was not recorded as intended";
    case 9: return "no secret occurs in the ledger, in events, in calls or in errors";
    default: return "what the library does not foresee does not happen";
  }
}

}  // namespace deploy::simulation
