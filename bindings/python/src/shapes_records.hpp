// The structs that the library answers with, and those that ports are given.
#pragma once

#include "deploy/decision.hpp"
#include "deploy/deployment.hpp"
#include "deploy/event.hpp"
#include "deploy/plan.hpp"
#include "deploy/ports/ledger_store.hpp"
#include "deploy/ports/prober.hpp"
#include "deploy/simulation.hpp"
#include "deploy/status.hpp"
#include "shape.hpp"

namespace deploy::python {

template <>
struct Enumeration<ErrorCode> {
  static constexpr auto name = "ErrorCode";
  static constexpr auto last = ErrorCode::internal;
};
template <>
struct Enumeration<EventKind> {
  static constexpr auto name = "EventKind";
  static constexpr auto last = EventKind::deployment_finished;
};
template <>
struct Enumeration<Outcome> {
  static constexpr auto name = "Outcome";
  static constexpr auto last = Outcome::cancelled;
};
template <>
struct Enumeration<ProbeAnswer> {
  static constexpr auto name = "ProbeAnswer";
  static constexpr auto last = ProbeAnswer::unknown;
};
template <>
struct Enumeration<Verdict> {
  static constexpr auto name = "Verdict";
  static constexpr auto last = Verdict::unknown;
};
template <>
struct Enumeration<StepKind> {
  static constexpr auto name = "StepKind";
  static constexpr auto last = StepKind::probe;
};
template <>
struct Enumeration<PlanKind> {
  static constexpr auto name = "PlanKind";
  static constexpr auto last = PlanKind::rollback;
};
template <>
struct Enumeration<LeaseCondition> {
  static constexpr auto name = "LeaseCondition";
  static constexpr auto last = LeaseCondition::gone;
};
template <>
struct Enumeration<DoctorCheck::Level> {
  static constexpr auto name = "DoctorLevel";
  static constexpr auto last = DoctorCheck::Level::failure;
};
template <>
struct Enumeration<simulation::Verb> {
  static constexpr auto name = "Verb";
  static constexpr auto last = simulation::Verb::remove_by_hand;
};

template <>
struct Shape<Release> {
  using T = Release;
  static constexpr auto name = "Release";
  static constexpr auto members =
      std::tuple(member("application", &T::application), member("version", &T::version), member("build", &T::build), member("image", &T::image),
                 member("digest", &T::digest), member("commit", &T::commit), member("creator", &T::creator), member("created", &T::created),
                 member("rollback_never", &T::rollback_never));
};
template <>
struct Shape<LiveVersion> {
  static constexpr auto name = "LiveVersion";
  static constexpr auto members = std::tuple(member("version", &LiveVersion::version), member("digest", &LiveVersion::digest));
};
template <>
struct Shape<ProbeTry> {
  using T = ProbeTry;
  static constexpr auto name = "ProbeTry";
  static constexpr auto members = std::tuple(member("time", &T::time), member("latency", &T::latency), member("answer", &T::answer), member("detail", &T::detail));
};
template <>
struct Shape<ProbeReport> {
  using T = ProbeReport;
  static constexpr auto name = "ProbeReport";
  static constexpr auto members = std::tuple(member("verdict", &T::verdict), member("reason", &T::reason), member("tries", &T::tries), member("waited", &T::waited));
};
template <>
struct Shape<HostEvidence> {
  using T = HostEvidence;
  static constexpr auto name = "HostEvidence";
  static constexpr auto members =
      std::tuple(member("host", &T::host), member("container", &T::container), member("status", &T::status), member("exit_code", &T::exit_code),
                 member("oom_killed", &T::oom_killed), member("restart_count", &T::restart_count), member("error", &T::error), member("logs", &T::logs),
                 member("probe", &T::probe));
};
template <>
struct Shape<GateAnswer> {
  using T = GateAnswer;
  static constexpr auto name = "GateAnswer";
  static constexpr auto members = std::tuple(member("gate", &T::gate), member("allowed", &T::allowed), member("reason", &T::reason), member("opens", &T::opens),
                                             member("signed_by", &T::signed_by));
};
template <>
struct Shape<Deployment> {
  using T = Deployment;
  static constexpr auto name = "Deployment";
  static constexpr auto members =
      std::tuple(member("id", &T::id), member("environment", &T::environment), member("kind", &T::kind), member("version", &T::version), member("digest", &T::digest),
                 member("outcome", &T::outcome), member("live", &T::live), member("gap", &T::gap), member("duration", &T::duration), member("reasons", &T::reasons),
                 member("warnings", &T::warnings), member("unfinished", &T::unfinished), member("gates", &T::gates), member("evidence", &T::evidence),
                 member("stop_ms", &T::stop_ms), member("actor", &T::actor), member("started", &T::started), member("finished", &T::finished));
};
template <>
struct Shape<VerifiedVersion> {
  using T = VerifiedVersion;
  static constexpr auto name = "VerifiedVersion";
  static constexpr auto members = std::tuple(member("version", &T::version), member("digest", &T::digest), member("verified", &T::verified), member("quarantined", &T::quarantined));
};
template <>
struct Shape<PendingApproval> {
  using T = PendingApproval;
  static constexpr auto name = "PendingApproval";
  static constexpr auto members =
      std::tuple(member("version", &T::version), member("digest", &T::digest), member("granted_by", &T::granted_by), member("denied_by", &T::denied_by),
                 member("required", &T::required), member("signatures_required", &T::signatures_required), member("signed_by", &T::signed_by),
                 member("not_counted", &T::not_counted));
};
template <>
struct Shape<QuarantinedDigest> {
  using T = QuarantinedDigest;
  static constexpr auto name = "QuarantinedDigest";
  static constexpr auto members = std::tuple(member("version", &T::version), member("digest", &T::digest), member("reason", &T::reason), member("by", &T::by), member("since", &T::since));
};
template <>
struct Shape<Interrupted> {
  using T = Interrupted;
  static constexpr auto name = "Interrupted";
  static constexpr auto members = std::tuple(member("deployment", &T::deployment), member("version", &T::version), member("last_step", &T::last_step), member("started", &T::started));
};
template <>
struct Shape<LeaseHolder> {
  using T = LeaseHolder;
  static constexpr auto name = "LeaseHolder";
  static constexpr auto members = std::tuple(member("actor", &T::actor), member("machine", &T::machine), member("process", &T::process), member("process_start", &T::process_start));
};
template <>
struct Shape<Lease> {
  using T = Lease;
  static constexpr auto name = "Lease";
  static constexpr auto members = std::tuple(member("name", &T::name), member("holder", &T::holder), member("token", &T::token), member("since", &T::since), member("expires", &T::expires));
};
template <>
struct Shape<LeaseClaim> {
  static constexpr auto name = "LeaseClaim";
  static constexpr auto members = std::tuple(member("name", &LeaseClaim::name), member("token", &LeaseClaim::token));
};
template <>
struct Shape<EnvironmentStatus> {
  using T = EnvironmentStatus;
  static constexpr auto name = "EnvironmentStatus";
  static constexpr auto members =
      std::tuple(member("environment", &T::environment), member("live", &T::live), member("live_since", &T::live_since), member("live_deployment", &T::live_deployment),
                 member("verified", &T::verified), member("rollback_target", &T::rollback_target), member("pending", &T::pending), member("frozen", &T::frozen),
                 member("frozen_by", &T::frozen_by), member("frozen_reason", &T::frozen_reason), member("interrupted", &T::interrupted), member("lease", &T::lease),
                 member("lease_condition", &T::lease_condition), member("last_outcome", &T::last_outcome), member("stranded", &T::stranded),
                 member("stopped_by", &T::stopped_by), member("stopped_reason", &T::stopped_reason), member("closed_until", &T::closed_until),
                 member("rollback_barrier", &T::rollback_barrier), member("candidate", &T::candidate), member("candidate_digest", &T::candidate_digest),
                 member("waiting_for", &T::waiting_for), member("quarantined", &T::quarantined));
};
template <>
struct Shape<Drift> {
  using T = Drift;
  static constexpr auto name = "Drift";
  static constexpr auto members = std::tuple(member("host", &T::host), member("what", &T::what), member("expected", &T::expected), member("found", &T::found));
};
template <>
struct Shape<DriftReport> {
  static constexpr auto name = "DriftReport";
  static constexpr auto members = std::tuple(member("environment", &DriftReport::environment), member("drift", &DriftReport::drift));
};
template <>
struct Shape<DoctorCheck> {
  using T = DoctorCheck;
  static constexpr auto name = "DoctorCheck";
  static constexpr auto members = std::tuple(member("name", &T::name), member("subject", &T::subject), member("level", &T::level), member("message", &T::message), member("advice", &T::advice));
};
template <>
struct Shape<Step> {
  using T = Step;
  static constexpr auto name = "Step";
  static constexpr auto members = std::tuple(member("index", &T::index), member("kind", &T::kind), member("host", &T::host), member("batch", &T::batch),
                                             member("description", &T::description), member("undo", &T::undo));
};
template <>
struct Shape<Plan> {
  using T = Plan;
  static constexpr auto name = "Plan";
  static constexpr auto members =
      std::tuple(member("kind", &T::kind), member("environment", &T::environment), member("release", &T::release), member("live_version", &T::live_version),
                 member("live_digest", &T::live_digest), member("policy_hash", &T::policy_hash), member("container_hash", &T::container_hash),
                 member("quarantine_live", &T::quarantine_live), member("steps", &T::steps), member("hash", &T::hash));
};
template <>
struct Shape<PlanReport> {
  static constexpr auto name = "PlanReport";
  static constexpr auto members = std::tuple(member("plan", &PlanReport::plan), member("gates", &PlanReport::gates));
};
template <>
struct Shape<Decision> {
  using T = Decision;
  static constexpr auto name = "Decision";
  static constexpr auto members =
      std::tuple(member("granted", &T::granted), member("application", &T::application), member("environment", &T::environment), member("version", &T::version),
                 member("digest", &T::digest), member("replaces", &T::replaces), member("policy_hash", &T::policy_hash), member("creator", &T::creator),
                 member("approver", &T::approver), member("issued", &T::issued), member("expires", &T::expires), member("nonce", &T::nonce), member("comment", &T::comment),
                 member("text", &T::text), member("signature", &T::signature), member("key", &T::key), member("key_type", &T::key_type));
};
template <>
struct Shape<Event> {
  using T = Event;
  static constexpr auto name = "Event";
  static constexpr auto members = std::tuple(member("kind", &T::kind), member("time", &T::time), member("environment", &T::environment), member("deployment", &T::deployment),
                                             member("host", &T::host), member("step", &T::step), member("message", &T::message), member("details", &T::details));
};
template <>
struct Shape<LedgerEntry> {
  using T = LedgerEntry;
  static constexpr auto name = "LedgerEntry";
  static constexpr auto members =
      std::tuple(member("seq", &T::seq), member("time", &T::time), member("kind", &T::kind), member("actor", &T::actor), member("environment", &T::environment),
                 member("deployment", &T::deployment), member("token", &T::token), member("data", &T::data), member("prev", &T::prev), member("hash", &T::hash));
};
template <>
struct Shape<LedgerHead> {
  static constexpr auto name = "LedgerHead";
  static constexpr auto members = std::tuple(member("seq", &LedgerHead::seq), member("hash", &LedgerHead::hash));
};
template <>
struct Shape<LedgerStore::Checkpoint> {
  using T = LedgerStore::Checkpoint;
  static constexpr auto name = "Checkpoint";
  static constexpr auto members = std::tuple(member("head", &T::head), member("state", &T::state));
};
template <>
struct Shape<simulation::Action> {
  using T = simulation::Action;
  static constexpr auto name = "Action";
  static constexpr auto members =
      std::tuple(member("verb", &T::verb), member("at", &T::at), member("meanwhile", &T::meanwhile), member("release", &T::release), member("environment", &T::environment),
                 member("host", &T::host), member("actor", &T::actor), member("machine", &T::machine), member("word", &T::word), member("duration", &T::duration));
};
template <>
struct Shape<simulation::Script> {
  static constexpr auto name = "Script";
  static constexpr auto members = std::tuple(member("seed", &simulation::Script::seed), member("actions", &simulation::Script::actions));
};
template <>
struct Shape<simulation::Violation> {
  static constexpr auto name = "Violation";
  static constexpr auto members = std::tuple(member("invariant", &simulation::Violation::invariant), member("sentence", &simulation::Violation::sentence));
};
template <>
struct Shape<simulation::SimulationReport> {
  using T = simulation::SimulationReport;
  static constexpr auto name = "SimulationReport";
  static constexpr auto members = std::tuple(member("violation", &T::violation), member("story", &T::story), member("outcomes", &T::outcomes), member("calls", &T::calls),
                                             member("events", &T::events));
};
template <>
struct Shape<simulation::Rehearsal> {
  using T = simulation::Rehearsal;
  static constexpr auto name = "Rehearsal";
  static constexpr auto members = std::tuple(member("runs", &T::runs), member("events", &T::events), member("outcomes", &T::outcomes), member("violation", &T::violation),
                                             member("seed", &T::seed), member("script", &T::script));
};

}  // namespace deploy::python
