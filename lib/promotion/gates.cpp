#include "promotion/gates.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "promotion/freeze_window.hpp"
#include "promotion/planner.hpp"
#include "promotion/policy.hpp"

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

GateAnswer upstream_settled(const GateQuestion& q) {
  const std::string& up = q.environment.after;
  if (!q.environment.stop_the_line || up.empty()) return allow("upstream_settled", "trouble upstream does not stop this environment");
  const auto& last = q.state.environment(up).last_outcome;
  if (last != Outcome::held && last != Outcome::stranded) return allow("upstream_settled", fmt::format("{} needs nobody", up));
  return deny("upstream_settled", fmt::format("the last deployment of {} ended {} and a person is needed there; a deployment or 'deployctl rollback {}' that succeeds opens it",
                                              up, to_string(*last), up));
}

GateAnswer soak(const GateQuestion& q) {
  if (q.environment.soak.count() == 0 || q.environment.after.empty()) return allow("soak", "no soak time is asked for");
  const Verification* v = q.state.environment(q.environment.after).find_verified(q.release.digest.str());
  if (v == nullptr) return deny("soak", fmt::format("soak of {} begins when it is verified in {}; promote it there first", to_string(q.environment.soak), q.environment.after));
  const TimePoint opens = v->first + q.environment.soak;
  if (opens <= q.now) return allow("soak", fmt::format("verified in {} for {}", q.environment.after, to_string(q.now - v->first)));
  return deny("soak", fmt::format("has to be verified in {} for {}; opens at {}", q.environment.after, to_string(q.environment.soak), to_rfc3339(opens)), opens);
}

/// S33: what was verified long ago says little about today. Evidence can only be renewed while the release is live upstream.
GateAnswer evidence_age(const GateQuestion& q) {
  const std::string& up = q.environment.after;
  if (q.environment.max_age.count() == 0 || up.empty()) return allow("evidence_age", "evidence of any age is good enough");
  const Verification* v = q.state.environment(up).find_verified(q.release.digest.str());
  if (v == nullptr) return deny("evidence_age", fmt::format("there is no evidence from {}; promote it there first", up));
  if (!is_evidence_too_old(q)) return allow("evidence_age", fmt::format("last verified in {} at {}", up, to_rfc3339(v->last)));
  const std::string old = fmt::format("last verified in {} at {}, longer ago than max_age {}", up, to_rfc3339(v->last), to_string(q.environment.max_age));
  const auto& live = q.state.environment(up).live;
  if (!live || live->digest != q.release.digest.str())
    return deny("evidence_age", fmt::format("{}, and {} is live there now; promote {} to {} again", old, live ? live->version : "nothing", q.release.version.str(), up));
  if (!q.renewal_trouble.empty()) return deny("evidence_age", fmt::format("{}; it was probed there again: {}; mend {} and promote again", old, q.renewal_trouble, up));
  if (q.may_renew) return allow("evidence_age", fmt::format("{}: it is probed there again before anything is changed", old));
  return deny("evidence_age", fmt::format("{}; 'deployctl promote' probes it there again", old));
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

GateAnswer freeze_all(const GateQuestion& q) {
  const EnvironmentState& all = q.state.environment(std::string(kEveryEnvironment));
  if (!all.frozen) return allow("freeze_all", "the line is not stopped");
  return deny("freeze_all", fmt::format("{} stopped the line, every environment: {}; 'deployctl unfreeze --all' opens it", all.frozen_by, all.frozen_reason));
}

GateAnswer freeze_window(const GateQuestion& q) {
  const auto until = frozen_until(q.environment.freeze, q.now);
  if (!until) return allow("freeze_window", "outside every freeze window");
  if (*until == kNeverOpens) return deny("freeze_window", "the freeze windows leave no gap; shorten one in the configuration (freeze) to open it");
  return deny("freeze_window", fmt::format("inside a freeze window until {}; it opens by itself then", to_rfc3339(*until)), until);
}

GateAnswer quarantine(const GateQuestion& q) {
  const auto it = q.state.quarantined.find(q.release.digest.str());
  if (it == q.state.quarantined.end()) return allow("quarantine", "not quarantined");
  return deny("quarantine", fmt::format("{} is quarantined since {} ({}); 'deployctl quarantine lift {} --reason ...' opens it", in_words(q.release),
                                        to_rfc3339(it->second.since), it->second.reason, q.release.digest.str()));
}

GateAnswer downgrade(const GateQuestion& q) {
  const auto& live = q.state.environment(q.environment.name).live;
  if (!live || q.allow_downgrade) return allow("downgrade", live ? "downgrades are allowed" : "nothing is live");
  if (!(q.release.version < Version::parse(live->version))) return allow("downgrade", fmt::format("not older than the live {}", live->version));
  const Release* never = never_between(q.state, live->digest, q.release.digest.str());
  if (q.environment.allow_downgrade && never == nullptr) return allow("downgrade", "downgrades are allowed");
  return deny("downgrade", fmt::format("{} is older than the live {}{}; 'deployctl rollback {}' goes back, '--allow-downgrade' insists", q.release.version.str(), live->version,
                                       never == nullptr ? "" : fmt::format(", and {} is marked 'rollback: never'", never->version.str()), q.environment.name));
}

GateAnswer digest_available(const GateQuestion& q) {
  if (q.digest_available.value_or(true)) return allow("digest_available", q.digest_available ? "the registry has it" : "not asked");
  return deny("digest_available", fmt::format("the registry no longer has {}; push that image again, or promote another release", q.release.image.str()));
}
}  // namespace

bool is_evidence_too_old(const GateQuestion& q) {
  if (q.environment.max_age.count() == 0 || q.environment.after.empty()) return false;
  const Verification* v = q.state.environment(q.environment.after).find_verified(q.release.digest.str());
  return v != nullptr && v->last + q.environment.max_age < q.now;
}

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
    if (listed && d.digest == q.release.digest.str() && d.policy_hash == bound_to) newest[d.actor] = &d;
  }
  for (const auto& [actor, d] : newest) {
    const TimePoint expires = d->time + policy.expires;
    if (!d->granted) tally.denied.push_back(actor);
    else if (expires > q.now && (policy.allow_requester || !is_requester(q, actor))) {
      tally.granted.push_back(actor);
      tally.expires = tally.expires ? std::min(*tally.expires, expires) : expires;
    }
  }
  return tally;
}

std::vector<GateAnswer> ask_gates(const GateQuestion& q) {
  return {interrupted(q), upstream_verified(q), upstream_settled(q), soak(q), evidence_age(q), approval(q),
          freeze(q), freeze_all(q), freeze_window(q), quarantine(q), downgrade(q), digest_available(q)};
}

}  // namespace deploy
