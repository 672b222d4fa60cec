#include "promotion/gates.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "promotion/freeze_window.hpp"
#include "promotion/planner.hpp"
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

/// "alice with SHA256:..." where it was signed.
std::string with_key(const Tally& tally, const std::string& name) {
  const auto key = tally.signed_by.find(name);
  return key == tally.signed_by.end() ? name : fmt::format("{} with {}", name, key->second);
}

std::string with_keys(const Tally& tally, const std::vector<std::string>& names) {
  std::vector<std::string> out;
  for (const std::string& name : names) out.push_back(with_key(tally, name));
  return fmt::format("{}", fmt::join(out, ", "));
}

std::string approval_state(const Tally& tally, const ApprovalPolicy& policy) {
  return fmt::format("{} of {} {}approvals{}; may approve: {}{}{}", tally.granted.size(), policy.required, wants_signatures(policy) ? "signed " : "",
                     tally.granted.empty() ? "" : fmt::format(" (by {})", with_keys(tally, tally.granted)), fmt::join(policy.approvers, ", "),
                     tally.not_counted.empty() ? "" : "; ", fmt::join(tally.not_counted, "; "));
}

GateAnswer approval(const GateQuestion& q) {
  if (!q.environment.approval) return allow("approval", "no approval is asked for");
  const ApprovalPolicy& policy = *q.environment.approval;
  const Tally tally = count_decisions(q);
  GateAnswer answer = allow("approval", approval_state(tally, policy));
  answer.signed_by = tally.signed_by;
  answer.allowed = tally.denied.empty() && static_cast<int>(tally.granted.size()) >= policy.required;
  if (!tally.denied.empty()) answer.reason = fmt::format("denied by {}; only their own 'approve' withdraws it", with_keys(tally, tally.denied));
  else if (!answer.allowed) answer.reason = fmt::format("{} waits for approval in {}: {}", in_words(q.release), q.environment.name, answer.reason);
  return answer;
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

namespace {
/// Whether a decision on this digest counts, or did until it expired.
SignatureCheck check(const GateQuestion& q, const std::string& bound_to, const ApprovalDecision& d) {
  if (d.policy_hash != bound_to) return {"the policy has changed since", ""};
  if (!wants_signatures(*q.environment.approval)) return {};
  if (q.signers == nullptr) return {"the approvers' keys were not read", ""};
  return check_signature(d, {q.config.application, q.environment, d.digest, bound_to}, *q.signers, q.now);
}

struct Counted {
  const ApprovalDecision* decision = nullptr;
  std::string key;
};

/// The newest decision of each approver that is not void; of the others, why.
struct Sorted {
  std::map<std::string, Counted> newest;
  std::map<std::string, std::string> flaws;
};

Sorted sort_decisions(const GateQuestion& q) {
  const std::vector<std::string>& approvers = q.environment.approval->approvers;
  const std::string bound_to = policy_hash(q.environment);
  Sorted out;
  for (const ApprovalDecision& d : q.state.environment(q.environment.name).decisions) {
    const bool other = d.digest != q.release.digest.str() && !mutated(Mutation::approval_for_any_digest);
    if (other || std::find(approvers.begin(), approvers.end(), d.actor) == approvers.end()) continue;
    SignatureCheck checked = check(q, bound_to, d);
    if (checked.flaw.empty()) out.newest[d.actor] = {&d, std::move(checked.key)};
    if (checked.flaw.empty()) out.flaws.erase(d.actor);
    else out.flaws[d.actor] = std::move(checked.flaw);
  }
  return out;
}

TimePoint end_of(const ApprovalDecision& d, const ApprovalPolicy& policy) {
  const TimePoint latest = d.time + policy.expires;
  return d.expires ? std::min(*d.expires, latest) : latest;
}

/// Why a grant that holds does not count all the same.
std::string objection(const GateQuestion& q, const Tally& tally, const std::string& actor, const Counted& counted) {
  const TimePoint expires = end_of(*counted.decision, *q.environment.approval);
  if (expires <= q.now && !mutated(Mutation::approval_never_expires)) return fmt::format("it expired at {}", to_rfc3339(expires));
  if (!q.environment.approval->allow_requester && !mutated(Mutation::approval_by_requester) && is_requester(q, actor)) return "who made the release or asks for its promotion may not approve it";
  if (std::string why = q.objections == nullptr ? "" : q.objections->to(*counted.decision); !why.empty()) return why;
  for (const auto& [other, key] : tally.signed_by)
    if (key == counted.key && counted.decision->granted) return fmt::format("it is signed with the key of {}: one key is one approval", other);
  return "";
}
}  // namespace

Tally count_decisions(const GateQuestion& q) {
  Tally tally;
  if (!q.environment.approval) return tally;
  Sorted sorted = sort_decisions(q);
  for (const auto& [actor, counted] : sorted.newest) {
    const bool granted = counted.decision->granted;
    if (std::string why = granted ? objection(q, tally, actor, counted) : ""; !why.empty()) {
      sorted.flaws[actor] = std::move(why);
      continue;
    }
    (granted ? tally.granted : tally.denied).push_back(actor);
    if (!counted.key.empty()) tally.signed_by[actor] = counted.key;
    if (!granted) continue;
    const TimePoint expires = end_of(*counted.decision, *q.environment.approval);
    tally.expires = tally.expires ? std::min(*tally.expires, expires) : expires;
  }
  for (const auto& [actor, why] : sorted.flaws) tally.not_counted.push_back(fmt::format("the decision of {} does not count: {}", actor, why));
  return tally;
}

std::vector<GateAnswer> ask_gates(const GateQuestion& q) {
  std::vector<GateAnswer> answers{interrupted(q), upstream_verified(q), upstream_settled(q), soak(q), evidence_age(q), approval(q),
          freeze(q), freeze_all(q), freeze_window(q), quarantine(q), downgrade(q), digest_available(q)};
  for (GateAnswer& answer : answers) answer.allowed |= mutated_gate(answer.gate);
  return answers;
}

}  // namespace deploy
