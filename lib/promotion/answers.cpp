// Events and answers as JSON, in the form that --json prints.
#include "deploy/decision.hpp"
#include "deploy/event.hpp"
#include "deploy/status.hpp"
#include "ledger/records.hpp"

namespace deploy {

namespace {
void add_time(json::Object& out, std::string_view key, const std::optional<TimePoint>& time) {
  if (time) out.add(key, to_rfc3339(*time));
  else out.add_null(key);
}

json::Object lease_object(const Lease& lease, LeaseCondition condition) {
  return json::Object().add("holder", lease.holder.actor).add("machine", lease.holder.machine).add("process", lease.holder.process)
      .add("token", lease.token).add("since", to_rfc3339(lease.since)).add("expires", to_rfc3339(lease.expires))
      .add("condition", to_string(condition));
}
}  // namespace

std::string to_json(const Event& event) {
  json::Object out;
  out.add("type", "event").add("event", to_string(event.kind)).add("time", to_rfc3339(event.time));
  if (!event.environment.empty()) out.add("environment", event.environment);
  if (!event.deployment.empty()) out.add("deployment", event.deployment);
  if (!event.host.empty()) out.add("host", event.host);
  if (!event.step.empty()) out.add("step", event.step);
  return out.add("message", event.message).add("details", event.details).str();
}

std::string_view to_string(LeaseCondition condition) {
  switch (condition) {
    case LeaseCondition::held: return "held";
    case LeaseCondition::expired: return "expired";
    case LeaseCondition::gone: return "gone";
  }
  return "held";
}

std::string to_json(const EnvironmentStatus& s) {
  json::Object out;
  out.add("environment", s.environment);
  if (s.live) out.add("live", json::Object().add("version", s.live->version).add("digest", s.live->digest));
  else out.add_null("live");
  add_time(out, "live_since", s.live_since);
  out.add("live_deployment", s.live_deployment);
  json::Array verified, pending;
  for (const VerifiedVersion& v : s.verified)
    verified.add(json::Object().add("version", v.version).add("digest", v.digest).add("verified", to_rfc3339(v.verified)).add("quarantined", v.quarantined));
  for (const PendingApproval& p : s.pending)
    pending.add(json::Object().add("version", p.version).add("digest", p.digest).add("granted_by", p.granted_by).add("denied_by", p.denied_by).add("required", p.required)
                    .add("signatures_required", p.signatures_required).add("signed_by", p.signed_by).add("not_counted", p.not_counted));
  out.add("verified", verified).add("rollback_target", s.rollback_target).add("pending", pending);
  out.add("frozen", s.frozen).add("frozen_by", s.frozen_by).add("frozen_reason", s.frozen_reason);
  if (s.interrupted)
    out.add("interrupted", json::Object().add("deployment", s.interrupted->deployment).add("version", s.interrupted->version)
                               .add("last_step", s.interrupted->last_step).add("started", to_rfc3339(s.interrupted->started)));
  else out.add_null("interrupted");
  if (s.lease) out.add("lease", lease_object(*s.lease, s.lease_condition));
  else out.add_null("lease");
  if (s.last_outcome) out.add("last_outcome", to_string(*s.last_outcome));
  else out.add_null("last_outcome");
  out.add("stranded", s.stranded).add("stopped", !s.stopped_by.empty()).add("stopped_by", s.stopped_by).add("stopped_reason", s.stopped_reason);
  add_time(out, "closed_until", s.closed_until);
  out.add("rollback_barrier", s.rollback_barrier).add("candidate", s.candidate).add("candidate_digest", s.candidate_digest).add("waiting_for", gates_array(s.waiting_for));
  json::Array quarantined;
  for (const QuarantinedDigest& q : s.quarantined)
    quarantined.add(json::Object().add("version", q.version).add("digest", q.digest).add("reason", q.reason).add("by", q.by).add("since", to_rfc3339(q.since)));
  return out.add("quarantined", quarantined).str();
}

std::string to_json(const Decision& d) {
  json::Object out;
  out.add("granted", d.granted).add("application", d.application).add("environment", d.environment).add("version", d.version).add("digest", d.digest);
  if (d.replaces) out.add("replaces", json::Object().add("version", d.replaces->version).add("digest", d.replaces->digest));
  else out.add_null("replaces");
  out.add("policy_hash", d.policy_hash).add("creator", d.creator).add("approver", d.approver).add("issued", to_rfc3339(d.issued));
  add_time(out, "expires", d.expires);
  out.add("comment", d.comment).add("text", d.text);
  if (d.key.empty()) out.add_null("signed_by");
  else out.add("signed_by", json::Object().add("key", d.key).add("key_type", d.key_type).add("signature", d.signature));
  return out.str();
}

std::string to_json(const DriftReport& report) {
  json::Array drift;
  for (const Drift& d : report.drift) drift.add(json::Object().add("host", d.host).add("what", d.what).add("expected", d.expected).add("found", d.found));
  return json::Object().add("environment", report.environment).add("drift", drift).str();
}

std::string to_json(const DoctorCheck& check) {
  return json::Object().add("name", check.name).add("subject", check.subject).add("level", to_string(check.level)).add("message", check.message).add("advice", check.advice).str();
}

}  // namespace deploy
