#include "promotion/gates.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "promotion/freeze_window.hpp"
#include "promotion/policy.hpp"
#include "support/mutation.hpp"

namespace deploy {

namespace {
GateAnswer allow(std::string gate, std::string reason) { return {std::move(gate), true, std::move(reason), std::nullopt}; }
GateAnswer deny(std::string gate, std::string reason, std::optional<TimePoint> opens = std::nullopt) {
  return {std::move(gate), false, std::move(reason), opens};
}

std::string in_words(const Release& release) { return fmt::format("{} ({})", release.version.str(), release.digest.short_hex()); }

GateAnswer interrupted(const GateQuestion& q) {
  const auto& open = q.state.environment(q.environment.name).open_order;
  if (open.empty()) return allow("interrupted", "no deployment is unfinished");
  return deny("interrupted", fmt::format("deployment {} of {} was interrupted; 'deployctl resume {}' finishes or undoes it", open.back(),
                                         q.environment.name, q.environment.name));
}

GateAnswer upstream_verified(const GateQuestion& q) {
  if (q.environment.after.empty()) return allow("upstream_verified", "there is no upstream environment");
  const Verification* v = q.state.environment(q.environment.after).find_verified(q.release.digest.str());
  if (v != nullptr) return allow("upstream_verified", fmt::format("verified in {} at {}", q.environment.after, to_rfc3339(v->last)));
  return deny("upstream_verified", fmt::format("{} has not been verified in {}; promote it there first", in_words(q.release), q.environment.after));
}

GateAnswer soak(const GateQuestion& q) {
  if (q.environment.soak.count() == 0 || q.environment.after.empty()) return allow("soak", "no soak time is asked for");
  const Verification* v = q.state.environment(q.environment.after).find_verified(q.release.digest.str());
  if (v == nullptr) return deny("soak", fmt::format("soak of {} begins when it is verified in {}", to_string(q.environment.soak), q.environment.after));
  const TimePoint opens = v->first + q.environment.soak;
  if (opens <= q.now) return allow("soak", fmt::format("verified in {} for {}", q.environment.after, to_string(q.now - v->first)));
  return deny("soak", fmt::format("has to be verified in {} for {}; opens at {}", q.environment.after, to_string(q.environment.soak), to_rfc3339(opens)), opens);
}

bool is_requester(const GateQuestion& q, const std::string& name) { return name == q.actor || name == q.release.creator; }

std::string approval_state(const Tally& tally, const ApprovalPolicy& policy) {
  return fmt::format("{} of {} approvals{}; may approve: {}", tally.granted.size(), policy.required,
                     tally.granted.empty() ? "" : fmt::format(" (by {})", fmt::join(tally.granted, ", ")), fmt::join(policy.approvers, ", "));
}

GateAnswer approval(const GateQuestion& q) {
  if (!q.environment.approval) return allow("approval", "no approval is asked for");
  const ApprovalPolicy& policy = *q.environment.approval;
  if (!policy.allowed_signers.empty())
    return deny("approval", "signed approvals are required, and this version of libdeploy cannot verify signatures");
  const Tally tally = count_decisions(q);
  if (!tally.denied.empty())
    return deny("approval", fmt::format("denied by {}; only their own 'approve' withdraws it", fmt::join(tally.denied, ", ")));
  if (static_cast<int>(tally.granted.size()) >= policy.required) return allow("approval", approval_state(tally, policy));
  return deny("approval", fmt::format("{} waits for approval in {}: {}", in_words(q.release), q.environment.name, approval_state(tally, policy)));
}

GateAnswer freeze(const GateQuestion& q) {
  const EnvironmentState& env = q.state.environment(q.environment.name);
  if (!env.frozen) return allow("freeze", "not frozen");
  return deny("freeze", fmt::format("frozen by {}: {}; 'deployctl unfreeze {}' opens it", env.frozen_by, env.frozen_reason, q.environment.name));
}

GateAnswer freeze_window(const GateQuestion& q) {
  const auto until = frozen_until(q.environment.freeze, q.now);
  if (!until) return allow("freeze_window", "outside every freeze window");
  return deny("freeze_window", fmt::format("inside a freeze window until {}", to_rfc3339(*until)), until);
}

GateAnswer quarantine(const GateQuestion& q) {
  const auto it = q.state.quarantined.find(q.release.digest.str());
  if (it == q.state.quarantined.end()) return allow("quarantine", "not quarantined");
  return deny("quarantine", fmt::format("{} is quarantined since {} ({}); 'deployctl quarantine lift {} --reason ...' opens it", in_words(q.release),
                                        to_rfc3339(it->second.since), it->second.reason, q.release.digest.str()));
}

GateAnswer downgrade(const GateQuestion& q) {
  const auto& live = q.state.environment(q.environment.name).live;
  if (!live || q.allow_downgrade || q.environment.allow_downgrade) return allow("downgrade", live ? "downgrades are allowed" : "nothing is live");
  if (!(q.release.version < Version::parse(live->version))) return allow("downgrade", fmt::format("not older than the live {}", live->version));
  return deny("downgrade", fmt::format("{} is older than the live {}; 'rollback' goes back, '--allow-downgrade' insists", q.release.version.str(), live->version));
}

GateAnswer digest_available(const GateQuestion& q) {
  if (q.digest_available.value_or(true)) return allow("digest_available", q.digest_available ? "the registry has it" : "not asked");
  return deny("digest_available", fmt::format("the registry no longer has {}", q.release.image.str()));
}
}  // namespace

bool all_allowed(const std::vector<GateAnswer>& answers) {
  return std::all_of(answers.begin(), answers.end(), [](const GateAnswer& a) { return a.allowed; });
}

Tally count_decisions(const GateQuestion& q) {
  Tally tally;
  if (!q.environment.approval) return tally;
  const ApprovalPolicy& policy = *q.environment.approval;
  const std::string bound_to = policy_hash(q.environment);
  std::map<std::string, const ApprovalDecision*> newest;
  for (const ApprovalDecision& d : q.state.environment(q.environment.name).decisions) {
    const bool listed = std::find(policy.approvers.begin(), policy.approvers.end(), d.actor) != policy.approvers.end();
    if (listed && (d.digest == q.release.digest.str() || mutated(Mutation::approval_for_any_digest)) && d.policy_hash == bound_to) newest[d.actor] = &d;
  }
  for (const auto& [actor, d] : newest) {
    const TimePoint expires = d->time + policy.expires;
    if (!d->granted) tally.denied.push_back(actor);
    else if ((expires > q.now || mutated(Mutation::approval_never_expires)) && (policy.allow_requester || mutated(Mutation::approval_by_requester) || !is_requester(q, actor))) {
      tally.granted.push_back(actor);
      tally.expires = tally.expires ? std::min(*tally.expires, expires) : expires;
    }
  }
  return tally;
}

std::vector<GateAnswer> ask_gates(const GateQuestion& q) {
  std::vector<GateAnswer> answers{interrupted(q), upstream_verified(q), soak(q), approval(q), freeze(q), freeze_window(q), quarantine(q), downgrade(q), digest_available(q)};
  for (GateAnswer& answer : answers) answer.allowed |= mutated_gate(answer.gate);
  return answers;
}

}  // namespace deploy
