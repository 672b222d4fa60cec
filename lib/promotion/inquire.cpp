// What the ledger says: status, history, one deployment.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "ledger/records.hpp"
#include "promotion/gates.hpp"
#include "promotion/pipeline.hpp"
#include "promotion/planner.hpp"

namespace deploy {

namespace {
constexpr std::size_t kPage = 1000;
constexpr std::size_t kPendingShown = 5;

void each_entry(LedgerStore& store, const std::function<void(const LedgerEntry&)>& visit) {
  std::int64_t after = 0;
  for (auto page = store.read(after, kPage); !page.empty(); page = store.read(after, kPage)) {
    for (const LedgerEntry& entry : page) visit(entry);
    after = page.back().seq;
  }
}

std::string last_step(const OpenDeployment& open) {
  if (open.steps.empty()) return "";
  const auto& [index, step] = *open.steps.rbegin();
  if (index < 0 || index >= static_cast<int>(open.plan.steps.size())) return "";
  const Step& planned = open.plan.steps[static_cast<std::size_t>(index)];
  return fmt::format("{} on {}{}", to_string(planned.kind), planned.host, step.progress == StepProgress::intended ? " (outcome unknown)" : "");
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
  out.frozen = state.frozen;
  out.frozen_by = state.frozen_by;
  out.frozen_reason = state.frozen_reason;
  out.lease = lease_.store.lease(env.name);
  out.last_outcome = state.last_outcome;
  out.stranded = state.last_outcome == Outcome::stranded;
  if (!state.open_order.empty()) {
    const OpenDeployment& open = state.open.at(state.open_order.back());
    out.interrupted = Interrupted{open.id, open.plan.release.version.str(), last_step(open), open.started};
  }
  const Signers signers = env.approval && wants_signatures(*env.approval) ? read_signers(*env.approval, around_.read_file) : Signers{};
  for (auto r = state_.releases.rbegin(); env.approval && r != state_.releases.rend() && out.pending.size() < kPendingShown; ++r) {
    const GateQuestion question{around_.config, env, *r, state_, "", around_.clock.now(), false, std::nullopt, &signers};
    if (state.live && r->digest.str() == state.live->digest) break;  // what is older than the live one no longer waits
    if (!env.after.empty() && state_.environment(env.after).find_verified(r->digest.str()) == nullptr) continue;
    if (state_.quarantined.count(r->digest.str()) > 0) continue;
    const Tally tally = count_decisions(question);
    if (static_cast<int>(tally.granted.size()) >= env.approval->required && tally.denied.empty()) continue;
    out.pending.push_back({r->version.str(), r->digest.str(), tally.granted, tally.denied, env.approval->required, wants_signatures(*env.approval), tally.signed_by, tally.not_counted});
  }
  return out;
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
