// The simulator: hosts, engines, registry, git remote, probes, several controllers and a clock, all in memory, driven by
// one seed. What runs in it is the library itself; it does not know. Traffic routers are not part of this version.
//
//   const Config config = Config::load("deploy.json");
//   const Script script = random_script(config, 42);
//   const SimulationReport report = simulate(config, script);
//   if (report.violation) puts(shrink(config, script).str().c_str());
//
// Nothing here connects to anything, resolves a secret (containers get placeholders) or reads the time of day, and no
// thread outlives its call. The same script on the same configuration takes the same course, always.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "deploy/config.hpp"
#include "deploy/deployer.hpp"

namespace deploy::simulation {

using deploy::to_string;  // of durations, outcomes ...: those below would hide them

/// What one line of a script does. Since: 0.9
enum class Verb {
  // What people ask for
  ship,            ///< publishes `release` with an application that behaves as `word` says, and registers it
  build,           ///< builds a release of a new commit whose application behaves as `word` says; its version is the configuration's to choose
  promote, approve, deny, freeze, unfreeze, rollback, resume, lift,
  wait,            ///< `duration` passes
  // What happens to a call (of the command before, the `at`-th)
  fail,            ///< ... with error `word`; it has no effect
  fail_after,      ///< ... the connection drops after it took effect
  hang, hang_after,  ///< its timeout passes
  kill, kill_after,  ///< the process dies, before it took effect or after
  pause,           ///< the process stands still for `duration`: its lease is not renewed
  // What happens to the world
  cut, mend,       ///< `host` cannot be reached, or can again
  reboot, restart_engine, fill_disk, free_disk,
  occupy, vacate,  ///< another program takes the port of `environment` on `host`
  jump,            ///< the wall clock is set forward by `duration`
  move_tag,        ///< somebody points the tag of `release` elsewhere
  erase,           ///< somebody deletes `release` from the registry
  registry_down, registry_up,
  stop_by_hand, remove_by_hand,  ///< an operator does so to the live container of `environment` on `host`
};
[[nodiscard]] std::string_view to_string(Verb verb);

/// One line of a script. What does not belong to its verb is empty. Since: 0.9
struct Action {
  Verb verb = Verb::wait;
  int at = 0;              ///< 0: in its order. N: at the N-th port call of the command before it
  bool meanwhile = false;  ///< side by side with the command before it
  std::string release;     ///< a version; "": the newest, or for `rollback` the last verified
  std::string environment;
  std::string host;        ///< URL
  std::string actor;       ///< who does it; "": nobody in particular
  std::string machine;     ///< and where
  std::string word;        ///< an application's behaviour, an error's code, "undo"
  std::chrono::milliseconds duration{0};
  bool operator==(const Action&) const = default;
};

/// Who does what, in order, and what goes wrong. Since: 0.9
struct Script {
  std::uint64_t seed = 0;  ///< decides who is faster where things happen side by side
  std::vector<Action> actions;

  /// One line for each action; parse() reads them back.
  [[nodiscard]] std::string str() const;
  /// Throws Error{invalid_argument} that names the line.
  [[nodiscard]] static Script parse(std::string_view text);
  bool operator==(const Script&) const = default;
};

/// A promise of the library that was broken. Since: 0.9
struct Violation {
  int invariant = 0;     ///< 1 ... 9 (see broken_promise), 0: the library failed in a way that it must not
  std::string sentence;  ///< what was seen
};
/// The invariant as a sentence: "a digest that was not verified upstream is never started downstream". Since: 0.9
[[nodiscard]] std::string_view broken_promise(int invariant);

/// What came of a script. Since: 0.9
struct SimulationReport {
  std::optional<Violation> violation;            ///< the first one; the run ends with it
  std::vector<std::string> story;                ///< a line for each action: what was done, and how it ended
  std::map<std::string, std::int64_t> outcomes;  ///< of deployments; errors under "error: <code>"
  std::vector<int> calls;                        ///< for each action: how many port calls it made
  std::int64_t events = 0;                       ///< port calls and ledger entries after which the invariants were checked
};

/// {"ok":true,"events":N,"outcomes":{...},"story":[...],"violation":null or {"invariant":N,"promise":...,"sentence":...}}. Since: 0.9
[[nodiscard]] std::string to_json(const SimulationReport& report);

/// Plays the script, then mends everything, waits, lets `resume` finish what is open, and lets it look a second time.
/// The invariants are checked from outside: by the ledger's entries as they are written, by every port call, and by what
/// the machines really run. Throws what the configuration itself makes impossible ({unsupported}). Since: 0.9
[[nodiscard]] SimulationReport simulate(const Config& config, const Script& script);

/// A script that the seed decides on. Without `faults` only people and applications misbehave. Since: 0.9
[[nodiscard]] Script random_script(const Config& config, std::uint64_t seed, bool faults = true);

/// The shortest script found that breaks the same promise; the script itself when it breaks none. Since: 0.9
[[nodiscard]] Script shrink(const Config& config, const Script& script);

/// A world to act in: hosts, registry, git remote, ledger and clock of a configuration, and deployers that know nothing of being simulated.
/// All is done on the calling thread, one host after the other. One thread at a time uses a world and its deployers, which it outlives.
///
///   World world(Config::load("deploy.json"));
///   Deployer deployer = world.open({.actor = "ci"});
///   const Release bad = deployer.add_release(world.publish("1.0.1", "unhealthy"), Version::parse("1.0.1"));
///   const Deployment done = deployer.promote(bad, "staging");  // rolled_back, with evidence
///
/// Since: 0.9
class World {
 public:
  explicit World(const Config& config);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  /// The configuration as it is played: signatures of decisions, and what a probe expects of an answer but its status, are taken as given.
  [[nodiscard]] const Config& config() const noexcept;
  /// A deployer in this world. Ports and secrets that `options` brings are its own; all else is simulated (secrets: placeholders).
  [[nodiscard]] Deployer open(DeployerOptions options);
  /// Somebody pushes an image under the version's tag. `behaviour` is what the application in it does, in the words of scripts: good, slow,
  /// late, unhealthy, crashing, fading, hanging, silent, deaf, unstartable. Returns its reference. Throws {invalid_argument}.
  ImageReference publish(const std::string& version, const std::string& behaviour = "good");
  /// What the next build gives; good applications after that.
  void prepare_build(const std::string& behaviour);
  /// Something happens to the world: one line as in scripts, `reboot host=ssh://one`. Throws {invalid_argument, not_found}; nothing happened.
  void happen(std::string_view line);
  [[nodiscard]] TimePoint now() const;
  /// Time passes. Throws {invalid_argument} for less than nothing.
  void advance(std::chrono::milliseconds duration);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Since: 0.9
struct RehearsalOptions {
  std::uint64_t seed = 1;       ///< the first run's; the next has the next number
  int runs = 200;
  bool faults = false;          ///< false: tells one story in which nothing but a bad release goes wrong
};

/// Since: 0.9
struct Rehearsal {
  std::int64_t runs = 0, events = 0;
  std::map<std::string, std::int64_t> outcomes;
  std::optional<Violation> violation;
  std::uint64_t seed = 0;       ///< of the run that broke a promise
  Script script;                ///< the shortest script that breaks it
};
[[nodiscard]] std::string to_json(const Rehearsal& rehearsal);

/// Rehearses this configuration: what would happen to its environments. `on_line` gets the story, line by line. Since: 0.9
Rehearsal rehearse(const Config& config, const RehearsalOptions& options, const std::function<void(std::string_view)>& on_line = {});

}  // namespace deploy::simulation
