#include "simulation/player.hpp"

#include <algorithm>

#include "simulation/incident.hpp"

namespace deploy::simulation {

namespace {
using namespace std::chrono_literals;

constexpr int kDeepest = 2;  // commands within calls of commands

ErrorCode code_named(const std::string& word) {
  for (const ErrorCode code : {ErrorCode::refused, ErrorCode::unreachable, ErrorCode::connection_lost, ErrorCode::timeout, ErrorCode::unauthorized, ErrorCode::io, ErrorCode::protocol})
    if (to_string(code) == word) return code;
  return ErrorCode::connection_lost;
}

std::string who(const Action& action) { return action.actor.empty() ? "ci" : action.actor; }
std::string where(const Action& action) { return action.machine.empty() ? "controller" : action.machine; }
}  // namespace

bool is_fault(Verb verb) {
  return verb == Verb::fail || verb == Verb::fail_after || verb == Verb::hang || verb == Verb::hang_after || verb == Verb::kill || verb == Verb::kill_after;
}

bool is_command(Verb verb) { return verb <= Verb::lift; }

Player::Player(const Config& config, const Script& script) : script_(script), stage_(config, script.seed) { report_.calls.resize(script.actions.size()); }

SimulationReport Player::play() {
  stage_.faults.on_call([this](const PortCall& call) { return on_call(call); });
  const auto& actions = script_.actions;
  for (std::size_t i = 0; i < actions.size() && !stage_.oracle.violation() && !impossible_;) {
    std::size_t end = i + 1;
    while (end < actions.size() && (actions[end].at > 0 || actions[end].meanwhile)) ++end;
    play_group(i, end);
    i = end;
  }
  if (!stage_.oracle.violation() && !impossible_) finish_all();
  if (impossible_) std::rethrow_exception(impossible_);
  report_.violation = stage_.oracle.violation();
  report_.events = stage_.oracle.events();
  return std::move(report_);
}

/// What follows a command up to the next one that is neither `meanwhile` nor `at` a call.
std::vector<std::size_t> Player::incidents_of(std::size_t index) const {
  std::vector<std::size_t> found;
  for (std::size_t i = index + 1; i < script_.actions.size() && script_.actions[i].at > 0; ++i) found.push_back(i);
  return found;
}

void Player::play_group(std::size_t first, std::size_t end) {
  std::vector<std::size_t> commands;
  for (std::size_t i = first; i < end; ++i)
    if (i == first || script_.actions[i].at == 0) commands.push_back(i);
  stage_.turns.run(commands.size(), [&](std::size_t i) { play_command(commands[i]); });
  if (running_.empty()) stage_.oracle.check_settled();
}

void Player::play_command(std::size_t index) {
  const Action& action = script_.actions[index];
  try {
    if (is_command(action.verb)) play_person(action, index);
    else if (action.verb == Verb::wait) stage_.clock.advance(action.duration);
    else happen(action);
    if (!is_command(action.verb)) tell(action, "");
  } catch (const SimulatedCrash& crash) {
    tell(action, "killed at: " + crash.at);
    ++report_.outcomes["killed"];
  } catch (const Error& error) {
    tell(action, fell(error));
  } catch (const std::exception& error) {
    stage_.oracle.report(0, std::string("an exception of another kind came out of ") + std::string(to_string(action.verb)) + ": " + error.what());
  }
}

std::string Player::fell(const Error& error) {
  stage_.oracle.check_text(error.what(), "an error");
  for (const auto& [key, value] : error.details()) stage_.oracle.check_text(value, "detail " + key + " of an error");
  if (error.code() == ErrorCode::internal || error.code() == ErrorCode::corrupt) stage_.oracle.report(0, std::string("an error that must not be: ") + error.what());
  if (error.code() == ErrorCode::unsupported) impossible_ = std::current_exception();  // not the script's doing: the configuration cannot be carried out
  ++report_.outcomes["error: " + std::string(to_string(error.code()))];
  return std::string("error ") + std::string(to_string(error.code())) + ": " + error.what();
}

void Player::play_person(const Action& action, std::size_t index) {
  Stage::Controller& controller = stage_.controller(who(action), where(action));
  const std::string process = controller.process->name();
  if (running_.contains(process)) return tell(action, "nothing: it is busy");
  Running running{index, process, incidents_of(index), 0};
  running_[process] = &running;
  stage_.at_work(process, true);
  struct AtEnd {
    Player& player;
    Running& running;
    ~AtEnd() {
      player.running_.erase(running.process);
      player.stage_.at_work(running.process, false);
      player.stage_.hold_still(running.process, false);
      player.report_.calls[running.index] = running.calls;
    }
  } at_end{*this, running};
  tell(action, carry_out(action, *controller.deployer));
}

std::string Player::carry_out(const Action& action, Deployer& deployer) {
  const std::string& env = action.environment;
  if (action.verb == Verb::ship) return ship(action);
  if (action.verb == Verb::build) return build(action, deployer);
  if (action.verb == Verb::promote) return promote(action, deployer);
  if (action.verb == Verb::rollback) return ended(deployer.rollback(env, {.to = action.release, .quarantine = action.word != "keep"}));
  if (action.verb == Verb::resume) return resume(action, deployer);
  if (action.verb == Verb::approve) deployer.approve(deployer.find_release(action.release), env);
  if (action.verb == Verb::deny) deployer.deny(deployer.find_release(action.release), env);
  if (action.verb == Verb::freeze) deployer.freeze(env, "because");
  if (action.verb == Verb::unfreeze) deployer.unfreeze(env);
  if (action.verb == Verb::lift) deployer.lift_quarantine(deployer.find_release(action.release).digest, "because");
  return "recorded";
}

std::string Player::promote(const Action& action, Deployer& deployer) {
  const Release release = deployer.find_release(action.release);
  const std::string process = stage_.controller(who(action), where(action)).process->name();
  const std::int64_t before = stage_.oracle.changes(process);
  const Deployment done = deployer.promote(release, action.environment);
  if (done.outcome == Outcome::blocked && stage_.oracle.changes(process) != before) stage_.oracle.report(2, "a promotion that was blocked has changed a host");
  return ended(done);
}

std::string Player::resume(const Action& action, Deployer& deployer) {
  std::string text;
  for (const Deployment& done : deployer.resume(action.environment, action.word == "undo")) text += (text.empty() ? "" : "; ") + ended(done);
  return text.empty() ? "nothing to resume" : text;
}

std::string Player::ended(const Deployment& deployment) {
  ++report_.outcomes[std::string(to_string(deployment.outcome))];
  for (const std::string& reason : deployment.reasons) stage_.oracle.check_text(reason, "a reason");
  std::string text(to_string(deployment.outcome));
  if (deployment.live) text += ", live is " + deployment.live->version;
  if (!deployment.reasons.empty()) text += ": " + deployment.reasons.front();
  for (std::size_t i = 1; i < deployment.reasons.size(); ++i) text += "; " + deployment.reasons[i];
  return text;
}

std::string Player::ship(const Action& action) {
  AppBehaviour app = behaviour(action.word);
  if (app.runs_instead) {  // the image of the first version, which every host has
    if (shipped_.empty()) return "nothing: there is no other image";
    const ImageReference first = stage_.config.image.repository.with_digest(shipped_.begin()->second);
    app.runs_instead = shipped_.begin()->second;
    for (const Environment& env : stage_.config.environments)
      for (const Host& host : env.hosts) stage_.fleet.machine(host).add_image(first, stage_.registry.fetch(first));
  }
  if (shipped_.contains(action.release)) return "nothing: it was shipped before";
  const Digest digest = stage_.registry.publish(image_of(stage_.config, action.release), app);
  shipped_.emplace(action.release, digest);
  stage_.controller(who(action), where(action)).deployer->add_release(image_of(stage_.config, action.release), Version::parse(action.release));
  return "registered";
}

std::string Player::build(const Action& action, Deployer& deployer) {
  stage_.source.commit("change " + std::to_string(++commits_));
  stage_.builder.next(behaviour(action.word));
  const Release release = deployer.build();
  shipped_.emplace(release.version.str(), release.digest);
  return "built " + release.version.str();
}

/// A command at a call of another one: it runs as a whole while the other waits for its answer.
void Player::play_nested(std::size_t index) {
  if (depth_ >= kDeepest) return;
  ++depth_;
  stage_.turns.alone([&] { play_command(index); });
  --depth_;
}

Fault Player::on_call(const PortCall& call) {
  stage_.oracle.passed();
  stage_.oracle.check_text(call.subject, "a call: " + call.method);
  Fault fault;
  const auto found = running_.find(call.process);
  if (found != running_.end()) {
    Running& running = *found->second;
    const int number = ++running.calls;
    for (const std::size_t index : running.incidents) {
      const Action& action = script_.actions[index];
      if (action.at != number) continue;
      if (is_fault(action.verb)) fault = fault_of(action);
      else if (action.verb == Verb::pause) stage_.hold_still(call.process, true), stage_.clock.advance(action.duration), tell(action, "");
      else play_nested(index);
    }
  }
  stage_.caller.process = call.process;
  return fault;
}

Fault Player::fault_of(const Action& action) {
  tell(action, "");
  if (action.verb == Verb::fail) return Fault::fail(code_named(action.word));
  if (action.verb == Verb::fail_after) return Fault::fail_after();
  if (action.verb == Verb::hang) return Fault::hang();
  if (action.verb == Verb::hang_after) return Fault::hang_after();
  return action.verb == Verb::kill ? Fault::crash_before() : Fault::crash_after();
}

void Player::tell(const Action& action, const std::string& what) {
  std::string line = Script{0, {action}}.str();
  line = line.substr(line.find('\n') + 1);
  line.pop_back();
  report_.story.push_back(what.empty() ? line : line + "  ->  " + what);
}

}  // namespace deploy::simulation
