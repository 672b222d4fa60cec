// The process dies before and after every port call and every ledger append; resume ends it, a second resume changes
// nothing. After each the promises are checked, as in every run.
#include <doctest/doctest.h>

#include "runs.hpp"

using namespace deploy;
using namespace deploy::test;

namespace {
const char* const kFirst =
    "ship release=1.0.1 by=builder\n"
    "promote release=1.0.1 to=staging by=ci\n";
const char* const kLive =
    "promote release=1.0.1 to=production by=ci\n"
    "ship release=1.0.2 by=builder\n"
    "promote release=1.0.2 to=staging by=ci\n";

struct Case {
  const char *name, *place, *before, *command;
};
const std::vector<Case> kCases{
    {"a first deployment", "plain", kFirst, "promote release=1.0.1 to=production by=ci\n"},
    {"a promotion over a live version", "plain", "", "promote release=1.0.2 to=production by=ci\n"},
    {"a release that fails and is rolled back", "plain", "ship release=1.0.3 as=unhealthy by=builder\n", "promote release=1.0.3 to=staging by=ci\n"},
    {"a first deployment that fails", "plain", "", "promote release=1.0.1 to=staging by=ci\n"},
    {"a rollback that a person asks for", "plain", "promote release=1.0.2 to=production by=ci\n", "rollback to=production by=ci\n"},
    {"three hosts in batches of two", "parallel", "", "promote release=1.0.2 to=production by=ci\n"},
    {"a release that fails while it is watched, on three hosts", "batches", "ship release=1.0.3 as=fading by=builder\n", "promote release=1.0.3 to=staging by=ci\n"},
};

Script before(const Case& each) {
  const std::string name = each.name;
  if (name == "a first deployment") return Script::parse(kFirst);
  if (name == "a first deployment that fails") return Script::parse("ship release=1.0.1 as=crashing by=builder\n");
  return Script::parse(std::string(kFirst) + kLive + each.before);
}

Action dying(Verb verb, int call) {
  Action action;
  action.verb = verb;
  action.at = call;
  return action;
}

Script with(Script script, const std::vector<Action>& more) {
  script.actions.insert(script.actions.end(), more.begin(), more.end());
  return script;
}

void check_end(const Case& each, const Script& script, std::mutex& mutex, std::vector<std::string>& wrong) {
  const SimulationReport report = simulate(place(each.place), script);
  const bool lost = report.outcomes.count("stranded") > 0 || report.outcomes.count("held") > 0;
  if (!report.violation && !lost) return;
  const std::lock_guard lock(mutex);
  std::string text = std::string(each.name) + ": " + (report.violation ? report.violation->sentence : "it ended for a person to mend") + "\n" + script.str();
  for (const std::string& line : report.story) text += "    " + line + "\n";
  wrong.push_back(std::move(text));
}

void check_all(const Case& each, const std::vector<Script>& scripts) {
  std::mutex mutex;
  std::vector<std::string> wrong;
  on_every_core(scripts.size(), [&](std::size_t i) {
    check_end(each, scripts[i], mutex, wrong);
    return wrong.size() < 3;
  });
  for (const std::string& text : wrong) FAIL_CHECK(text);
}

int calls_of_last(const Config& config, const Script& script, std::size_t index) { return simulate(config, script).calls[index]; }
}  // namespace

TEST_CASE("a process that dies at any call or append is finished or undone by resume, and a second resume changes nothing") {
  for (const Case& each : kCases) {
    CAPTURE(each.name);
    const Script script = with(before(each), Script::parse(each.command).actions);
    const int calls = calls_of_last(place(each.place), script, script.actions.size() - 1);
    REQUIRE(calls > 10);
    std::vector<Script> scripts;
    Action undo;
    undo.verb = Verb::resume;
    undo.word = "undo";
    undo.actor = "dave";
    for (int call = 1; call <= calls; ++call)
      for (const Verb verb : {Verb::kill, Verb::kill_after}) {
        scripts.push_back(with(script, {dying(verb, call)}));
        scripts.push_back(with(script, {dying(verb, call), undo}));
      }
    check_all(each, scripts);
  }
}

TEST_CASE("a resume that dies at any call or append itself is ended by the next one") {
  const Case& each = kCases[1];
  const Config& config = place(each.place);
  const Script script = with(before(each), Script::parse(each.command).actions);
  const int calls = calls_of_last(config, script, script.actions.size() - 1);
  std::vector<Script> scripts;
  for (int call = 4; call <= calls; call += 3)
    for (const char* word : {"", "undo"}) {
      Action resume;
      resume.verb = Verb::resume;
      resume.word = word;
      resume.actor = "dave";
      const Script interrupted = with(script, {dying(Verb::kill_after, call), resume});
      const int more = calls_of_last(config, interrupted, interrupted.actions.size() - 1);
      for (int again = 1; again <= more; ++again)
        for (const Verb verb : {Verb::kill, Verb::kill_after}) scripts.push_back(with(interrupted, {dying(verb, again)}));
    }
  REQUIRE(scripts.size() > 500);
  check_all(each, scripts);
}
