// What the ledger says: status, history, one deployment.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "ledger/chain.hpp"
#include "ledger/records.hpp"
#include "promotion/freeze_window.hpp"
#include "promotion/gates.hpp"
#include "promotion/pipeline.hpp"
#include "promotion/planner.hpp"

namespace deploy {

namespace {
constexpr std::size_t kPage = 1000;
constexpr std::size_t kPendingShown = 5;

void each_entry(LedgerStore& store, const std::function<void(const LedgerEntry&)>& visit) {
  ChainVerifier chain;  // what stands before the checkpoint was not looked at when the ledger was opened
  for (auto page = store.read(0, kPage); !page.empty(); page = store.read(chain.head().seq, kPage)) {
    chain.add_all(page);
    for (const LedgerEntry& entry : page) visit(entry);
  }
}

std::string last_step(const OpenDeployment& open) {
  if (open.steps.empty()) return "";
  const auto& [index, step] = *open.steps.rbegin();
  if (index < 0 || index >= static_cast<int>(open.plan.steps.size())) return "";
  const Step& planned = open.plan.steps[static_cast<std::size_t>(index)];
  return fmt::format("{} on {}{}", to_string(planned.kind), planned.host, step.progress == StepProgress::intended ? " (outcome unknown)" : "");
}

LeaseCondition condition_of(const Lease& lease, const LeaseTerms& terms, TimePoint now) {
  if (terms.may_take_over(lease)) return LeaseCondition::gone;
  return now < lease.expires ? LeaseCondition::held : LeaseCondition::expired;
}

/// What stands before everything that one could go back to; "" when nothing does.
std::string barrier_version(const State& state, const std::string& environment) {
  const std::string& leaving = left_digest(state.environment(environment));
  const auto beyond = rollback_targets(state, environment, leaving, true);
  const Release* never = beyond.empty() ? nullptr : never_between(state, leaving, beyond.front().digest);
  return never == nullptr ? "" : never->version.str();
}
}  // namespace

EnvironmentStatus Pipeline::status(const Environment& env) {
  around_.journal.refresh();
  const EnvironmentState& state = state_.environment(env.name);
  EnvironmentStatus out;
  out.environment = env.name;
  out.live = state.live;
  out.live_since = state.live_since;
  out.live_deployment = state.live_deployment;
  for (auto v = state.verified.rbegin(); v != state.verified.rend(); ++v) out.verified.push_back({v->version, v->digest, v->last, state_.quarantined.count(v->digest) > 0});
  const auto targets = rollback_targets(state_, env.name, state.live ? state.live->digest : "");
  out.rollback_target = targets.empty() ? "" : targets.front().version;
  if (targets.empty()) out.rollback_barrier = barrier_version(state_, env.name);
  out.frozen = state.frozen;
  out.frozen_by = state.frozen_by;
  out.frozen_reason = state.frozen_reason;
  const EnvironmentState& all = state_.environment(std::string(kEveryEnvironment));
  out.stopped_by = all.frozen_by;
  out.stopped_reason = all.frozen_reason;
  out.closed_until = frozen_until(env.freeze, around_.clock.now());
  for (const auto& [digest, q] : state_.quarantined) out.quarantined.push_back({q.version, digest, q.reason, q.by, q.since});
  add_candidate(env, out);
  out.lease = lease_.store.lease(env.name);
  if (out.lease) out.lease_condition = condition_of(*out.lease, lease_, around_.clock.now());
  out.last_outcome = state.last_outcome;
  out.stranded = state.last_outcome == Outcome::stranded;
  if (!state.open_order.empty()) {
    const OpenDeployment& open = state.open.at(state.open_order.back());
    out.interrupted = Interrupted{open.id, open.plan.release.version.str(), last_step(open), open.started};
  }
  const Signers signers = signers_of(env, around_.read_file);
  for (auto r = state_.releases.rbegin(); env.approval && r != state_.releases.rend() && out.pending.size() < kPendingShown; ++r) {
    if (state.live && r->digest.str() == state.live->digest) break;  // what is older than the live one no longer waits
    if (!env.after.empty() && state_.environment(env.after).find_verified(r->digest.str()) == nullptr) continue;
    if (state_.quarantined.count(r->digest.str()) > 0) continue;
    const Objections objections = Objections::gather(around_, env, *r, limits());
    const GateQuestion question{around_.config, env, *r, state_, "", around_.clock.now(), false, std::nullopt, true, "", &signers, &objections};
    const Tally tally = count_decisions(question);
    if (static_cast<int>(tally.granted.size()) >= env.approval->required && tally.denied.empty()) continue;
    out.pending.push_back({r->version.str(), r->digest.str(), tally.granted, tally.denied, env.approval->required, wants_signatures(*env.approval), tally.signed_by, tally.not_counted});
  }
  return out;
}

/// The newest release that has come as far as this environment's gates, and what keeps it there.
void Pipeline::add_candidate(const Environment& env, EnvironmentStatus& out) {
  const auto& live = state_.environment(env.name).live;
  for (auto r = state_.releases.rbegin(); r != state_.releases.rend(); ++r) {
    if (live && r->digest.str() == live->digest) return;
    if (!env.after.empty() && state_.environment(env.after).find_verified(r->digest.str()) == nullptr) continue;
    out.candidate = r->version.str();
    out.candidate_digest = r->digest.str();
    const Signers signers = signers_of(env, around_.read_file);
    const Objections objections = Objections::gather(around_, env, *r, limits());
    out.waiting_for = ask_gates({around_.config, env, *r, state_, "", around_.clock.now(), false, std::nullopt, true, "", &signers, &objections});
    std::erase_if(out.waiting_for, [](const GateAnswer& gate) { return gate.allowed; });
    return;
  }
}

std::vector<Deployment> Pipeline::history(std::string_view environment) {
  std::vector<Deployment> out;
  std::map<std::string, std::size_t> at;  // a record that was written again, amended, counts once
  each_entry(lease_.store, [&](const LedgerEntry& entry) {
    if (entry.kind != "deployment_finished" || (!environment.empty() && entry.environment != environment)) return;
    Deployment record = deployment_from(json::parse(entry.data, fmt::format("ledger entry {}", entry.seq)));
    const auto [it, fresh] = at.emplace(entry.deployment, out.size());
    if (fresh) out.push_back(std::move(record));
    else out[it->second] = std::move(record);
  });
  std::reverse(out.begin(), out.end());
  return out;
}

Deployment Pipeline::show(std::string_view deployment) {
  std::vector<Deployment> found;
  for (Deployment& record : history(""))
    if (!deployment.empty() && record.id.compare(0, deployment.size(), deployment) == 0) found.push_back(std::move(record));
  if (found.size() == 1) return std::move(found.front());
  if (found.empty()) throw Error(ErrorCode::not_found, "promotion", fmt::format("no finished deployment is called '{}'; 'deployctl history' lists them", deployment));
  throw Error(ErrorCode::invalid_argument, "promotion", fmt::format("'{}' begins the ids of {} deployments; give more of it", deployment, found.size()));
}

}  // namespace deploy
