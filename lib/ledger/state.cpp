#include "ledger/state.hpp"

#include <algorithm>
#include <limits>
#include <unordered_map>

#include "deploy/error.hpp"
#include "ledger/records.hpp"

namespace deploy {

namespace {
using Data = json::Document;

OpenDeployment* open_deployment(State& state, const LedgerEntry& entry) {
  auto& open = state.environments[entry.environment].open;
  const auto it = open.find(entry.deployment);
  return it == open.end() ? nullptr : &it->second;
}

void release_registered(State& state, const LedgerEntry&, const Data& data) { state.releases.push_back(release_from(data)); }

void deployment_started(State& state, const LedgerEntry& entry, const Data& data) {
  const json::Value* plan = json::find(data, "plan");
  if (plan == nullptr) throw Error(ErrorCode::corrupt, "ledger", "entry " + std::to_string(entry.seq) + ": a started deployment has no plan");
  OpenDeployment open;
  open.id = entry.deployment;
  open.actor = entry.actor;
  open.plan = plan_from(*plan);
  open.gates = gates_from(json::find(data, "gates"));
  open.started = parse_rfc3339(entry.time);
  open.parent = json::string(data, "parent");
  EnvironmentState& env = state.environments[entry.environment];
  if (env.open.emplace(open.id, open).second) env.open_order.push_back(open.id);
}

void step_intended(State& state, const LedgerEntry& entry, const Data& data) {
  OpenDeployment* open = open_deployment(state, entry);
  if (open == nullptr) return;
  const bool undo = json::boolean(data, "undo");
  open->failing |= undo;
  StepState& step = open->steps[static_cast<int>(json::integer(data, "step", -1))];
  step.progress = undo ? StepProgress::undoing : StepProgress::intended;
}

void step_done(State& state, const LedgerEntry& entry, const Data& data) {
  OpenDeployment* open = open_deployment(state, entry);
  if (open == nullptr) return;
  StepState& step = open->steps[static_cast<int>(json::integer(data, "step", -1))];
  step.progress = StepProgress::done;
  step.result = json::string_map(data, "result");
}

void step_failed(State& state, const LedgerEntry& entry, const Data& data) {
  OpenDeployment* open = open_deployment(state, entry);
  if (open == nullptr) return;
  open->failing = true;
  open->steps[static_cast<int>(json::integer(data, "step", -1))].progress = StepProgress::failed;
}

void step_undone(State& state, const LedgerEntry& entry, const Data& data) {
  OpenDeployment* open = open_deployment(state, entry);
  if (open == nullptr) return;
  open->failing = true;
  open->steps[static_cast<int>(json::integer(data, "step", -1))].progress = StepProgress::undone;
}

void add_verified(State& state, const LedgerEntry& entry, const std::string& digest, const std::string& version) {
  auto& verified = state.environments[entry.environment].verified;
  const TimePoint time = parse_rfc3339(entry.time);
  const auto it = std::find_if(verified.begin(), verified.end(), [&](const Verification& v) { return v.digest == digest; });
  if (it != verified.end()) it->last = time;
  else verified.push_back({digest, version, time, time, entry.seq});
}

void digest_verified(State& state, const LedgerEntry& entry, const Data& data) {
  add_verified(state, entry, json::string(data, "digest"), json::string(data, "version"));
  if (OpenDeployment* open = open_deployment(state, entry)) open->verified = true;
}

void digest_quarantined(State& state, const LedgerEntry& entry, const Data& data) {
  state.quarantined[json::string(data, "digest")] = {json::string(data, "version"), json::string(data, "reason"), entry.actor, parse_rfc3339(entry.time)};
  OpenDeployment* open = open_deployment(state, entry);
  if (open != nullptr && open->plan.release.digest.str() == json::string(data, "digest")) open->failing = true;
}

void quarantine_lifted(State& state, const LedgerEntry&, const Data& data) { state.quarantined.erase(json::string(data, "digest")); }

/// The nonce that stands in a signed text: what was signed counts, not what an entry says beside it.
std::string nonce_of(const std::string& text) {
  constexpr std::string_view kName = "\nnonce: ";
  const std::size_t at = text.find(kName);
  if (at == std::string::npos) return text;
  const std::size_t begin = at + kName.size();
  return text.substr(begin, text.find('\n', begin) - begin);
}

void decision(State& state, const LedgerEntry& entry, const Data& data, bool granted) {
  ApprovalDecision d{granted, json::string(data, "digest"), json::string(data, "policy_hash"), entry.actor, json::string(data, "comment"), parse_rfc3339(entry.time)};
  const std::string expires = json::string(data, "expires");
  if (granted && !expires.empty()) d.expires = parse_rfc3339(expires);
  d.text = json::string(data, "text");
  d.signature = json::string(data, "signature");
  d.key = json::string(data, "key");
  if (!d.text.empty()) d.replayed = !state.nonces.insert(nonce_of(d.text)).second;
  state.environments[entry.environment].decisions.push_back(std::move(d));
}

void frozen(State& state, const LedgerEntry& entry, const Data& data, bool on) {
  EnvironmentState& env = state.environments[entry.environment];
  env.frozen = on;
  env.frozen_by = on ? entry.actor : "";
  env.frozen_reason = on ? json::string(data, "reason") : "";
}

void set_live(EnvironmentState& env, const std::optional<LiveVersion>& live, const LedgerEntry& entry, const std::string& container_hash) {
  if (env.live == live) return;
  env.live = live;
  env.live_deployment = live ? entry.deployment : "";
  env.live_since = live ? std::optional(parse_rfc3339(entry.time)) : std::nullopt;
  env.live_container_hash = container_hash;
}

std::map<std::string, std::vector<std::string>> retained_from(const Data& data) {
  std::map<std::string, std::vector<std::string>> out;
  const json::Value* retained = json::find(data, "retained");
  if (retained == nullptr || !retained->IsObject()) return out;
  for (const auto& member : retained->GetObject()) out[std::string(json::view(member.name))] = json::strings(*retained, json::view(member.name));
  return out;
}

void deployment_finished(State& state, const LedgerEntry& entry, const Data& data) {
  const Deployment d = deployment_from(data);
  EnvironmentState& env = state.environments[entry.environment];
  const auto open = env.open.find(entry.deployment);
  const std::string container_hash = json::string(data, "container_hash");
  if (open != env.open.end()) {
    const auto parent = env.open.find(open->second.parent);
    if (parent != env.open.end() && d.outcome == Outcome::succeeded) parent->second.mended = d.live;
    env.open.erase(open);
    std::erase(env.open_order, entry.deployment);
  }
  if (d.outcome == Outcome::blocked) return;
  env.last_outcome = d.outcome;
  env.last_digest = d.digest;
  if (d.outcome == Outcome::held || d.outcome == Outcome::stranded) env.retained.clear();  // who carries which name is not sure
  if (d.outcome == Outcome::succeeded) env.live_container_hash = container_hash;
  set_live(env, d.live, entry, container_hash);
  if (d.outcome != Outcome::succeeded) return;
  env.live_deployment = entry.deployment;
  env.unfinished = d.unfinished;
  env.retained = retained_from(data);
}

void adopted(State& state, const LedgerEntry& entry, const Data& data) {
  EnvironmentState& env = state.environments[entry.environment];
  const std::string digest = json::string(data, "digest"), version = json::string(data, "version");
  if (json::boolean(data, "verified")) add_verified(state, entry, digest, version);
  if (json::boolean(data, "live")) set_live(env, LiveVersion{version, digest}, entry, json::string(data, "container_hash"));
  else if (const std::string name = json::string(data, "container"); !name.empty()) env.retained[json::string(data, "host")].push_back(name);
}

using Fold = void (*)(State&, const LedgerEntry&, const Data&);
const std::unordered_map<std::string_view, Fold>& folds() {
  static const std::unordered_map<std::string_view, Fold> table{
      {"release_registered", release_registered},
      {"deployment_started", deployment_started},
      {"step_intended", step_intended},
      {"step_done", step_done},
      {"step_failed", step_failed},
      {"step_undone", step_undone},
      {"digest_verified", digest_verified},
      {"digest_quarantined", digest_quarantined},
      {"quarantine_lifted", quarantine_lifted},
      {"approval_granted", [](State& s, const LedgerEntry& e, const Data& d) { decision(s, e, d, true); }},
      {"approval_denied", [](State& s, const LedgerEntry& e, const Data& d) { decision(s, e, d, false); }},
      {"environment_frozen", [](State& s, const LedgerEntry& e, const Data& d) { frozen(s, e, d, true); }},
      {"environment_unfrozen", [](State& s, const LedgerEntry& e, const Data& d) { frozen(s, e, d, false); }},
      {"deployment_finished", deployment_finished},
      {"adopted", adopted},
  };
  return table;
}
}  // namespace

const Verification* EnvironmentState::find_verified(std::string_view digest) const {
  const auto it = std::find_if(verified.begin(), verified.end(), [&](const Verification& v) { return v.digest == digest; });
  return it == verified.end() ? nullptr : &*it;
}

const EnvironmentState& State::environment(const std::string& name) const {
  static const EnvironmentState kEmpty;
  const auto it = environments.find(name);
  return it == environments.end() ? kEmpty : it->second;
}

const Release* State::find_digest(std::string_view digest) const {
  const auto it = std::find_if(releases.rbegin(), releases.rend(), [&](const Release& r) { return r.digest.str() == digest; });
  return it == releases.rend() ? nullptr : &*it;
}

std::int64_t State::next_build() const {
  std::int64_t newest = 0;
  for (const Release& release : releases) newest = std::max(newest, release.build);
  if (newest == std::numeric_limits<std::int64_t>::max()) throw Error(ErrorCode::corrupt, "ledger", "the newest release has the last build number that there is");
  return newest + 1;
}

std::vector<std::string_view> folded_kinds() {
  std::vector<std::string_view> kinds;
  for (const auto& [kind, unused] : folds()) kinds.push_back(kind);
  std::sort(kinds.begin(), kinds.end());
  return kinds;
}

void fold(State& state, const LedgerEntry& entry) {
  if (const auto it = folds().find(entry.kind); it != folds().end()) it->second(state, entry, json::parse(entry.data, "ledger entry " + std::to_string(entry.seq)));
  state.head = {entry.seq, entry.hash};
}

}  // namespace deploy
