// One deployment, told in order: every host is prepared while the old version serves, then batch after batch is switched
// over and proven, then all bake. Whatever goes wrong on the way leads to fail(): evidence, the way back, and proof of it.
#include "promotion/execute.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "deploy/error.hpp"
#include "ledger/records.hpp"
#include "promotion/finish.hpp"
#include "promotion/prove.hpp"
#include "support/hash.hpp"
#include "support/mutation.hpp"

namespace deploy {

namespace {
using std::chrono::milliseconds;

constexpr milliseconds kFirstPause{250};

const std::vector<StepKind> kPrepare{StepKind::preflight, StepKind::pull, StepKind::create};
const std::vector<StepKind> kSwitch{StepKind::retain, StepKind::adopt_name, StepKind::stop, StepKind::start, StepKind::probe};

bool worth_repeating(const Error& error) { return error.outcome_unknown() || error.code() == ErrorCode::unreachable; }

// A start that the Engine refuses for what is in the image (no such entry point) is the image's fault; a taken port is not.
bool is_blame(StepKind kind, const Error& error) { return kind == StepKind::start && error.code() == ErrorCode::refused; }
}  // namespace

bool must_leave(const Error& error) {
  return error.code() == ErrorCode::fenced || error.code() == ErrorCode::corrupt || error.area() == "ledger";
}

std::string new_deployment_id() { return random_hex(8); }

Execution::Execution(Surroundings& around, const Environment& environment, Plan plan, std::string id, HeldLease& lease, std::stop_token stop)
    : around_(around), env_(environment), plan_(std::move(plan)), id_(std::move(id)), lease_(lease), stop_(std::move(stop)),
      started_(around.clock.now()), began_(around.clock.elapsed()) {
  // Those of the plan, not of today's configuration: an interrupted deployment is finished where it was begun.
  std::vector<std::string> urls;
  for (const Step& step : plan_.steps)
    if (std::find(urls.begin(), urls.end(), step.host) == urls.end()) urls.push_back(step.host);
  hosts_.reserve(urls.size());
  for (const std::string& url : urls) hosts_.emplace_back(around_, env_, plan_, id_, Host::parse(url), [this] { lease_.check(); });
}

Deployment Execution::run(const std::vector<GateAnswer>& gates, const FallBack& fall_back, const std::string& parent, const std::function<bool()>& still_allowed) {
  begin(gates, parent, still_allowed);
  return conclude(forward(), fall_back);
}

std::optional<Failure> Execution::forward() {
  if (auto failure = on_hosts(all_hosts(), [&](HostRun& run) { return take_steps(run, kPrepare); })) return failure;
  for (int number = 0; !batch(number).empty(); ++number)
    if (auto failure = on_hosts(batch(number), [&](HostRun& run) { return take_steps(run, kSwitch); })) return failure;
  return bake_all();
}

Deployment Execution::conclude(const std::optional<Failure>& failure, const FallBack& fall_back) {
  return failure ? fail(*failure, fall_back) : succeed();
}

void Execution::begin(const std::vector<GateAnswer>& gates, const std::string& parent, const std::function<bool()>& still_allowed) {
  gates_ = gates;
  around_.journal.append(draft("deployment_started", json::Object().add("plan", plan_object(plan_)).add("gates", gates_array(gates)).add("parent", parent)), lease_.claim(), still_allowed);
  around_.narrator.say(EventKind::deployment_started, {env_.name, id_, "", ""},
                       fmt::format("{} of {} to {}", to_string(plan_.kind), plan_.release.version.str(), env_.name),
                       {{"version", plan_.release.version.str()}, {"digest", plan_.release.digest.str()}, {"kind", std::string(to_string(plan_.kind))}});
}

/// Works on hosts in parallel, at most max_parallel at a time; the first failure in order of hosts is the one that counts.
std::optional<Failure> Execution::on_hosts(const std::vector<HostRun*>& hosts, const std::function<std::optional<Failure>(HostRun&)>& work) {
  const std::size_t width = static_cast<std::size_t>(std::max(1, env_.strategy.max_parallel));
  for (std::size_t first = 0; first < hosts.size(); first += width) {
    const std::size_t count = std::min(width, hosts.size() - first);
    std::vector<std::optional<Failure>> failures(count);
    std::vector<std::exception_ptr> thrown(count);
    const auto one = [&](std::size_t i) {
      try {
        failures[i] = work(*hosts[first + i]);
      } catch (...) {  // top of a worker: goes back to the caller below
        thrown[i] = std::current_exception();
      }
    };
    around_.workers.run(count, one);
    for (const std::exception_ptr& e : thrown)
      if (e) std::rethrow_exception(e);
    for (auto& failure : failures)
      if (failure) return failure;
  }
  return std::nullopt;
}

/// The outcome of a step is recorded together with the next intent: one durable commit for each transition. A crash in
/// between leaves an intent without an outcome, which resume treats as unknown.
std::optional<Failure> Execution::take_steps(HostRun& run, const std::vector<StepKind>& kinds) {
  std::vector<EntryDraft> pending;
  std::optional<Failure> failure;
  for (StepKind kind : kinds) {
    const Step* step = find_step(run.host().url(), kind);
    if (step == nullptr || recalled_.count(step->index) > 0) continue;
    failure = take_step(run, *step, pending);
    if (failure) break;
  }
  append(std::move(pending));
  return failure;
}

std::optional<Failure> Execution::take_step(HostRun& run, const Step& step, std::vector<EntryDraft>& pending) {
  if (stop_.stop_requested()) return Failure{"stopped on request", step.host, std::string(to_string(step.kind)), false, false, true, {}};
  pending.push_back(draft("step_intended", json::Object().add("step", step.index).add("kind", to_string(step.kind)).add("host", step.host)));
  if (mutated(Mutation::skip_intent) && step.kind == StepKind::stop) pending.pop_back();
  if (mutated(Mutation::done_before_act) && step.kind == StepKind::start) pending.push_back(draft("step_done", json::Object().add("step", step.index)));
  append(std::move(pending));
  pending.clear();
  mark(step.index);
  around_.narrator.say(EventKind::step_started, where(step), step.description);
  const milliseconds began = around_.clock.elapsed();
  std::optional<Failure> failure;
  HostRun::Result result;
  try {
    if (step.kind == StepKind::probe) failure = prove_candidate(run, step, result);
    else result = act_with_patience(run, step);
  } catch (const Error& error) {
    if (must_leave(error)) throw;
    failure = Failure{fmt::format("{} on {}: {}", to_string(step.kind), step.host, error.what()), step.host, std::string(to_string(step.kind)),
                      worth_repeating(error), is_blame(step.kind, error), error.code() == ErrorCode::cancelled, {}};
  }
  if (failure) {
    pending.push_back(draft("step_failed", json::Object().add("step", step.index).add("error", failure->reason).add("unknown", failure->unknown)));
    // In the same commit: a crash in between must not let a release that failed be taken for a good one.
    if (failure->blame) pending.push_back(quarantine_draft(*failure));
    around_.narrator.say(EventKind::step_failed, where(step), failure->reason);
    return failure;
  }
  pending.push_back(draft("step_done", json::Object().add("step", step.index).add("result", result)));
  around_.narrator.say(EventKind::step_finished, where(step), step.description, {{"ms", std::to_string((around_.clock.elapsed() - began).count())}});
  return std::nullopt;
}

HostRun::Result Execution::act_with_patience(HostRun& run, const Step& step) {
  HostRun::Result result;
  milliseconds patience = kPatience;
  repeat(step, stop_, patience, [&] { result = run.act(step.kind, stop_); });
  return result;
}

/// An act whose outcome is unknown, or whose host is away, is tried again while `patience` lasts; what was waited is taken from it.
void Execution::repeat(const Step& step, const std::stop_token& stop, milliseconds& patience, const std::function<void()>& act) {
  for (milliseconds pause = kFirstPause;; pause *= 2) {
    const milliseconds began = around_.clock.elapsed();
    try {
      lease_.check();
      return act();
    } catch (const Error& error) {
      patience -= around_.clock.elapsed() - began;
      if (!worth_repeating(error) || stop.stop_requested() || pause > patience) throw;
      around_.narrator.warn(where(step), fmt::format("{}; trying again", error.what()));
      around_.clock.sleep(pause, stop);
      patience -= pause;
    }
  }
}

std::optional<Failure> Execution::prove_candidate(HostRun& run, const Step& step, HostRun::Result& result) {
  ProbeReport report = prove(around_, env_, id_, {run, run.candidate(), plan_.release.digest.str()}, stop_);
  result = {{"verdict", std::string(to_string(report.verdict))}, {"waited_ms", std::to_string(report.waited.count())}};
  if (report.verdict == Verdict::healthy) return std::nullopt;
  const bool unknown = report.verdict == Verdict::unknown;
  return Failure{fmt::format("{} on {} is {}: {}", plan_.release.version.str(), step.host, to_string(report.verdict), report.reason), step.host, "probe", unknown,
                 !unknown, false, std::move(report)};
}

std::optional<Failure> Execution::bake_all() {
  if (mutated(Mutation::skip_bake)) return std::nullopt;
  std::vector<Subject> subjects;
  for (HostRun& run : hosts_) subjects.push_back({run, run.candidate(), plan_.release.digest.str()});
  try {
    BakeResult result = bake(around_, env_, id_, subjects, stop_);
    if (result.good) return std::nullopt;
    const bool unknown = result.report.verdict == Verdict::unknown;
    return Failure{fmt::format("{} on {} became {} while baking: {}", plan_.release.version.str(), result.host, to_string(result.report.verdict), result.report.reason),
                   result.host, "bake", unknown, !unknown, false, std::move(result.report)};
  } catch (const Error& error) {
    if (must_leave(error)) throw;
    return Failure{error.what(), "", "bake", worth_repeating(error), false, error.code() == ErrorCode::cancelled, {}};
  }
}

Deployment Execution::succeed() {
  std::vector<EntryDraft> drafts{draft("digest_verified", json::Object().add("digest", plan_.release.digest.str()).add("version", plan_.release.version.str()))};
  if (plan_.quarantine_live && !plan_.live_digest.empty())
    drafts.push_back(draft("digest_quarantined", json::Object().add("digest", plan_.live_digest).add("version", plan_.live_version)
                                                     .add("reason", fmt::format("{} was rolled back by {}", env_.name, around_.actor))));
  append(std::move(drafts));
  around_.narrator.say(EventKind::verified, {env_.name, id_, "", ""}, fmt::format("{} is verified in {}", plan_.release.version.str(), env_.name));
  Deployment record;
  record.warnings = std::move(warnings_);
  record.outcome = Outcome::succeeded;
  record.live = LiveVersion{plan_.release.version.str(), plan_.release.digest.str()};
  retained_ = settle(around_, env_, plan_, id_, record, [this] { lease_.check(); });
  return finish(std::move(record));
}

Deployment Execution::resume(const OpenDeployment& open, bool undo, const FallBack& fall_back) {
  gates_ = open.gates;
  started_ = open.started;
  for (const auto& [index, step] : open.steps) {
    if (mutated(Mutation::resume_starts_over)) continue;
    if (mutated(Mutation::resume_trusts_intent) && step.progress == StepProgress::intended) recalled_.insert(index);
    if (index < 0 || index >= static_cast<int>(plan_.steps.size())) continue;
    mark(index);
    const Step& planned = plan_.steps[static_cast<std::size_t>(index)];
    const auto run = std::find_if(hosts_.begin(), hosts_.end(), [&](const HostRun& r) { return r.host().url() == planned.host; });
    if (run == hosts_.end() || step.result.empty()) continue;
    run->recall(planned.kind, step.result);
    // Who was live is only known from before the switch; everything else looks for itself what is there.
    if (planned.kind == StepKind::preflight || planned.kind == StepKind::create) recalled_.insert(index);
  }
  if (open.mended) return mended(*open.mended);
  if (open.verified) return succeed();
  if (undo || open.failing) return fail(Failure{undo ? "undone on request after an interruption" : "interrupted on the way back", "", "resume", false, false, undo, {}}, fall_back);
  return conclude(forward(), fall_back);
}

}  // namespace deploy
