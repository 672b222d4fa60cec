// One promotion: lease, registry, gates, plan, execution.
#include <fmt/format.h>

#include <algorithm>

#include "promotion/gates.hpp"
#include "promotion/pipeline.hpp"
#include "promotion/planner.hpp"

namespace deploy {

namespace {
constexpr std::chrono::milliseconds kAskTimeout{30'000};
}

CallLimits Pipeline::limits() const { return {kAskTimeout, stop_.get_token()}; }

std::unique_ptr<HeldLease> Pipeline::take_lease(const std::string& name) {
  auto lease = std::make_unique<HeldLease>(lease_.store, lease_.pace == nullptr ? around_.clock : *lease_.pace, LeaseRequest{name, lease_.holder, lease_.may_take_over, lease_.renewal, lease_.timing}, stop_);
  around_.journal.refresh();  // what others wrote until now; from here on nobody else changes this environment
  return lease;
}

bool Pipeline::registry_has(const Release& release) {
  try {
    return around_.registry.find(release.image, limits()).has_value();
  } catch (const Error& error) {
    throw Error(error.code(), error.area(), fmt::format("{}. Nothing was changed", error.what()), error.details());
  }
}

/// A version tag that somebody pointed elsewhere since changes nothing of what is deployed: the digest moves. It is said.
std::vector<std::string> Pipeline::moved_tags(const Release& release) {
  std::vector<std::string> warnings;
  const TemplateFields fields{release.version.str(), release.build > 0 ? std::to_string(release.build) : "", release.commit, ""};
  for (const std::string& pattern : around_.config.image.tags) {
    try {
      const std::string tag = expand(pattern, fields);
      const auto found = around_.registry.find(release.image.with_tag(tag), limits());
      if (found && found->digest != release.digest)
        warnings.push_back(fmt::format("tag_moved: {}:{} names {} now; {} was registered and is what is deployed", release.image.name(), tag, found->digest.str(), release.digest.str()));
    } catch (const Error& error) {
      if (error.code() == ErrorCode::cancelled) throw;
      if (error.code() != ErrorCode::invalid_argument)  // a release from elsewhere has no build number to expand
        warnings.push_back(fmt::format("the tags of {} could not be checked: {}", release.version.str(), error.what()));
    }
  }
  return warnings;
}

std::vector<GateAnswer> Pipeline::ask(const Release& release, const Environment& env, bool allow_downgrade, std::optional<bool> available,
                                      const std::string& renewal_trouble) {
  const Signers signers = signers_of(env, around_.read_file);
  const Objections objections = Objections::gather(around_, env, release, limits());
  return ask_gates({around_.config, env, release, state_, around_.actor, around_.clock.now(), allow_downgrade, available, true, renewal_trouble, &signers, &objections});
}

std::vector<GateAnswer> Pipeline::gates(const Release& release, const Environment& env, bool allow_downgrade) {
  around_.journal.refresh();
  return ask(release, env, allow_downgrade, std::nullopt, "");
}

std::vector<GateAnswer> Pipeline::answer_gates(const Release& release, const Environment& env, bool allow_downgrade, std::optional<bool> available,
                                               const std::string& renewal_trouble) {
  auto gates = ask(release, env, allow_downgrade, available, renewal_trouble);
  for (const GateAnswer& gate : gates)
    around_.narrator.say(EventKind::gate_answered, {env.name, "", "", ""}, fmt::format("{}: {}", gate.gate, gate.reason),
                         {{"gate", gate.gate}, {"allowed", gate.allowed ? "true" : "false"}, {"reason", gate.reason}});
  return gates;
}

PlanReport Pipeline::plan(const Release& release, const Environment& env, bool allow_downgrade) {
  around_.journal.refresh();
  const bool available = registry_has(release);
  PlanReport report;
  report.gates = answer_gates(release, env, allow_downgrade, available);
  report.plan = make_plan(env, release, state_.environment(env.name), PlanKind::promotion);
  return report;
}

Deployment Pipeline::promote(const Release& release, const Environment& env, bool allow_downgrade) {
  const auto lease = take_lease(env.name);
  const bool available = registry_has(release);
  const std::string renewal_trouble = renew_evidence(release, env, allow_downgrade, available);
  auto gates = answer_gates(release, env, allow_downgrade, available, renewal_trouble);
  if (!all_allowed(gates)) return blocked(release, env, PlanKind::promotion, std::move(gates), lease->claim());

  const EnvironmentState& state = state_.environment(env.name);
  Plan plan = make_plan(env, release, state, PlanKind::promotion);
  reach_hosts(env);
  if (plan.steps.empty()) {
    if (hosts_serve(env, plan.live_digest)) return already_live(plan, env, std::move(gates));
    plan = make_plan(env, release, state, PlanKind::promotion, true);  // the ledger says live, a host says otherwise
  }
  const std::string leaving = plan.live_digest, id = new_deployment_id();
  Execution execution(around_, env, std::move(plan), id, *lease, stop_.get_token());
  for (std::string& warning : moved_tags(release)) {
    around_.narrator.warn({env.name, "", "", ""}, warning);
    execution.add_warning(std::move(warning));
  }
  // A freeze, a denial or a quarantine may be written between the gates' answers and the first entry.
  const Signers signers = signers_of(env, around_.read_file);
  const Objections objections = Objections::gather(around_, env, release, limits());
  const auto still_allowed = [&] {
    return all_allowed(
        ask_gates({around_.config, env, release, state_, around_.actor, around_.clock.now(), allow_downgrade, available, true, renewal_trouble, &signers, &objections}));
  };
  try {
    return execution.run(gates, fall_back(env, *lease, leaving), "", still_allowed);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::conflict || error.area() != "ledger" || state_.environment(env.name).open.count(id) > 0) throw;
    gates = answer_gates(release, env, allow_downgrade, available, renewal_trouble);
    if (all_allowed(gates)) throw;
    return blocked(release, env, PlanKind::promotion, std::move(gates), lease->claim());
  }
}

/// A host that cannot be reached is an error before anything has begun: nothing failed, we just do not know.
void Pipeline::reach_hosts(const Environment& env) {
  for (const Host& host : env.hosts) {
    try {
      static_cast<void>(around_.fleet.engine(host).inspect(env.container.name, limits()));
    } catch (const Error& error) {
      throw Error(error.code(), error.area(), fmt::format("{}: {}. Nothing was changed in {}", host.url(), error.what(), env.name), error.details())
          .with("host", host.url())
          .with("environment", env.name);
    }
  }
}

bool Pipeline::hosts_serve(const Environment& env, const std::string& digest) {
  return std::all_of(env.hosts.begin(), env.hosts.end(), [&](const Host& host) {
    const auto info = around_.fleet.engine(host).inspect(env.container.name, limits());
    if (!info || !info->running()) return false;
    const auto label = info->labels.find(std::string(kLabelDigest));
    return label != info->labels.end() && label->second == digest;
  });
}

Deployment Pipeline::blocked(const Release& release, const Environment& env, PlanKind kind, std::vector<GateAnswer> gates, const LeaseClaim& claim) {
  Deployment record;
  record.id = new_deployment_id();
  record.environment = env.name;
  record.kind = to_string(kind);
  record.version = release.version.str();
  record.digest = release.digest.str();
  record.outcome = Outcome::blocked;
  record.live = state_.environment(env.name).live;
  for (const GateAnswer& gate : gates)
    if (!gate.allowed) record.reasons.push_back(fmt::format("{}: {}", gate.gate, gate.reason));
  record.gates = std::move(gates);
  record.actor = around_.actor;
  record.started = record.finished = around_.clock.now();
  around_.journal.append({"deployment_finished", env.name, record.id, to_json(record)}, claim);
  around_.narrator.say(EventKind::deployment_finished, {env.name, record.id, "", ""}, fmt::format("{} to {}: blocked", record.version, env.name),
                       {{"outcome", "blocked"}, {"version", record.version}, {"digest", record.digest}});
  return record;
}

Deployment Pipeline::already_live(const Plan& plan, const Environment& env, std::vector<GateAnswer> gates) {
  Deployment record;
  record.id = state_.environment(env.name).live_deployment;
  record.environment = env.name;
  record.kind = to_string(plan.kind);
  record.version = plan.release.version.str();
  record.digest = plan.release.digest.str();
  record.outcome = Outcome::succeeded;
  record.live = state_.environment(env.name).live;
  record.reasons.push_back("it is live already; nothing was changed");
  record.gates = std::move(gates);
  record.actor = around_.actor;
  record.started = record.finished = around_.clock.now();
  around_.narrator.say(EventKind::deployment_finished, {env.name, record.id, "", ""}, fmt::format("{} is live in {} already", record.version, env.name),
                       {{"outcome", "succeeded"}, {"version", record.version}, {"digest", record.digest}});
  return record;
}

}  // namespace deploy
