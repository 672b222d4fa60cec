// Going back: by a person, by itself when the last version does not come up again, and after an interruption.
#include <fmt/format.h>

#include <algorithm>

#include "ledger/records.hpp"
#include "promotion/finish.hpp"
#include "promotion/pipeline.hpp"
#include "promotion/planner.hpp"
#include "support/mutation.hpp"

namespace deploy {

/// On the hosts already (then going back is starting that very container), or still in the registry.
bool Pipeline::obtainable(const Environment& env, const Release& release) {
  const bool on_hosts = std::all_of(env.hosts.begin(), env.hosts.end(), [&](const Host& host) {
    return around_.fleet.engine(host).find_image(release.image.str(), limits()).has_value();
  });
  return on_hosts || around_.registry.find(release.image, limits()).has_value();
}

Release Pipeline::rollback_release(const Environment& env, const RollbackOptions& options, std::string& leaving) {
  const EnvironmentState& state = state_.environment(env.name);
  leaving = state.live ? state.live->digest : "";
  if (!options.to.empty()) {
    Release release = find_release(options.to);
    if (state.find_verified(release.digest.str()) == nullptr)
      throw Error(ErrorCode::no_rollback_target, "promotion", fmt::format("{} was never verified in {}; only verified versions can be gone back to. Nothing was changed", release.version.str(), env.name));
    if (state_.quarantined.count(release.digest.str()) > 0)
      throw Error(ErrorCode::no_rollback_target, "promotion", fmt::format("{} is quarantined ({}); lift it first if you are sure. Nothing was changed", release.version.str(), state_.quarantined.at(release.digest.str()).reason));
    return release;
  }
  if (mutated(Mutation::back_to_newest) && state_.releases.back().digest.str() != leaving) return state_.releases.back();
  for (const Verification& target : rollback_targets(state_, env.name, leaving, options.force)) {
    const Release* release = state_.find_digest(target.digest);
    if (release != nullptr && obtainable(env, *release)) return *release;
    around_.narrator.warn({env.name, "", "", ""}, fmt::format("{} was verified but can no longer be had; looking further back", target.version));
  }
  throw Error(ErrorCode::no_rollback_target, "promotion",
              fmt::format("nothing to go back to in {}: no earlier version was verified here, is not quarantined and can still be had. Nothing was changed; '{}' is live",
                          env.name, state.live ? state.live->version : "nothing"),
              {{"environment", env.name}});
}

/// Blocked when what is asked for, or everything there is, lies before a release that is marked `rollback: never`.
std::optional<Deployment> Pipeline::refuse_crossing(const Environment& env, const RollbackOptions& options, const LeaseClaim& claim) {
  const EnvironmentState& state = state_.environment(env.name);
  const std::string& leaving = left_digest(state);
  std::optional<Release> target;
  if (!options.to.empty()) {
    target = find_release(options.to);
  } else if (rollback_targets(state_, env.name, leaving).empty()) {
    const auto all = rollback_targets(state_, env.name, leaving, true);
    if (const Release* best = all.empty() ? nullptr : state_.find_digest(all.front().digest)) target = *best;
  }
  const Release* never = target && !options.force ? never_between(state_, leaving, target->digest.str()) : nullptr;
  if (never == nullptr) return std::nullopt;
  GateAnswer gate{"rollback_never", false, fmt::format("{} is marked 'rollback: never', and {} came before it and may not work with what it changed; 'deployctl rollback {} --force' insists",
                                                       never->version.str(), target->version.str(), env.name), std::nullopt};
  return blocked(*target, env, PlanKind::rollback, {gate}, claim);
}

Deployment Pipeline::rollback(const Environment& env, const RollbackOptions& options) {
  const auto lease = take_lease(env.name);
  std::string leaving;
  const EnvironmentState& state = state_.environment(env.name);
  if (!state.open_order.empty()) {
    GateAnswer gate{"interrupted", false, fmt::format("deployment {} was interrupted; 'deployctl resume {} --undo' takes it back", state.open_order.back(), env.name), std::nullopt};
    const Release release = state.open.at(state.open_order.back()).plan.release;
    return blocked(release, env, PlanKind::rollback, {gate}, lease->claim());
  }
  if (auto refused = refuse_crossing(env, options, lease->claim())) return *std::move(refused);
  reach_hosts(env);
  const Release release = rollback_release(env, options, leaving);
  Plan plan = make_plan(env, release, state, PlanKind::rollback);
  if (plan.steps.empty() && hosts_serve(env, plan.live_digest)) return already_live(plan, env, {});
  if (plan.steps.empty()) plan = make_plan(env, release, state, PlanKind::rollback, true);
  plan.quarantine_live = options.quarantine && leaving != release.digest.str();
  plan.hash = plan_hash(plan);
  Execution execution(around_, env, std::move(plan), new_deployment_id(), *lease, stop_.get_token());
  return execution.run({}, fall_back(env, *lease, leaving));
}

FallBack Pipeline::fall_back(const Environment& env, HeldLease& lease, const std::string& leaving) {
  return [this, &env, &lease, leaving](const std::string& parent, std::vector<std::string>& reasons) -> std::optional<LiveVersion> {
    for (const Verification& target : rollback_targets(state_, env.name, leaving)) {
      const Release* release = state_.find_digest(target.digest);
      if (release == nullptr) continue;
      reasons.push_back(fmt::format("going back further, to {}", target.version));
      Plan plan = make_plan(env, *release, state_.environment(env.name), PlanKind::rollback, true);
      // The way back is not stopped half-way, and does not branch again.
      Execution execution(around_, env, std::move(plan), new_deployment_id(), lease, {});
      const Deployment back = execution.run({}, [](const std::string&, std::vector<std::string>&) { return std::optional<LiveVersion>(); }, parent);
      if (back.outcome == Outcome::succeeded) return back.live;
      reasons.insert(reasons.end(), back.reasons.begin(), back.reasons.end());
    }
    return std::nullopt;
  };
}

std::vector<Deployment> Pipeline::resume(const Environment& env, bool undo) {
  around_.journal.refresh();
  const EnvironmentState& state = state_.environment(env.name);
  if (state.open_order.empty() && state.unfinished.empty()) return {};
  const auto lease = take_lease(env.name);
  std::vector<Deployment> done;
  while (!state_.environment(env.name).open_order.empty()) {  // the newest first: it may be the way back of the one before
    const EnvironmentState& now = state_.environment(env.name);
    const OpenDeployment open = now.open.at(now.open_order.back());
    Execution execution(around_, env, open.plan, open.id, *lease, stop_.get_token());
    done.push_back(execution.resume(open, undo, fall_back(env, *lease, open.plan.live_digest)));
  }
  if (auto leftovers = finish_leftovers(env, *lease)) done.push_back(std::move(*leftovers));
  return done;
}

/// Tags and retention that could not be done when the live version was verified. The record is written again, amended.
std::optional<Deployment> Pipeline::finish_leftovers(const Environment& env, HeldLease& lease) {
  const EnvironmentState& state = state_.environment(env.name);
  if (state.unfinished.empty() || !state.live) return std::nullopt;
  const Release* release = state_.find_digest(state.live->digest);
  if (release == nullptr) return std::nullopt;
  Deployment record = show(state.live_deployment);
  record.warnings.clear();
  record.unfinished.clear();
  Plan plan = make_plan(env, *release, state, record.kind == to_string(PlanKind::rollback) ? PlanKind::rollback : PlanKind::promotion);
  const Retained retained = settle(around_, env, plan, record.id, record, [&lease] { lease.check(); });
  if (record.unfinished == state.unfinished) return record;  // it still cannot be done: nothing new to write down
  json::Object data = deployment_object(record);
  data.add("container_hash", state.live_container_hash);
  if (!retained.empty()) data.add("retained", retained_object(retained));
  around_.journal.append({"deployment_finished", env.name, record.id, data.str()}, lease.claim());
  return record;
}

}  // namespace deploy
