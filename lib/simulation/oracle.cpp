// The ledger as it grows: every entry against what was seen.
#include "simulation/oracle.hpp"

#include <algorithm>


namespace deploy::simulation {

namespace {
bool belongs_to_deployment(const std::string& kind) {
  return kind == "deployment_started" || kind == "deployment_finished" || kind == "digest_verified" || kind.starts_with("step_");
}

OpenFacts* find_open(EnvironmentFacts& facts, const std::string& id) {
  const auto found = std::find_if(facts.open.begin(), facts.open.end(), [&](const OpenFacts& open) { return open.id == id; });
  return found == facts.open.end() ? nullptr : &*found;
}
}  // namespace

void Oracle::report(int invariant, const std::string& sentence) {
  if (!violation_) violation_ = Violation{invariant, sentence};
}

void Oracle::check_text(const std::string& text, const std::string& where) {
  if (text.find(kPlantedSecret) != std::string::npos) report(9, "a secret stands in " + where);
}

void Oracle::said(const Event& event) {
  check_text(event.message, "an event of kind " + std::string(to_string(event.kind)));
  for (const auto& [key, value] : event.details) check_text(value, "detail " + key + " of an event");
  if (event.kind == EventKind::gate_answered) facts_[event.environment].asked = event.time;
}

void Oracle::lease_taken(const std::string& environment, std::int64_t token, const std::string& process) {
  EnvironmentFacts& facts = facts_[environment];
  if (token <= facts.token) report(4, "a lease on " + environment + " was given out under the token " + std::to_string(token) + ", which is not newer than " + std::to_string(facts.token));
  if (!facts.holder.empty() && facts.holder != process) facts.outdated.insert(facts.holder);
  facts.outdated.erase(process);
  facts.refused.erase(process);
  facts.on_the_way.clear();
  facts.token = token;
  facts.holder = process;
}

void Oracle::lease_given_back(const std::string& environment, std::int64_t token) {
  EnvironmentFacts& facts = facts_[environment];
  if (facts.token == token) facts.holder.clear();
}

void Oracle::refused(const std::string& process, const std::string& environment) { facts_[environment].refused.insert(process); }

void Oracle::appended(const std::string& process, const std::optional<LeaseClaim>& claim, const std::vector<LedgerEntry>& entries) {
  for (const LedgerEntry& entry : entries) {
    passed();
    check_text(entry.data, "ledger entry " + std::to_string(entry.seq) + " (" + entry.kind + ")");
    const bool guarded = belongs_to_deployment(entry.kind);
    const EnvironmentFacts& facts = facts_[entry.environment];
    if (guarded && (!claim || claim->name != entry.environment || claim->token != facts.token || entry.token != facts.token || facts.holder != process))
      report(4, entry.kind + " of " + entry.environment + " was written by " + process + " under the token " + std::to_string(claim ? claim->token : 0) + "; the newest is " +
                    std::to_string(facts.token) + ", held by " + (facts.holder.empty() ? "nobody" : facts.holder));
    take_in(process, entry);
  }
}

void Oracle::take_in(const std::string& process, const LedgerEntry& entry) {
  EnvironmentFacts& facts = facts_[entry.environment];
  const json::Document data = json::parse(entry.data, "an entry");
  if (entry.kind == "release_registered") creators_[json::string(data, "digest")] = json::string(data, "creator");
  else if (entry.kind == "environment_frozen" || entry.kind == "environment_unfrozen") facts.frozen = entry.kind == "environment_frozen";
  else if (entry.kind == "approval_granted" || entry.kind == "approval_denied") decided(facts, entry, data);
  else if (entry.kind == "digest_quarantined") quarantined_[json::string(data, "digest")] = json::string(data, "reason");
  else if (entry.kind == "quarantine_lifted") lifted(json::string(data, "digest"));
  else if (entry.kind == "digest_verified") verified(facts, entry, data);
  else if (entry.kind == "deployment_started") started(entry, data);
  else if (entry.kind == "deployment_finished") finished(facts, entry, data);
  else if (OpenFacts* open = find_open(facts, entry.deployment)) {
    if (entry.kind == "step_intended") intended(*open, data);
    else if (entry.kind == "step_done") done(facts, *open, entry, data);
    else if (entry.kind == "step_undone") undone(*open, entry, data);
    else if (entry.kind == "step_failed") failed(*open, data);
  } else if (entry.kind.starts_with("step_")) {
    report(8, process + " recorded " + entry.kind + " of a deployment that is not under way in " + entry.environment);
  }
}

/// A person says that it is fine, whatever is under way.
void Oracle::lifted(const std::string& digest) {
  quarantined_.erase(digest);
  for (auto& [name, facts] : facts_)
    for (OpenFacts& open : facts.open)
      if (open.digest == digest) open.failed = false;
}

void Oracle::decided(EnvironmentFacts& facts, const LedgerEntry& entry, const json::Value& data) {
  const bool granted = entry.kind == "approval_granted";
  const Environment& env = *config_.find_environment(entry.environment);
  const std::string digest = json::string(data, "digest");
  const bool listed = env.approval && std::find(env.approval->approvers.begin(), env.approval->approvers.end(), entry.actor) != env.approval->approvers.end();
  if (!listed) report(2, "a decision of " + entry.actor + " was recorded, who is no approver of " + env.name);
  else if (granted && !env.approval->allow_requester && creators_[digest] == entry.actor) report(2, entry.actor + " approved what they made themselves");
  facts.decisions.push_back({entry.actor, digest, granted, parse_rfc3339(entry.time)});
}

void Oracle::started(const LedgerEntry& entry, const json::Value& data) {
  EnvironmentFacts& facts = facts_[entry.environment];
  const json::Value* plan = json::find(data, "plan");
  const json::Value* release = plan != nullptr ? json::find(*plan, "release") : nullptr;
  const json::Value* steps = plan != nullptr ? json::find(*plan, "steps") : nullptr;
  if (release == nullptr || steps == nullptr) return report(8, "a deployment was started without a plan");
  OpenFacts open;
  open.id = entry.deployment;
  open.kind = json::string(*plan, "kind");
  open.version = json::string(*release, "version");
  open.digest = json::string(*release, "digest");
  open.parent = json::string(data, "parent");
  open.actor = entry.actor;
  const Environment& env = *config_.find_environment(entry.environment);
  for (const json::Value& step : steps->GetArray())
    open.plan[static_cast<int>(json::integer(step, "index", -1))] = {json::string(step, "kind"), json::string(step, "host")};
  for (const Host& host : env.hosts)
    if (const auto old = served_by(env, host.url())) open.old[host.url()] = old->info.id;
  if (const OpenFacts* parent = find_open(facts, open.parent); parent != nullptr && !parent->switched)
    report(2, env.name + " goes back to " + open.version + " after " + parent->version + " failed, though nothing had been switched yet");
  if (open.kind == "promotion") check_gates(facts, env, open, data, creators_[open.digest]);
  else check_target(facts, env, open);
  facts.open.push_back(std::move(open));
}

void Oracle::intended(OpenFacts& open, const json::Value& data) {
  const int step = static_cast<int>(json::integer(data, "step", -1));
  if (!open.plan.contains(step)) return report(8, "a step was intended that is not in the plan");
  const std::string& kind = open.plan[step].kind;
  open.intents[open.plan[step].host] = {step, kind, json::boolean(data, "undo")};
  open.switched |= kind == "retain" || kind == "adopt_name" || kind == "stop" || kind == "start";
}

void Oracle::failed(OpenFacts& open, const json::Value& data) {
  const auto step = open.plan.find(static_cast<int>(json::integer(data, "step", -1)));
  if (step != open.plan.end() && step->second.kind == "probe" && !json::boolean(data, "unknown") && json::string(data, "error").find(" is unhealthy: ") != std::string::npos)
    open.failed = true;
}

void Oracle::verified(EnvironmentFacts& facts, const LedgerEntry& entry, const json::Value& data) {
  const std::string digest = json::string(data, "digest");
  const Environment& env = *config_.find_environment(entry.environment);
  OpenFacts* open = find_open(facts, entry.deployment);
  const bool renewed = entry.deployment.empty() && facts.live && facts.live->digest == digest && facts.find_verified(digest) != nullptr;
  if (renewed) return check_serving(env, facts, facts.live, "when the evidence was renewed", true);
  if (open == nullptr || open->digest != digest) return report(8, json::string(data, "version") + " was recorded as verified in " + env.name + " outside its deployment");
  for (const Host& host : env.hosts) {
    const ProbedHost& probed = facts.probed[host.url()];
    if (open->verified || !untouched(facts, host.url())) continue;
    const auto live = live_container(env, host.url());
    if (!live || live->info.id != probed.container || !probed.last_good || !probed.good_since)
      report(8, open->version + " was recorded as verified though its container on " + host.url() + " was not found healthy");
    else if (clock_.elapsed() - *probed.good_since < env.rollback.bake)
      report(8, open->version + " was recorded as verified in " + env.name + " though it was watched for " + to_string(clock_.elapsed() - *probed.good_since) + " of " + to_string(env.rollback.bake));
    else if (live->info.image_id != StoredImage{.digest = Digest::parse(digest)}.id())
      report(8, open->version + " was recorded as verified though " + host.url() + " runs another image");
  }
  open->verified = true;
  if (facts.find_verified(digest) == nullptr) facts.verified.push_back({digest, parse_rfc3339(entry.time)});
}

void Oracle::finished(EnvironmentFacts& facts, const LedgerEntry& entry, const json::Value& data) {
  const std::string outcome = json::string(data, "outcome");
  const Environment& env = *config_.find_environment(entry.environment);
  if (outcome == "blocked") return;
  std::optional<LiveVersion> live;
  if (const json::Value* value = json::find(data, "live"); value != nullptr && value->IsObject()) live = LiveVersion{json::string(*value, "version"), json::string(*value, "digest")};
  const OpenFacts* open = find_open(facts, entry.deployment);
  const std::string what = json::string(data, "kind") + " of " + json::string(data, "release") + " to " + env.name + " (" + outcome + ")";
  if (open != nullptr) {
    if (open->failed && !quarantined_.contains(open->digest)) report(3, open->version + " was found unhealthy in " + env.name + " and is not quarantined: it could be gone back to");
    if (outcome == "succeeded" && (!live || live->digest != open->digest)) report(5, what + " names another version as live");
    if (outcome == "succeeded" && !open->verified) report(5, what + " was never verified");
    if (outcome == "succeeded" || outcome == "rolled_back" || outcome == "cancelled") check_serving(env, facts, live, "after the " + what, true);
    std::erase_if(facts.open, [&](const OpenFacts& each) { return each.id == entry.deployment; });
  }
  facts.live = live;
  facts.last_outcome = outcome;
}

}  // namespace deploy::simulation
