#include "simulation/rehearsal_story.hpp"

#include <algorithm>
#include <variant>

#include "simulation/stage.hpp"

namespace deploy::simulation {

namespace {
constexpr int kTries = 6;  // gates may open one after the other

std::string took(const Deployment& done) {
  return " (" + to_string(done.duration) + (done.gap ? ", nobody served for " + to_string(*done.gap) : "") + ")";
}

class Story {
 public:
  Story(const Config& config, std::uint64_t seed, Teller tell) : stage_(config, seed), original_(config), tell_(std::move(tell)) {
    stage_.faults.on_call([this](const PortCall& call) {
      stage_.oracle.passed();
      stage_.caller.process = call.process;
      return Fault{};
    });
  }

  Rehearsal play() {
    say_what_is_assumed();
    const Release first = build("good", "a good release");
    bring_everywhere(first);
    const Release bad = build("silent", "a release that never answers");
    catch_it(bad);
    const Release second = build("good", "a good release again");
    if (bring_everywhere(second)) take_back(stage_.config.environments.back());
    stage_.oracle.check_settled();
    rehearsal_.runs = 1;
    rehearsal_.events = stage_.oracle.events();
    rehearsal_.violation = stage_.oracle.violation();
    return rehearsal_;
  }

 private:
  /// Runs one call as a process that is at work.
  template <class F>
  auto as(const std::string& actor, F work) {
    Stage::Controller& controller = stage_.controller(actor, "rehearsal");
    struct Working {
      Stage& stage;
      const std::string& process;
      Working(Stage& s, const std::string& p) : stage(s), process(p) { stage.at_work(process, true); }
      ~Working() { stage.at_work(process, false); }
    } working{stage_, controller.process->name()};
    return work(*controller.deployer);
  }

  void say_what_is_assumed() {
    tell_("rehearsal: everything is in memory; nothing is contacted and no secret is read. It begins at " + to_rfc3339(stage_.clock.now()));
    for (const Environment& env : original_.environments)
      if (env.approval && !env.approval->allowed_signers.empty()) tell_(env.name + ": approvals are taken as signed");
  }

  Release build(const std::string& word, const std::string& what) {
    wait(std::chrono::minutes{1});
    stage_.builder.next(behaviour(word));
    const Release release = as("rehearsal", [](Deployer& deployer) { return deployer.build(); });
    tell_("build: " + release.version.str() + ", " + what);
    return release;
  }

  void wait(std::chrono::milliseconds duration) { stage_.clock.advance(duration); }

  Deployment promote(const Release& release, const Environment& env) {
    return as("rehearsal", [&](Deployer& deployer) { return deployer.promote(release, env.name); });
  }

  /// Opens what opens by itself or by an approval. False when nothing helps.
  bool open_gates(const Deployment& blocked, const Release& release, const Environment& env) {
    std::optional<TimePoint> opens;
    bool approval = false;
    for (const GateAnswer& gate : blocked.gates) {
      if (gate.allowed) continue;
      tell_(env.name + ": " + release.version.str() + " is blocked: " + gate.gate + ": " + gate.reason);
      if (gate.opens) opens = std::max(opens.value_or(*gate.opens), *gate.opens);
      else if (gate.gate == "approval" && env.approval) approval = true;
      else if (gate.gate != "soak" && gate.gate != "freeze_window") return false;
    }
    if (opens) {
      wait(*opens - stage_.clock.now());
      tell_(env.name + ": time passes until " + to_rfc3339(stage_.clock.now()));
      return true;
    }
    return approval && approve(release, env);
  }

  bool approve(const Release& release, const Environment& env) {
    const auto count = std::min(env.approval->approvers.size(), static_cast<std::size_t>(std::max(0, env.approval->required)));
    for (std::size_t i = 0; i < count; ++i) {
      const std::string& who = env.approval->approvers[i];
      as(who, [&](Deployer& deployer) { deployer.approve(release, env.name); });
      tell_(env.name + ": " + who + " approves " + release.version.str());
    }
    return count > 0;
  }

  void tell_end(const Deployment& done, const Environment& env) {
    ++rehearsal_.outcomes[std::string(to_string(done.outcome))];
    std::string line = env.name + ": ";
    if (done.outcome == Outcome::succeeded) line += done.version + " is live and verified on " + std::to_string(env.hosts.size()) + (env.hosts.size() == 1 ? " host" : " hosts") + took(done);
    else line += done.version + " ended " + std::string(to_string(done.outcome)) + took(done) + "; live is " + (done.live ? done.live->version : "nothing");
    tell_(line);
    if (done.outcome == Outcome::succeeded) return;
    for (const std::string& reason : done.reasons) tell_("    why: " + reason);
  }

  bool bring(const Release& release, const Environment& env) {
    for (int i = 0; i < kTries; ++i) {
      const Deployment done = promote(release, env);
      if (done.outcome != Outcome::blocked) {
        tell_end(done, env);
        return done.outcome == Outcome::succeeded;
      }
      if (!open_gates(done, release, env)) break;
    }
    tell_(env.name + ": " + release.version.str() + " stays outside");
    return false;
  }

  bool bring_everywhere(const Release& release) {
    return std::all_of(stage_.config.environments.begin(), stage_.config.environments.end(), [&](const Environment& env) { return bring(release, env); });
  }

  /// The first environment finds it out; the others never see it.
  void catch_it(const Release& bad) {
    const auto& environments = stage_.config.environments;
    const Environment& first = environments.front();
    const bool live = bring(bad, first);
    if (live) return tell_(first.name + ": its probe does not notice: what " + std::string(kind_of(first.probe)) + " asks says nothing about this release");
    for (const Environment& env : environments)
      if (env.after == first.name) {
        const Deployment done = promote(bad, env);
        for (const GateAnswer& gate : done.gates)
          if (!gate.allowed && gate.gate == "upstream_verified") tell_(env.name + ": " + bad.version.str() + " is blocked: " + gate.reason);
      }
    const auto status = as("rehearsal", [&](Deployer& deployer) { return deployer.status(first.name); });
    if (status.last_outcome == Outcome::held && !status.rollback_target.empty()) take_back(first);
  }

  void take_back(const Environment& env) {
    try {
      tell_(env.name + ": a person asks for a rollback");
      tell_end(as("rehearsal", [&](Deployer& deployer) { return deployer.rollback(env.name); }), env);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::no_rollback_target) throw;
      tell_(env.name + ": " + error.what());
    }
  }

  Stage stage_;
  const Config& original_;
  Teller tell_;
  Rehearsal rehearsal_;
};
}  // namespace

Rehearsal tell_story(const Config& config, std::uint64_t seed, const Teller& tell) {
  Story story(config, seed, tell);
  Rehearsal rehearsal = story.play();
  rehearsal.seed = seed;
  return rehearsal;
}

}  // namespace deploy::simulation
