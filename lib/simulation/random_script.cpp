// Scripts that a seed decides on: some history first, then people, applications and, if asked for, faults.
#include <algorithm>

#include "deploy/simulation.hpp"
#include "deploy/tag.hpp"
#include "simulation/random.hpp"

namespace deploy::simulation {

namespace {
using namespace std::chrono_literals;

const std::vector<std::string> kApplications{"good", "good", "good", "slow", "late", "unhealthy", "crashing", "fading", "hanging", "deaf", "swapped", "unstartable"};
const std::vector<std::string> kRefusals{"refused", "unreachable", "connection_lost", "timeout", "io", "unauthorized"};
constexpr int kCallsOfACommand = 90, kCallsOfABuild = 14;

class Author {
 public:
  Author(const Config& config, std::uint64_t seed, bool faults) : config_(config), random_(seed * 2 + (faults ? 1 : 0)), faults_(faults) {}

  Script write(std::uint64_t seed) {
    if (random_.chance(80)) bring_everywhere("good");
    if (random_.chance(30)) bring_everywhere("good");
    for (std::size_t left = 2 + random_.below(4); left > 0; --left) scene();
    return {seed, std::move(actions_)};
  }

 private:
  Action& add(Verb verb) {
    actions_.emplace_back();
    actions_.back().verb = verb;
    return actions_.back();
  }

  Action& command(Verb verb, const Environment& env, const std::string& version = "") {
    Action& action = add(verb);
    action.environment = env.name;
    action.release = version;
    action.actor = "ci";
    return action;
  }

  /// Where git tags are wanted, releases are built from commits.
  std::string ship(const std::string& word) {
    if (config_.git) return build(word == "swapped" ? "good" : word);
    Action& action = add(Verb::ship);
    action.release = "1.0." + std::to_string(++versions_);
    action.word = word;
    action.actor = "ci";
    return action.release;
  }

  std::string build(const std::string& word) {
    Action& action = add(Verb::build);
    action.word = word;
    action.actor = "ci";
    ++versions_;
    if (faults_ && random_.chance(40)) fault(1 + static_cast<int>(random_.below(kCallsOfABuild)));
    return version(versions_);
  }

  /// Of the N-th release; of one that is built, if every build before it went well.
  [[nodiscard]] std::string version(int number) const {
    return config_.git ? Version::parse(expand(config_.image.version, {"", std::to_string(number), "0", ""})).str() : "1.0." + std::to_string(number);
  }

  [[nodiscard]] std::string any_version() {
    if (versions_ == 0) return ship("good");
    return version(random_.chance(60) ? versions_ : 1 + static_cast<int>(random_.below(static_cast<std::size_t>(versions_))));
  }
  [[nodiscard]] const Environment& any_environment() { return random_.pick(config_.environments); }

  void wait(std::chrono::milliseconds duration) { add(Verb::wait).duration = duration; }

  void approve_all(const std::string& version, const Environment& env) {
    if (!env.approval) return;
    for (int i = 0; i < env.approval->required && i < static_cast<int>(env.approval->approvers.size()); ++i)
      command(Verb::approve, env, version).actor = env.approval->approvers[static_cast<std::size_t>(i)];
  }

  /// As it is meant to be: one environment after the other, with all that their gates ask for.
  void bring_everywhere(const std::string& word) {
    const std::string version = ship(word);
    for (const Environment& env : config_.environments) {
      if (env.soak.count() > 0) wait(env.soak);
      approve_all(version, env);
      command(Verb::promote, env, version);
    }
  }

  void scene() {
    switch (random_.below(12)) {
      case 0:
      case 1: return promote_new();
      case 2: return promote_any();
      case 3: return promote_new();
      case 4: return decide();
      case 5: return go_back();
      case 6: return freeze();
      case 7: return wait(random_.chance(50) ? 1min : random_.chance(50) ? std::chrono::milliseconds(25h) : std::chrono::milliseconds(72h));
      case 8: return lift();
      case 9: return race();
      case 10: return resume();
      default: return faults_ ? something_happens(0) : promote_new();
    }
  }

  /// The number of the call at which something goes wrong.
  int some_call() { return 1 + static_cast<int>(random_.below(kCallsOfACommand)); }

  void disturb() {
    if (!faults_ || !random_.chance(65)) return;
    for (std::size_t left = 1 + (random_.chance(25) ? 1 : 0); left > 0; --left) random_.chance(70) ? fault(some_call()) : something_happens(some_call());
  }

  void fault(int at) {
    static const std::vector<Verb> kinds{Verb::fail, Verb::fail, Verb::fail_after, Verb::hang, Verb::hang_after, Verb::kill, Verb::kill_after, Verb::pause};
    Action& action = add(random_.pick(kinds));
    action.at = at;
    if (action.verb == Verb::fail) action.word = random_.pick(kRefusals);
    if (action.verb != Verb::pause) return;
    action.duration = random_.chance(50) ? 30s : 120s;
    if (!random_.chance(70)) return;
    const Environment& env = any_environment();
    Action& other = command(random_.chance(60) ? Verb::resume : Verb::promote, env, "");
    other.at = at;
    other.actor = "dave";
    other.machine = "elsewhere";
  }

