#include "promotion/objections.hpp"

#include "promotion/policy.hpp"

namespace deploy {

namespace {
Decision recorded(const Surroundings& around, const Environment& env, const Release& release, const ApprovalDecision& from) {
  Decision d;
  d.granted = from.granted;
  d.application = around.config.application;
  d.environment = env.name;
  d.version = release.version.str();
  d.digest = from.digest;
  d.policy_hash = from.policy_hash;
  d.creator = release.creator;
  d.approver = from.actor;
  d.issued = from.time;
  d.expires = from.expires;
  d.comment = from.comment;
  d.text = from.text;
  d.signature = from.signature;
  d.key = from.key;
  return d;
}
}  // namespace

std::string Objections::to(const ApprovalDecision& decision) const {
  if (!asked_) return "";
  const auto found = answers_.find(key_of(decision));
  return found == answers_.end() ? "the approval check has not been asked about it yet" : found->second;
}

Objections Objections::gather(const Surroundings& around, const Environment& env, const Release& release, const CallLimits& limits) {
  Objections out;
  if (around.approval_check == nullptr || !env.approval) return out;
  out.asked_ = true;
  const std::string bound_to = policy_hash(env), digest = release.digest.str();
  for (const ApprovalDecision& d : around.state.environment(env.name).decisions) {
    if (!d.granted || d.digest != digest || d.policy_hash != bound_to) continue;
    out.answers_[key_of(d)] = around.approval_check->objection(recorded(around, env, release, d), limits);
  }
  return out;
}

}  // namespace deploy
