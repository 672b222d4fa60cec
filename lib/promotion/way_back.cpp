// What follows a failure: quarantine and evidence first, then the way back in reverse, then proof that the old version serves again.
#include <fmt/format.h>

#include <algorithm>

#include "deploy/error.hpp"
#include "ledger/records.hpp"
#include "promotion/execute.hpp"
#include "promotion/planner.hpp"
#include "promotion/prove.hpp"
#include "support/mutation.hpp"

namespace deploy {

Deployment Execution::fail(const Failure& failure, const FallBack& fall_back) {
  Deployment record;
  record.warnings = std::move(warnings_);
  record.reasons.push_back(failure.reason);
  if (failure.blame) quarantine(failure);  // first: a process that dies while it collects evidence must not leave it a good release
  collect_evidence(failure, record);
  if (const Release* never = irreversible())
    return hold(std::move(record), fmt::format("{} is marked 'rollback: never' and {} has run: what was live before may not work any more; go forward with a release that mends "
                                               "it, or insist with 'deployctl rollback {} --force'", never->version.str(), plan_.release.version.str(), env_.name));
  const bool keep_as_is = !failure.cancelled && (!env_.rollback.automatic || (failure.unknown && env_.rollback.on_unknown == OnUnknown::hold));
  if (keep_as_is && switched())
    return hold(std::move(record), env_.rollback.automatic ? "its health is unknown and the policy says to hold (rollback.on_unknown)"
                                                           : "the policy says not to roll back (rollback.automatic)");

  const bool touched = switched();
  undo_all(failure, record.reasons);
  const bool back = prove_old(record.reasons);
  record.outcome = !back ? Outcome::stranded : failure.cancelled ? Outcome::cancelled : Outcome::rolled_back;
  record.live = back || !touched ? live_before() : std::nullopt;
  if (mutated(Mutation::wrong_live)) record.live = LiveVersion{plan_.release.version.str(), plan_.release.digest.str()};
  if (back && !record.live && !failure.cancelled) record.reasons.emplace_back("no_rollback_target");
  if (!back && !touched) record.reasons.emplace_back("what was live was not touched; look why it does not answer");
  if (!back && touched) {
    record.live = fall_back(id_, record.reasons);
    if (record.live) record.outcome = Outcome::rolled_back;
    else record.live = observe_live();
  }
  return finish(std::move(record));
}

Deployment Execution::hold(Deployment record, std::string reason) {
  record.outcome = Outcome::held;
  record.reasons.push_back(std::move(reason));
  record.live = observe_live();
  return finish(std::move(record));
}

/// An earlier process got as far as bringing another version up; only the record was missing.
Deployment Execution::mended(const LiveVersion& live) {
  Deployment record;
  record.reasons.push_back(fmt::format("failed, and went back to {}", live.version));
  record.outcome = Outcome::rolled_back;
  record.live = live;
  return finish(std::move(record));
}

void Execution::collect_evidence(const Failure& failure, Deployment& record) {
  for (HostRun& run : hosts_) {
    if (run.candidate().empty()) continue;
    HostEvidence evidence = run.evidence();
    if (run.host().url() == failure.host) evidence.probe = failure.probe;
    record.evidence.push_back(std::move(evidence));
  }
}

EntryDraft Execution::quarantine_draft(const Failure& failure) {
  quarantined_ = true;
  const std::string digest = mutated(Mutation::no_quarantine) ? "" : plan_.release.digest.str();
  return draft("digest_quarantined", json::Object().add("digest", digest).add("version", plan_.release.version.str()).add("reason", failure.reason));
}

void Execution::quarantine(const Failure& failure) {
  if (!quarantined_) append({quarantine_draft(failure)});
  around_.narrator.say(EventKind::quarantined, {env_.name, id_, "", ""}, fmt::format("{} is quarantined: {}", plan_.release.version.str(), failure.reason));
}

void Execution::undo_all(const Failure& failure, std::vector<std::string>& reasons) {
  std::vector<std::vector<std::string>> troubles(hosts_.size());
  const auto unused = on_hosts(all_hosts(), [&](HostRun& run) -> std::optional<Failure> {
    if (mutated(Mutation::undo_one_host_only) && run.host().url() != failure.host) return std::nullopt;
    undo_host(run, failure, troubles[static_cast<std::size_t>(&run - hosts_.data())]);
    return std::nullopt;
  });
  static_cast<void>(unused);  // troubles of one host do not keep the others from going back
  for (auto& list : troubles) reasons.insert(reasons.end(), list.begin(), list.end());
}

/// Every begun step in reverse. A step that cannot be undone is said, and the way back goes on: the old version may still come up.
void Execution::undo_host(HostRun& run, const Failure& failure, std::vector<std::string>& reasons) {
  std::vector<EntryDraft> pending;
  std::chrono::milliseconds patience = kPatience;  // shared by all steps: the old version should serve again soon
  for (auto step = plan_.steps.rbegin(); step != plan_.steps.rend(); ++step) {
    if (step->host != run.host().url() || step->undo.empty() || begun_.count(step->index) == 0) continue;
    pending.push_back(draft("step_intended", json::Object().add("step", step->index).add("kind", to_string(step->kind)).add("host", step->host).add("undo", true)));
    append(std::move(pending));
    pending.clear();
    try {
      repeat(*step, {}, patience, [&] { run.undo(step->kind, failure.cancelled); });
      pending.push_back(draft("step_undone", json::Object().add("step", step->index)));
      around_.narrator.say(EventKind::step_undone, where(*step), fmt::format("undone: {}", step->description));
    } catch (const Error& error) {
      if (must_leave(error)) throw;
      reasons.push_back(fmt::format("could not undo '{}' on {}: {}", step->description, step->host, error.what()));
      pending.push_back(draft("step_failed", json::Object().add("step", step->index).add("error", error.what()).add("undo", true)));
    }
  }
  append(std::move(pending));
}

bool Execution::prove_old(std::vector<std::string>& reasons) {
  if (mutated(Mutation::skip_proof_of_old)) return true;
  std::vector<std::string> troubles(hosts_.size());
  const auto unused = on_hosts(all_hosts(), [&](HostRun& run) -> std::optional<Failure> {
    std::string& trouble = troubles[static_cast<std::size_t>(&run - hosts_.data())];
    try {
      std::chrono::milliseconds patience = kPatience;
      repeat(*find_step(run.host().url(), StepKind::probe), {}, patience, [&] {
        if (!switched()) run.look_for_old();
        trouble = run.not_restored();
      });
      if (run.old().empty() && !plan_.live_digest.empty()) trouble = fmt::format("there is no container of {} on {} to go back to", plan_.live_version, run.host().url());
      if (run.old().empty() || !trouble.empty()) return std::nullopt;
      const ProbeReport report = prove(around_, env_, id_, {run, run.old(), plan_.live_digest}, {});
      if (report.verdict != Verdict::healthy) trouble = fmt::format("{} on {} is {} after going back: {}", run.old_version().version, run.host().url(), to_string(report.verdict), report.reason);
    } catch (const Error& error) {
      if (must_leave(error)) throw;
      trouble = fmt::format("whether {} serves again on {} is not known: {}", run.old_version().version, run.host().url(), error.what());
    }
    return std::nullopt;
  });
  static_cast<void>(unused);
  std::erase(troubles, "");
  const bool alike = std::all_of(hosts_.begin(), hosts_.end(), [&](const HostRun& run) { return run.old_version() == hosts_.front().old_version(); });
  if (!alike) troubles.push_back(fmt::format("the hosts of {} do not serve one version", env_.name));
  reasons.insert(reasons.end(), troubles.begin(), troubles.end());
  return troubles.empty();
}

Deployment Execution::finish(Deployment record) {
  record.id = id_;
  record.environment = env_.name;
  record.kind = to_string(plan_.kind);
  record.version = plan_.release.version.str();
  record.digest = plan_.release.digest.str();
  record.actor = around_.actor;
  record.gates = gates_;
  record.started = started_;
  record.finished = around_.clock.now();
  record.duration = around_.clock.elapsed() - began_;
  for (const HostRun& run : hosts_) {
    if (run.gap()) record.gap = std::max(record.gap.value_or(std::chrono::milliseconds{0}), *run.gap());
    if (run.stop_took()) record.stop_ms[run.host().url()] = run.stop_took()->count();
  }
  json::Object data = deployment_object(record);
  data.add("container_hash", plan_.container_hash);
  if (!retained_.empty()) data.add("retained", retained_object(retained_));
  append({draft("deployment_finished", data)});
  around_.narrator.say(EventKind::deployment_finished, {env_.name, id_, "", ""},
                       fmt::format("{} of {} to {}: {}", record.kind, record.version, env_.name, to_string(record.outcome)),
                       {{"outcome", std::string(to_string(record.outcome))}, {"version", record.version}, {"digest", record.digest}});
  return record;
}

bool Execution::switched() const {
  return std::any_of(plan_.steps.begin(), plan_.steps.end(), [&](const Step& s) {
    return begun_.count(s.index) > 0 && s.kind != StepKind::preflight && s.kind != StepKind::pull && s.kind != StepKind::create;
  });
}

/// The release marked `rollback: never` whose changes may be there since this deployment started a container of it, or of a later one.
const Release* Execution::irreversible() const {
  const bool started = std::any_of(plan_.steps.begin(), plan_.steps.end(), [&](const Step& s) { return s.kind == StepKind::start && begun_.count(s.index) > 0; });
  if (!started || plan_.kind == PlanKind::rollback || plan_.live_digest == plan_.release.digest.str()) return nullptr;
  if (plan_.release.rollback_never) return &plan_.release;
  return plan_.live_digest.empty() ? nullptr : never_between(around_.state, plan_.release.digest.str(), plan_.live_digest);
}

/// What carries the live name on every host, if it is the same on all and running.
std::optional<LiveVersion> Execution::observe_live() {
  std::optional<LiveVersion> live;
  try {
    for (HostRun& run : hosts_) {
      const auto info = run.inspect(env_.container.name);
      if (!info || !info->running()) return std::nullopt;
      const auto version = info->labels.find(std::string(kLabelVersion)), digest = info->labels.find(std::string(kLabelDigest));
      if (version == info->labels.end() || digest == info->labels.end()) return std::nullopt;
      const LiveVersion here{version->second, digest->second};
      if (live && *live != here) return std::nullopt;
      live = here;
    }
  } catch (const Error& error) {
    around_.narrator.warn({env_.name, id_, "", ""}, fmt::format("what is live could not be found out: {}", error.what()));
    return std::nullopt;
  }
  return live;
}

std::optional<LiveVersion> Execution::live_before() const {
  if (!plan_.live_digest.empty()) return LiveVersion{plan_.live_version, plan_.live_digest};
  // After a held or stranded deployment the ledger may not know; the containers that were set aside do.
  std::optional<LiveVersion> live;
  for (const HostRun& run : hosts_) {
    if (run.old().empty() || run.old_version().digest.empty() || (live && *live != run.old_version())) return std::nullopt;
    live = run.old_version();
  }
  return live;
}

const Step* Execution::find_step(const std::string& host, StepKind kind) const {
  const auto it = std::find_if(plan_.steps.begin(), plan_.steps.end(), [&](const Step& s) { return s.host == host && s.kind == kind; });
  return it == plan_.steps.end() ? nullptr : &*it;
}

std::vector<HostRun*> Execution::batch(int number) {
  std::vector<HostRun*> out;
  for (HostRun& run : hosts_)
    if (const Step* step = find_step(run.host().url(), StepKind::probe); step != nullptr && step->batch == number) out.push_back(&run);
  return out;
}

std::vector<HostRun*> Execution::all_hosts() {
  std::vector<HostRun*> out;
  for (HostRun& run : hosts_) out.push_back(&run);
  return out;
}

Where Execution::where(const Step& step) const { return {env_.name, id_, step.host, std::string(to_string(step.kind))}; }

EntryDraft Execution::draft(std::string kind, const json::Object& data) const { return {std::move(kind), env_.name, id_, data.str()}; }

void Execution::append(std::vector<EntryDraft> drafts) {
  if (drafts.empty()) return;
  try {
    around_.journal.append(drafts, lease_.claim());
  } catch (const Error& error) {
    if (error.code() == ErrorCode::fenced) lease_.give_up("another process took it over");  // those who work on other hosts stop as well
    throw;
  }
}

void Execution::mark(int step) {
  const std::lock_guard lock(mutex_);
  begun_.insert(step);
}

}  // namespace deploy