  void something_happens(int at) {
    static const std::vector<Verb> kinds{Verb::cut, Verb::mend, Verb::reboot, Verb::restart_engine, Verb::fill_disk, Verb::free_disk, Verb::occupy, Verb::vacate, Verb::jump,
                                         Verb::move_tag, Verb::registry_down, Verb::registry_up, Verb::stop_by_hand, Verb::remove_by_hand, Verb::erase};
    const Environment& env = any_environment();
    const Verb verb = random_.pick(kinds);
    const std::string version = verb == Verb::move_tag || verb == Verb::erase ? any_version() : "";
    Action& action = add(verb);
    action.at = at;
    action.release = version;
    if (action.verb == Verb::occupy || action.verb == Verb::vacate || action.verb == Verb::stop_by_hand || action.verb == Verb::remove_by_hand) action.environment = env.name;
    if (action.verb != Verb::jump && action.release.empty() && action.verb != Verb::registry_down && action.verb != Verb::registry_up) action.host = random_.pick(env.hosts).url();
    if (action.verb == Verb::jump) action.duration = random_.chance(50) ? 90s : std::chrono::milliseconds(26h);
  }

  void promote_new() {
    const std::string version = ship(random_.pick(kApplications));
    for (const Environment& env : config_.environments) {
      if (env.soak.count() > 0 && random_.chance(60)) wait(env.soak);
      if (random_.chance(70)) approve_all(version, env);
      command(Verb::promote, env, version);
      disturb();
      if (random_.chance(30)) return;
    }
  }

  void promote_any() {
    const Environment& env = any_environment();
    const std::string version = any_version();
    if (random_.chance(30)) approve_all(version, env);
    Action& action = command(Verb::promote, env, version);
    if (env.approval && random_.chance(40)) action.actor = random_.pick(env.approval->approvers);
    disturb();
  }

  void decide() {
    const std::string version = any_version();
    for (const Environment& env : config_.environments) {
      if (!env.approval) continue;
      Action& action = command(random_.chance(75) ? Verb::approve : Verb::deny, env, version);
      action.actor = random_.chance(80) ? random_.pick(env.approval->approvers) : random_.chance(50) ? "ci" : "mallory";
      if (random_.chance(25)) return come_late(env);
    }
  }

  /// Proven upstream, approved by everybody, and only then left alone for longer than that holds.
  void come_late(const Environment& late) {
    const std::string version = ship("good");
    for (const Environment& env : config_.environments) {
      if (env.soak.count() > 0) wait(env.soak);
      approve_all(version, env);
      if (&env == &late) wait(env.approval->expires + 1h);
      command(Verb::promote, env, version);
      if (&env == &late) return;
    }
  }

  void go_back() {
    const Environment& env = any_environment();
    Action& action = command(Verb::rollback, env);
    if (random_.chance(25) && versions_ > 0) action.release = any_version();
    if (random_.chance(30)) action.word = "keep";
    disturb();
    if (!random_.chance(25)) return;
    bring_everywhere("good");  // what was left is quarantined: the next way back leads past it
    command(Verb::rollback, env);
  }

  void freeze() {
    const Environment& env = any_environment();
    command(random_.chance(60) ? Verb::freeze : Verb::unfreeze, env);
    command(Verb::promote, env, any_version());
  }

  void lift() {
    const std::string version = any_version();
    Action& action = add(Verb::lift);
    action.release = version;
    action.actor = "ci";
  }

  void resume() {
    Action& action = command(Verb::resume, any_environment());
    if (random_.chance(40)) action.environment.clear();
    if (random_.chance(40)) action.word = "undo";
    action.actor = random_.chance(50) ? "ci" : "dave";
    if (action.actor == "dave") action.machine = random_.chance(50) ? "elsewhere" : "";
    disturb();
  }

  void race() {
    const Environment& env = any_environment();
    const std::string version = any_version();
    command(Verb::promote, env, version);
    disturb();
    static const std::vector<Verb> kinds{Verb::promote, Verb::rollback, Verb::freeze, Verb::resume};
    Action& other = command(random_.pick(kinds), env, "");
    if (other.verb == Verb::promote) other.release = version;
    other.meanwhile = true;
    other.actor = "dave";
    other.machine = "elsewhere";
    disturb();
  }

  const Config& config_;
  Random random_;
  bool faults_;
  std::vector<Action> actions_;
  int versions_ = 0;
};
}  // namespace

Script random_script(const Config& config, std::uint64_t seed, bool faults) { return Author(config, seed, faults).write(seed); }

}  // namespace deploy::simulation
