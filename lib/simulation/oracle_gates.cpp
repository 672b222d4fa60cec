// What each gate should have said, by the configuration's words and not by the library's gates.
#include <algorithm>

#include "simulation/oracle.hpp"

namespace deploy::simulation {

namespace {
/// Minutes since Monday 00:00. Windows in other zones than UTC are left to the tests of freeze_window.
bool inside(const FreezeWindow& window, TimePoint time) {
  if (window.timezone != "UTC") return false;
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const int weekday = static_cast<int>(std::chrono::weekday{day}.iso_encoding()) - 1;
  const int minute = weekday * 24 * 60 + static_cast<int>(std::chrono::floor<std::chrono::minutes>(time - day).count());
  if (window.from_minute <= window.to_minute) return window.from_minute <= minute && minute < window.to_minute;
  return minute >= window.from_minute || minute < window.to_minute;
}

std::string approvals_missing(const EnvironmentFacts& facts, const ApprovalPolicy& policy, const OpenFacts& open, const std::string& creator) {
  int granted = 0;
  for (const std::string& approver : policy.approvers) {
    const auto newest = std::find_if(facts.decisions.rbegin(), facts.decisions.rend(), [&](const auto& d) { return d.actor == approver && d.digest == open.digest; });
    if (newest == facts.decisions.rend()) continue;
    if (!newest->granted) return approver + " has denied it";
    const bool own = approver == open.actor || approver == creator;
    if (newest->time + policy.expires > facts.asked && (policy.allow_requester || !own)) ++granted;
  }
  return granted >= policy.required ? "" : std::to_string(granted) + " of " + std::to_string(policy.required) + " valid approvals";
}
}  // namespace

/// Why it must not be let through; "" when it may.
std::string Oracle::closed_gate(const EnvironmentFacts& facts, const Environment& env, const OpenFacts& open, const std::string& creator) {
  if (!facts.open.empty()) return "another deployment is unfinished";
  if (!env.after.empty()) {
    const auto* upstream = facts_[env.after].find_verified(open.digest);
    if (upstream == nullptr) return "it was not verified in " + env.after;
    if (upstream->first + env.soak > facts.asked) return "it was verified in " + env.after + " for less than " + to_string(env.soak);
  }
  if (env.approval)
    if (const std::string missing = approvals_missing(facts, *env.approval, open, creator); !missing.empty()) return missing;
  if (facts.frozen || facts_[""].frozen) return "the environment is frozen";
  for (const FreezeWindow& window : env.freeze)
    if (inside(window, facts.asked)) return "it is inside the freeze window from " + window.from;
  if (const auto found = quarantined_.find(open.digest); found != quarantined_.end()) return "it is quarantined: " + found->second;
  if (facts.live && !env.allow_downgrade && Version::parse(open.version) < Version::parse(facts.live->version)) return "it is older than the live " + facts.live->version;
  return "";
}

void Oracle::check_gates(const EnvironmentFacts& facts, const Environment& env, const OpenFacts& open, const json::Value& data, const std::string& creator) {
  const json::Value* gates = json::find(data, "gates");
  if (gates == nullptr || !gates->IsArray() || gates->Empty()) return report(2, "a promotion to " + env.name + " was begun without the gates' answers");
  for (const json::Value& gate : gates->GetArray())
    if (!json::boolean(gate, "allowed")) report(2, "a promotion to " + env.name + " was begun though the gate " + json::string(gate, "gate") + " denied it");
  const std::string closed = closed_gate(facts, env, open, creator);
  if (!closed.empty()) report(2, "the promotion of " + open.version + " to " + env.name + " was begun though " + closed);
}

void Oracle::check_target(const EnvironmentFacts& facts, const Environment& env, const OpenFacts& open) {
  if (facts.find_verified(open.digest) == nullptr) report(3, env.name + " goes back to " + open.version + ", which was never verified there");
  else if (quarantined_.contains(open.digest)) report(3, env.name + " goes back to " + open.version + ", which is quarantined");
}

}  // namespace deploy::simulation
