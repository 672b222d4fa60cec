#include "ledger/records.hpp"

#include "deploy/error.hpp"
#include "support/one_line.hpp"

namespace deploy {

namespace {
std::int64_t count_of(const std::optional<std::chrono::milliseconds>& ms) { return ms ? ms->count() : 0; }

json::Object step_object(const Step& step) {
  return json::Object()
      .add("index", step.index)
      .add("kind", to_string(step.kind))
      .add("host", step.host)
      .add("batch", step.batch)
      .add("description", step.description)
      .add("undo", step.undo);
}

StepKind parse_step_kind(std::string_view text) {
  for (StepKind kind : {StepKind::preflight, StepKind::pull, StepKind::create, StepKind::retain, StepKind::adopt_name, StepKind::stop,
                        StepKind::start, StepKind::probe})
    if (to_string(kind) == text) return kind;
  throw Error(ErrorCode::corrupt, "ledger", "unknown step '" + one_line(text, 100) + "' in a recorded plan");
}

Step step_from(const json::Value& value) {
  Step step;
  step.index = static_cast<int>(json::integer(value, "index"));
  step.kind = parse_step_kind(json::string(value, "kind"));
  step.host = json::string(value, "host");
  step.batch = static_cast<int>(json::integer(value, "batch"));
  step.description = json::string(value, "description");
  step.undo = json::string(value, "undo");
  return step;
}

json::Object try_object(const ProbeTry& t) {
  return json::Object()
      .add("time", to_rfc3339(t.time))
      .add("latency_ms", t.latency.count())
      .add("answer", to_string(t.answer))
      .add("detail", t.detail);
}

template <class E>
E parse_enum(std::string_view text, std::initializer_list<E> all, E fallback) {
  for (E e : all)
    if (to_string(e) == text) return e;
  return fallback;
}

ProbeReport probe_from(const json::Value& value) {
  ProbeReport report;
  report.verdict = parse_enum(json::string(value, "verdict"), {Verdict::healthy, Verdict::unhealthy, Verdict::unknown}, Verdict::unknown);
  report.reason = json::string(value, "reason");
  report.waited = std::chrono::milliseconds(json::integer(value, "waited_ms"));
  const json::Value* tries = json::find(value, "tries");
  if (tries == nullptr || !tries->IsArray()) return report;
  for (const json::Value& item : tries->GetArray())
    report.tries.push_back({parse_rfc3339(json::string(item, "time")), std::chrono::milliseconds(json::integer(item, "latency_ms")),
                            parse_enum(json::string(item, "answer"), {ProbeAnswer::success, ProbeAnswer::failure, ProbeAnswer::unknown},
                                       ProbeAnswer::unknown),
                            json::string(item, "detail")});
  return report;
}

json::Object evidence_object(const HostEvidence& e) {
  return json::Object()
      .add("host", e.host)
      .add("container", e.container)
      .add("status", e.status)
      .add("exit_code", e.exit_code)
      .add("oom_killed", e.oom_killed)
      .add("restart_count", e.restart_count)
      .add("error", e.error)
      .add("logs", e.logs)
      .add("probe", probe_object(e.probe));
}

HostEvidence evidence_from(const json::Value& v) {
  HostEvidence e;
  e.host = json::string(v, "host");
  e.container = json::string(v, "container");
  e.status = json::string(v, "status");
  e.exit_code = static_cast<int>(json::integer(v, "exit_code"));
  e.oom_killed = json::boolean(v, "oom_killed");
  e.restart_count = json::integer(v, "restart_count");
  e.error = json::string(v, "error");
  e.logs = json::string(v, "logs");
  if (const json::Value* probe = json::find(v, "probe")) e.probe = probe_from(*probe);
  return e;
}

json::Object evidence_part(const Deployment& d) {
  json::Array hosts;
  for (const HostEvidence& e : d.evidence) hosts.add(evidence_object(e));
  json::Object stops;
  for (const auto& [host, ms] : d.stop_ms) stops.add(host, ms);
  return json::Object().add("hosts", hosts).add("stop_ms", stops);
}
}  // namespace

std::vector<GateAnswer> gates_from(const json::Value* value) {
  std::vector<GateAnswer> gates;
  if (value == nullptr || !value->IsArray()) return gates;
  for (const json::Value& item : value->GetArray()) {
    GateAnswer gate{json::string(item, "gate"), json::boolean(item, "allowed"), json::string(item, "reason"), std::nullopt};
    if (const std::string opens = json::string(item, "opens"); !opens.empty()) gate.opens = parse_rfc3339(opens);
    gate.signed_by = json::string_map(item, "signed_by");
    gates.push_back(std::move(gate));
  }
  return gates;
}

json::Object release_object(const Release& r) {
  return json::Object()
      .add("application", r.application)
      .add("version", r.version.str())
      .add("build", r.build)
      .add("image", r.image.str())
      .add("digest", r.digest.str())
      .add("commit", r.commit)
      .add("creator", r.creator)
      .add("created", to_rfc3339(r.created))
      .add("rollback", r.rollback_never ? "never" : "allowed");
}

Release release_from(const json::Value& value) {
  try {
    return Release{json::string(value, "application"), Version::parse(json::string(value, "version")), json::integer(value, "build"),
                   ImageReference::parse(json::string(value, "image")), Digest::parse(json::string(value, "digest")),
                   json::string(value, "commit"), json::string(value, "creator"), parse_rfc3339(json::string(value, "created")),
                   json::string(value, "rollback") == "never"};
  } catch (const Error& error) {
    throw Error(ErrorCode::corrupt, "ledger", std::string("a recorded release makes no sense: ") + error.what());
  }
}

json::Object plan_object(const Plan& plan) {
  json::Array steps;
  for (const Step& step : plan.steps) steps.add(step_object(step));
  return json::Object()
      .add("kind", to_string(plan.kind))
      .add("environment", plan.environment)
      .add("release", release_object(plan.release))
      .add("live_version", plan.live_version)
      .add("live_digest", plan.live_digest)
      .add("policy_hash", plan.policy_hash)
      .add("container_hash", plan.container_hash)
      .add("quarantine_live", plan.quarantine_live)
      .add("steps", steps)
      .add("hash", plan.hash);
}

Plan plan_from(const json::Value& value) {
  Plan plan;
  plan.kind = json::string(value, "kind") == to_string(PlanKind::rollback) ? PlanKind::rollback : PlanKind::promotion;
  plan.environment = json::string(value, "environment");
  const json::Value* release = json::find(value, "release");
  if (release == nullptr) throw Error(ErrorCode::corrupt, "ledger", "a recorded plan has no release");
  plan.release = release_from(*release);
  plan.live_version = json::string(value, "live_version");
  plan.live_digest = json::string(value, "live_digest");
  plan.policy_hash = json::string(value, "policy_hash");
  plan.container_hash = json::string(value, "container_hash");
  plan.quarantine_live = json::boolean(value, "quarantine_live");
  plan.hash = json::string(value, "hash");
  const json::Value* steps = json::find(value, "steps");
  if (steps != nullptr && steps->IsArray())
    for (const json::Value& step : steps->GetArray()) plan.steps.push_back(step_from(step));
  return plan;
}

json::Object retained_object(const std::map<std::string, std::vector<std::string>>& retained) {
  json::Object out;
  for (const auto& [host, names] : retained) out.add(host, names);
  return out;
}

json::Array gates_array(const std::vector<GateAnswer>& gates) {
  json::Array out;
  for (const GateAnswer& gate : gates) {
    json::Object object;
    object.add("gate", gate.gate).add("allowed", gate.allowed).add("reason", gate.reason);
    if (gate.opens) object.add("opens", to_rfc3339(*gate.opens));
    if (!gate.signed_by.empty()) object.add("signed_by", gate.signed_by);
    out.add(object);
  }
  return out;
}

json::Object probe_object(const ProbeReport& report) {
  json::Array tries;
  for (const ProbeTry& t : report.tries) tries.add(try_object(t));
  return json::Object()
      .add("verdict", to_string(report.verdict))
      .add("reason", report.reason)
      .add("waited_ms", report.waited.count())
      .add("tries", tries);
}

json::Object deployment_object(const Deployment& d) {
  json::Object out;
  out.add("deployment", d.id).add("environment", d.environment).add("release", d.version).add("digest", d.digest).add("outcome", to_string(d.outcome));
  if (d.live) out.add("live", json::Object().add("version", d.live->version).add("digest", d.live->digest));
  else out.add_null("live");
  if (d.gap) out.add("gap_ms", count_of(d.gap));
  else out.add_null("gap_ms");
  return out.add("duration_ms", d.duration.count())
      .add("reasons", d.reasons)
      .add("warnings", d.warnings)
      .add("gates", gates_array(d.gates))
      .add("evidence", evidence_part(d))
      .add("kind", d.kind)
      .add("actor", d.actor)
      .add("started", to_rfc3339(d.started))
      .add("finished", to_rfc3339(d.finished))
      .add("unfinished", d.unfinished);
}

Deployment deployment_from(const json::Value& v) {
  Deployment d;
  d.id = json::string(v, "deployment");
  d.environment = json::string(v, "environment");
  d.version = json::string(v, "release");
  d.digest = json::string(v, "digest");
  d.outcome = parse_outcome(json::string(v, "outcome"));
  if (const json::Value* live = json::find(v, "live"); live != nullptr && live->IsObject())
    d.live = LiveVersion{json::string(*live, "version"), json::string(*live, "digest")};
  if (const json::Value* gap = json::find(v, "gap_ms"); gap != nullptr && gap->IsInt64()) d.gap = std::chrono::milliseconds(gap->GetInt64());
  d.duration = std::chrono::milliseconds(json::integer(v, "duration_ms"));
  d.reasons = json::strings(v, "reasons");
  d.warnings = json::strings(v, "warnings");
  d.unfinished = json::strings(v, "unfinished");
  d.gates = gates_from(json::find(v, "gates"));
  d.kind = json::string(v, "kind");
  d.actor = json::string(v, "actor");
  d.started = parse_rfc3339(json::string(v, "started"));
  d.finished = parse_rfc3339(json::string(v, "finished"));
  const json::Value* evidence = json::find(v, "evidence");
  if (evidence == nullptr) return d;
  if (const json::Value* hosts = json::find(*evidence, "hosts"); hosts != nullptr && hosts->IsArray())
    for (const json::Value& item : hosts->GetArray()) d.evidence.push_back(evidence_from(item));
  if (const json::Value* stops = json::find(*evidence, "stop_ms"); stops != nullptr && stops->IsObject())
    for (const auto& member : stops->GetObject()) d.stop_ms[std::string(json::view(member.name))] = member.value.IsInt64() ? member.value.GetInt64() : 0;
  return d;
}

std::string to_json(const Release& release) { return release_object(release).str(); }

std::string to_json(const ProbeReport& report) { return probe_object(report).str(); }

std::string to_json(const Deployment& deployment) { return deployment_object(deployment).str(); }

std::string to_json(const PlanReport& report) {
  return plan_object(report.plan).add("blocked", report.blocked()).add("gates", gates_array(report.gates)).str();
}

}  // namespace deploy
