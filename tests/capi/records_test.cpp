// Every record says what its C++ value says: the handles are made here from values, and read through deploy.h.
#include <doctest/doctest.h>

#include <cstring>
#include <memory>

#include "capi/guard.hpp"
#include "capi/handles.hpp"
#include "deploy.h"

using namespace deploy;
using namespace std::chrono_literals;

namespace {

const std::string kDigest = "sha256:" + std::string(64, 'a');

TimePoint at(std::int64_t ms) { return TimePoint(std::chrono::milliseconds(ms)); }

Deployment failed_deployment() {
  HostEvidence evidence;
  evidence.host = "ssh://one";
  evidence.container = "shop.failed.3f2a";
  evidence.status = "exited";
  evidence.exit_code = 137;
  evidence.oom_killed = true;
  evidence.restart_count = 2;
  evidence.error = "cannot start";
  evidence.logs = "last words\n";
  evidence.probe = {Verdict::unhealthy, "three failures", {{at(5), 3ms, ProbeAnswer::failure, "503"}, {at(6), 4ms, ProbeAnswer::unknown, "no tunnel"}}, 1500ms};
  Deployment value;
  value.id = "3f2a";
  value.environment = "live";
  value.kind = "promotion";
  value.version = "1.0.2";
  value.digest = kDigest;
  value.outcome = Outcome::rolled_back;
  value.live = LiveVersion{"1.0.1", "sha256:b"};
  value.gap = 340ms;
  value.duration = 12s;
  value.reasons = {"unhealthy", "again"};
  value.warnings = {"tag moved"};
  value.gates = {{"approval", true, "alice agreed", std::nullopt}, {"soak", false, "wait", at(99)}};
  value.evidence = {evidence};
  value.stop_ms = {{"ssh://one", 10}, {"ssh://two", 20}};
  value.actor = "alice";
  value.started = at(1000);
  value.finished = at(13000);
  return value;
}

}  // namespace

TEST_CASE("a deployment's facts") {
  const deploy_deployment handle(failed_deployment());
  deploy_deployment_info info = DEPLOY_DEPLOYMENT_INFO_INIT;
  REQUIRE(deploy_deployment_get_info(&handle, &info) == DEPLOY_OK);
  CHECK(std::string(info.id) == "3f2a");
  CHECK(std::string(info.environment) == "live");
  CHECK(std::string(info.kind) == "promotion");
  CHECK(std::string(info.version) == "1.0.2");
  CHECK(info.digest == kDigest);
  CHECK(info.outcome == DEPLOY_ROLLED_BACK);
  CHECK(std::string(info.outcome_name) == "rolled_back");
  CHECK(std::string(info.live_version) == "1.0.1");
  CHECK(std::string(info.live_digest) == "sha256:b");
  CHECK(info.gap == 340);
  CHECK(info.duration == 12000);
  CHECK(std::string(info.actor) == "alice");
  CHECK(info.started == 1000);
  CHECK(info.finished == 13000);
}

TEST_CASE("an empty environment has no live version, and nothing switched has no gap") {
  Deployment value = failed_deployment();
  value.live.reset();
  value.gap.reset();
  const deploy_deployment handle(value);
  deploy_deployment_info info = DEPLOY_DEPLOYMENT_INFO_INIT;
  REQUIRE(deploy_deployment_get_info(&handle, &info) == DEPLOY_OK);
  CHECK(info.live_version == nullptr);
  CHECK(info.live_digest == nullptr);
  CHECK(info.gap == DEPLOY_NONE);
}

TEST_CASE("a deployment's lists are walked until their end") {
  const deploy_deployment handle(failed_deployment());
  CHECK(std::string(deploy_deployment_get_reason(&handle, 1)) == "again");
  CHECK(deploy_deployment_get_reason(&handle, 2) == nullptr);
  CHECK(std::string(deploy_deployment_get_warning(&handle, 0)) == "tag moved");
  CHECK(deploy_deployment_get_warning(&handle, 1) == nullptr);
  deploy_gate gate = DEPLOY_GATE_INIT;
  REQUIRE(deploy_deployment_get_gate(&handle, 0, &gate) == DEPLOY_OK);
  CHECK(std::string(gate.name) == "approval");
  CHECK(std::string(gate.reason) == "alice agreed");
  CHECK(gate.allowed == 1);
  CHECK(gate.opens == DEPLOY_NONE);
  REQUIRE(deploy_deployment_get_gate(&handle, 1, &gate) == DEPLOY_OK);
  CHECK(gate.allowed == 0);
  CHECK(gate.opens == 99);
  CHECK(deploy_deployment_get_gate(&handle, 2, &gate) == DEPLOY_NOT_FOUND);
  const char *host = nullptr;
  std::int64_t duration = 0;
  REQUIRE(deploy_deployment_get_stop(&handle, 1, &host, &duration) == DEPLOY_OK);
  CHECK(std::string(host) == "ssh://two");
  CHECK(duration == 20);
  CHECK(deploy_deployment_get_stop(&handle, 2, &host, &duration) == DEPLOY_NOT_FOUND);
}

TEST_CASE("evidence tells of container and probe") {
  const deploy_deployment handle(failed_deployment());
  deploy_evidence evidence = DEPLOY_EVIDENCE_INIT;
  REQUIRE(deploy_deployment_get_evidence(&handle, 0, &evidence) == DEPLOY_OK);
  CHECK(std::string(evidence.host) == "ssh://one");
  CHECK(std::string(evidence.container) == "shop.failed.3f2a");
  CHECK(std::string(evidence.container_status) == "exited");
  CHECK(std::string(evidence.error) == "cannot start");
  CHECK(std::string(evidence.logs) == "last words\n");
  CHECK(evidence.restart_count == 2);
  CHECK(evidence.exit_code == 137);
  CHECK(evidence.oom_killed == 1);
  CHECK(evidence.verdict == DEPLOY_VERDICT_UNHEALTHY);
  CHECK(std::string(evidence.verdict_name) == "unhealthy");
  CHECK(std::string(evidence.verdict_reason) == "three failures");
  CHECK(evidence.probed == 1500);
  CHECK(deploy_deployment_get_evidence(&handle, 1, &evidence) == DEPLOY_NOT_FOUND);
  deploy_probe_try probe = DEPLOY_PROBE_TRY_INIT;
  REQUIRE(deploy_deployment_get_probe_try(&handle, 0, 1, &probe) == DEPLOY_OK);
  CHECK(probe.time == 6);
  CHECK(probe.latency == 4);
  CHECK(probe.answer == DEPLOY_PROBE_UNKNOWN);
  CHECK(std::string(probe.answer_name) == "unknown");
  CHECK(std::string(probe.detail) == "no tunnel");
  CHECK(deploy_deployment_get_probe_try(&handle, 0, 2, &probe) == DEPLOY_NOT_FOUND);
  CHECK(deploy_deployment_get_probe_try(&handle, 1, 0, &probe) == DEPLOY_NOT_FOUND);
}

TEST_CASE("a release's facts") {
  Release value;
  value.application = "shop";
  value.version = Version::parse("1.0.2+linux");
  value.build = 2;
  value.digest = Digest::parse(kDigest);
  value.image = ImageReference::parse("127.0.0.1:5000/shop@" + kDigest);
  value.commit = "abc";
  value.creator = "alice";
  value.created = at(77);
  value.rollback_never = true;
  const deploy_release handle(value);
  deploy_release_info info = DEPLOY_RELEASE_INFO_INIT;
  REQUIRE(deploy_release_get_info(&handle, &info) == DEPLOY_OK);
  CHECK(std::string(info.application) == "shop");
  CHECK(std::string(info.version) == "1.0.2+linux");
  CHECK(info.build == 2);
  CHECK(info.image == "127.0.0.1:5000/shop@" + kDigest);
  CHECK(info.digest == kDigest);
  CHECK(std::string(info.commit) == "abc");
  CHECK(std::string(info.creator) == "alice");
  CHECK(info.created == 77);
  CHECK(info.rollback_never == 1);
  CHECK(std::string(deploy_release_to_json(&handle)).find("\"version\":\"1.0.2+linux\"") != std::string::npos);
  CHECK(std::string(deploy_release_to_json(&handle)).find("\"rollback\":\"never\"") != std::string::npos);
}

TEST_CASE("a plan's facts, gates and steps") {
  PlanReport report;
  report.plan.environment = "live";
  report.plan.release.version = Version::parse("1.0.2");
  report.plan.release.rollback_never = true;
  report.plan.policy_hash = "p";
  report.plan.hash = "h";
  report.plan.steps = {{0, StepKind::preflight, "ssh://one", 0, "look", ""}, {1, StepKind::retain, "ssh://one", 2, "step aside", "step back"}};
  report.gates = {{"soak", false, "wait", at(99)}};
  const deploy_plan handle(report);
  deploy_plan_info info = DEPLOY_PLAN_INFO_INIT;
  REQUIRE(deploy_plan_get_info(&handle, &info) == DEPLOY_OK);
  CHECK(std::string(info.environment) == "live");
  CHECK(std::string(info.version) == "1.0.2");
  CHECK(info.live_version == nullptr);
  CHECK(info.live_digest == nullptr);
  CHECK(std::string(info.policy_hash) == "p");
  CHECK(std::string(info.hash) == "h");
  CHECK(info.steps == 2);
  CHECK(info.rollback_never == 1);
  deploy_step step = DEPLOY_STEP_INIT;
  REQUIRE(deploy_plan_get_step(&handle, 1, &step) == DEPLOY_OK);
  CHECK(step.index == 1);
  CHECK(step.batch == 2);
  CHECK(step.kind == DEPLOY_STEP_RETAIN);
  CHECK(std::string(step.kind_name) == "retain");
  CHECK(std::string(step.host) == "ssh://one");
  CHECK(std::string(step.description) == "step aside");
  CHECK(std::string(step.undo) == "step back");
  CHECK(deploy_plan_get_step(&handle, 2, &step) == DEPLOY_NOT_FOUND);
  deploy_gate gate = DEPLOY_GATE_INIT;
  CHECK(deploy_plan_get_gate(&handle, 0, &gate) == DEPLOY_OK);
  CHECK(deploy_plan_get_gate(&handle, 1, &gate) == DEPLOY_NOT_FOUND);
}

TEST_CASE("the state of a busy environment") {
  EnvironmentStatus value;
  value.environment = "live";
  value.live = LiveVersion{"1.0.1", "sha256:b"};
  value.live_since = at(5);
  value.live_deployment = "3f2a";
  value.verified = {{"1.0.1", "sha256:b", at(6), false}, {"1.0.0", "sha256:c", at(4), true}};
  value.stopped_by = "dora";
  value.stopped_reason = "a move";
  value.closed_until = at(77);
  value.rollback_barrier = "1.0.0";
  value.candidate = "1.0.2";
  value.candidate_digest = "sha256:d";
  value.waiting_for = {{"soak", false, "wait", at(99)}};
  value.quarantined = {{"0.9.9", "sha256:e", "it failed", "ci", at(8)}};
  value.rollback_target = "1.0.0";
  value.pending = {{"1.0.2", "sha256:d", {"alice"}, {"bob", "carol"}, 2, true, {}, {"erin's is not signed"}}};
  value.frozen = true;
  value.frozen_by = "dora";
  value.frozen_reason = "sale";
  value.interrupted = Interrupted{"77aa", "1.0.2", "stop", at(8)};
  value.lease = Lease{"live", {"erin", "box", 42, "1"}, 3, at(1), at(9)};
  value.lease_condition = LeaseCondition::gone;
  value.last_outcome = Outcome::held;
  value.stranded = true;
  const deploy_environment_state handle(value);
  deploy_environment_info info = DEPLOY_ENVIRONMENT_INFO_INIT;
  REQUIRE(deploy_environment_state_get_info(&handle, &info) == DEPLOY_OK);
  CHECK(std::string(info.environment) == "live");
  CHECK(std::string(info.live_version) == "1.0.1");
  CHECK(std::string(info.live_digest) == "sha256:b");
  CHECK(std::string(info.live_deployment) == "3f2a");
  CHECK(info.live_since == 5);
  CHECK(std::string(info.rollback_target) == "1.0.0");
  CHECK(std::string(info.last_outcome) == "held");
  CHECK(std::string(info.frozen_by) == "dora");
  CHECK(std::string(info.frozen_reason) == "sale");
  CHECK(std::string(info.interrupted_deployment) == "77aa");
  CHECK(std::string(info.interrupted_version) == "1.0.2");
  CHECK(std::string(info.interrupted_step) == "stop");
  CHECK(info.interrupted_started == 8);
  CHECK(std::string(info.lease_actor) == "erin");
  CHECK(std::string(info.lease_machine) == "box");
  CHECK(info.lease_process == 42);
  CHECK(info.lease_since == 1);
  CHECK(info.lease_expires == 9);
  CHECK(std::string(info.lease_condition) == "gone");
  CHECK(info.stranded == 1);
  CHECK(std::string(info.stopped_by) == "dora");
  CHECK(std::string(info.stopped_reason) == "a move");
  CHECK(info.closed_until == 77);
  CHECK(std::string(info.rollback_barrier) == "1.0.0");
  CHECK(std::string(info.candidate) == "1.0.2");
  CHECK(std::string(info.candidate_digest) == "sha256:d");
  deploy_gate gate = DEPLOY_GATE_INIT;
  REQUIRE(deploy_environment_state_get_gate(&handle, 0, &gate) == DEPLOY_OK);
  CHECK(std::string(gate.name) == "soak");
  CHECK(gate.opens == 99);
  CHECK(deploy_environment_state_get_gate(&handle, 1, &gate) == DEPLOY_NOT_FOUND);
  deploy_quarantined quarantined = DEPLOY_QUARANTINED_INIT;
  REQUIRE(deploy_environment_state_get_quarantined(&handle, 0, &quarantined) == DEPLOY_OK);
  CHECK(std::string(quarantined.version) == "0.9.9");
  CHECK(std::string(quarantined.digest) == "sha256:e");
  CHECK(std::string(quarantined.reason) == "it failed");
  CHECK(std::string(quarantined.by) == "ci");
  CHECK(quarantined.since == 8);
  CHECK(deploy_environment_state_get_quarantined(&handle, 1, &quarantined) == DEPLOY_NOT_FOUND);
  deploy_verified verified = DEPLOY_VERIFIED_INIT;
  REQUIRE(deploy_environment_state_get_verified(&handle, 1, &verified) == DEPLOY_OK);
  CHECK(std::string(verified.version) == "1.0.0");
  CHECK(verified.time == 4);
  CHECK(verified.quarantined == 1);
  CHECK(deploy_environment_state_get_verified(&handle, 2, &verified) == DEPLOY_NOT_FOUND);
  deploy_pending pending = DEPLOY_PENDING_INIT;
  REQUIRE(deploy_environment_state_get_pending(&handle, 0, &pending) == DEPLOY_OK);
  CHECK(std::string(pending.granted_by[0]) == "alice");
  CHECK(pending.granted_by[1] == nullptr);
  CHECK(std::string(pending.denied_by[1]) == "carol");
  CHECK(pending.denied_by[2] == nullptr);
  CHECK(pending.required == 2);
  CHECK(pending.signatures_required == 1);
  CHECK(std::string(pending.not_counted[0]) == "erin's is not signed");
  CHECK(pending.not_counted[1] == nullptr);
}

TEST_CASE("a decision's facts, drafted and signed") {
  Decision value;
  value.application = "shop";
  value.environment = "live";
  value.version = "1.0.2";
  value.digest = kDigest;
  value.policy_hash = "ab";
  value.creator = "ci";
  value.approver = "alice";
  value.issued = at(7);
  value.nonce = "n";
  value.comment = "c";
  value.text = "t";
  value.granted = false;
  deploy_decision_info info = DEPLOY_DECISION_INFO_INIT;
  REQUIRE(deploy_decision_get_info(std::make_unique<deploy_decision>(value).get(), &info) == DEPLOY_OK);
  CHECK(info.granted == 0);
  CHECK(info.replaces_version == nullptr);
  CHECK(info.replaces_digest == nullptr);
  CHECK(info.expires == DEPLOY_NONE);
  CHECK(info.signature == nullptr);
  CHECK(info.key == nullptr);
  CHECK(info.key_type == nullptr);
  value.granted = true;
  value.replaces = LiveVersion{"1.0.1", "sha256:b"};
  value.expires = at(9);
  value.signature = "s";
  value.key = "SHA256:x";
  value.key_type = "ssh-rsa";
  const deploy_decision handle(value);
  REQUIRE(deploy_decision_get_info(&handle, &info) == DEPLOY_OK);
  CHECK(info.granted == 1);
  const std::pair<const char *, std::string> texts[] = {
      {info.application, "shop"}, {info.environment, "live"}, {info.version, "1.0.2"}, {info.digest, kDigest}, {info.replaces_version, "1.0.1"}, {info.replaces_digest, "sha256:b"},
      {info.policy_hash, "ab"}, {info.creator, "ci"}, {info.approver, "alice"}, {info.nonce, "n"}, {info.comment, "c"}, {info.text, "t"}, {info.signature, "s"}, {info.key, "SHA256:x"},
      {info.key_type, "ssh-rsa"}};
  for (const auto &[found, expected] : texts) CHECK(found == expected);
  CHECK(info.issued == 7);
  CHECK(info.expires == 9);
  CHECK(std::string(deploy_decision_to_json(&handle)).find(R"("signed_by":{"key":"SHA256:x","key_type":"ssh-rsa","signature":"s"})") != std::string::npos);
}

TEST_CASE("the state of an environment in which nothing ever happened") {
  const deploy_environment_state handle(EnvironmentStatus{});
  deploy_environment_info info = DEPLOY_ENVIRONMENT_INFO_INIT;
  REQUIRE(deploy_environment_state_get_info(&handle, &info) == DEPLOY_OK);
  CHECK(info.live_version == nullptr);
  CHECK(info.live_since == DEPLOY_NONE);
  CHECK(info.rollback_target == nullptr);
  CHECK(info.last_outcome == nullptr);
  CHECK(info.frozen_by == nullptr);
  CHECK(info.interrupted_deployment == nullptr);
  CHECK(info.interrupted_started == DEPLOY_NONE);
  CHECK(info.lease_actor == nullptr);
  CHECK(info.lease_expires == DEPLOY_NONE);
  CHECK(info.lease_since == DEPLOY_NONE);
  CHECK(info.lease_condition == nullptr);
  CHECK(info.stranded == 0);
  CHECK(info.stopped_by == nullptr);
  CHECK(info.closed_until == DEPLOY_NONE);
  CHECK(info.rollback_barrier == nullptr);
  CHECK(info.candidate == nullptr);
  deploy_gate gate = DEPLOY_GATE_INIT;
  CHECK(deploy_environment_state_get_gate(&handle, 0, &gate) == DEPLOY_NOT_FOUND);
}

TEST_CASE("drift and checks") {
  const deploy_drift drift(DriftReport{"live", {{"ssh://one", "digest", "a", "b"}}});
  deploy_difference difference = DEPLOY_DIFFERENCE_INIT;
  REQUIRE(deploy_drift_get_difference(&drift, 0, &difference) == DEPLOY_OK);
  CHECK(std::string(difference.host) == "ssh://one");
  CHECK(std::string(difference.what) == "digest");
  CHECK(std::string(difference.expected) == "a");
  CHECK(std::string(difference.found) == "b");
  CHECK(deploy_drift_get_difference(&drift, 1, &difference) == DEPLOY_NOT_FOUND);
  const deploy_checks checks({{"engine", "ssh://one", DoctorCheck::Level::failure, "no answer", "start it"}});
  deploy_check check = DEPLOY_CHECK_INIT;
  REQUIRE(deploy_checks_get(&checks, 0, &check) == DEPLOY_OK);
  CHECK(check.level == DEPLOY_CHECK_FAILURE);
  CHECK(std::string(check.level_name) == "failure");
  CHECK(std::string(check.name) == "engine");
  CHECK(std::string(check.subject) == "ssh://one");
  CHECK(std::string(check.message) == "no answer");
  CHECK(std::string(check.advice) == "start it");
  CHECK(std::string(deploy_checks_to_json(&checks)).front() == '[');
}

TEST_CASE("an event's facts and details") {
  const Event value{EventKind::step_progress, at(3), "live", "3f2a", "ssh://one", "pull", "pulling", {{"current", "1"}, {"total", "2"}}};
  const deploy_event event{value};
  deploy_event_info info = DEPLOY_EVENT_INFO_INIT;
  REQUIRE(deploy_event_get_info(&event, &info) == DEPLOY_OK);
  CHECK(info.time == 3);
  CHECK(std::string(info.environment) == "live");
  CHECK(std::string(info.deployment) == "3f2a");
  CHECK(std::string(info.host) == "ssh://one");
  CHECK(std::string(info.step) == "pull");
  CHECK(std::string(info.message) == "pulling");
  CHECK(std::string(deploy_event_get_detail(&event, "total")) == "2");
  CHECK(deploy_event_get_detail(&event, "host") == nullptr);
  const char *key = nullptr;
  const char *detail = nullptr;
  REQUIRE(deploy_event_get_detail_at(&event, 0, &key, &detail) == DEPLOY_OK);
  CHECK(std::string(key) == "current");
  CHECK(std::string(detail) == "1");
  CHECK(deploy_event_get_detail_at(&event, 2, &key, &detail) == DEPLOY_NOT_FOUND);
}

TEST_CASE("every kind of event has its number and its name") {
  for (int i = 0; i <= DEPLOY_EVENT_DEPLOYMENT_FINISHED; ++i) {
    const Event value{static_cast<EventKind>(i), {}, "", "", "", "", "", {}};
    const deploy_event event{value};
    deploy_event_info info = DEPLOY_EVENT_INFO_INIT;
    REQUIRE(deploy_event_get_info(&event, &info) == DEPLOY_OK);
    CHECK(info.kind == i);
    CHECK(to_string(value.kind) == info.kind_name);
  }
}

TEST_CASE("every kind of step has its number and its name") {
  for (int i = 0; i <= DEPLOY_STEP_PROBE; ++i) {
    PlanReport report;
    report.plan.steps = {{0, static_cast<StepKind>(i), "", 0, "", ""}};
    const deploy_plan plan(report);
    deploy_step step = DEPLOY_STEP_INIT;
    REQUIRE(deploy_plan_get_step(&plan, 0, &step) == DEPLOY_OK);
    CHECK(step.kind == i);
    CHECK(to_string(static_cast<StepKind>(i)) == step.kind_name);
  }
}

TEST_CASE("every error code has a status of its own, by the same name") {
  for (int i = 0; i <= static_cast<int>(ErrorCode::internal); ++i) {
    const auto code = static_cast<ErrorCode>(i);
    const deploy_status status = capi::status_of(code);
    CHECK(status == -1 - i);
    CHECK(to_string(code) == deploy_status_name(status));
  }
}

TEST_CASE("every outcome has a status of its own, by the same name") {
  for (int i = 0; i <= static_cast<int>(Outcome::cancelled); ++i) {
    const auto outcome = static_cast<Outcome>(i);
    CHECK(capi::status_of(outcome) == i);
    CHECK(to_string(outcome) == deploy_status_name(i));
  }
  CHECK(std::string(deploy_status_name(DEPLOY_NO_MEMORY)) == "no_memory");
  CHECK(std::string(deploy_status_name(77)) == "unknown");
  CHECK(std::string(deploy_status_name(-77)) == "unknown");
}

TEST_CASE("a record from an older header gets no more than it has room for, a newer one is zero beyond") {
  const deploy_release handle(Release{});
  deploy_release_info info = DEPLOY_RELEASE_INFO_INIT;
  info.struct_size = sizeof info - 1;
  CHECK(deploy_release_get_info(&handle, &info) == DEPLOY_INVALID_ARGUMENT);
  struct {
    deploy_release_info known;
    std::int64_t later;
  } newer = {DEPLOY_RELEASE_INFO_INIT, 5};
  newer.known.struct_size = sizeof newer;
  CHECK(deploy_release_get_info(&handle, &newer.known) == DEPLOY_OK);
  CHECK(newer.later == 0);
  CHECK(newer.known.struct_size == sizeof newer);
}

TEST_CASE("an exception of any kind becomes a status and an error") {
  deploy_error *error = nullptr;
  CHECK(capi::guard(&error, [] { throw Error(ErrorCode::tag_moved, "registry", "it moved", {{"host", "x"}}); }) == DEPLOY_TAG_MOVED);
  CHECK(std::string(deploy_error_get_area(error)) == "registry");
  CHECK(std::string(deploy_error_get_detail(error, "host")) == "x");
  error = deploy_error_free(error);
  CHECK(capi::guard(&error, [] { throw std::bad_alloc(); }) == DEPLOY_NO_MEMORY);
  error = deploy_error_free(error);
  CHECK(capi::guard(&error, [] { throw std::out_of_range("a bug"); }) == DEPLOY_INTERNAL);
  CHECK(std::string(deploy_error_get_message(error)) == "a bug");
  error = deploy_error_free(error);
  CHECK(capi::guard(nullptr, [] { throw 5; }) == DEPLOY_INTERNAL);
}

TEST_CASE("a gate tells who signed with which key, in every record that has gates") {
  const std::vector<GateAnswer> gates{{"soak", false, "wait", at(99), {}}, {"approval", true, "agreed", std::nullopt, {{"alice", "SHA256:a"}, {"bob", "SHA256:b"}}}};
  PlanReport report;
  report.gates = gates;
  Deployment value = failed_deployment();
  value.gates = gates;
  EnvironmentStatus status;
  status.waiting_for = gates;
  const deploy_plan plan(report);
  const deploy_deployment deployment(value);
  const deploy_environment_state state(status);
  const deploy_gate_list list(gates);
  for (int record = 0; record < 4; ++record) {
    deploy_gate gate = DEPLOY_GATE_INIT;
    const auto get = [&](std::size_t index) {
      return record == 0 ? deploy_plan_get_gate(&plan, index, &gate) : record == 1 ? deploy_deployment_get_gate(&deployment, index, &gate)
             : record == 2 ? deploy_environment_state_get_gate(&state, index, &gate) : deploy_gate_list_get(&list, index, &gate);
    };
    REQUIRE(get(0) == DEPLOY_OK);
    CHECK(gate.signed_by == nullptr);
    REQUIRE(get(1) == DEPLOY_OK);
    REQUIRE(gate.signed_by != nullptr);
    CHECK(std::string(gate.signed_by[2]) == "bob");
    CHECK(std::string(gate.signed_by[3]) == "SHA256:b");
    CHECK(gate.signed_by[4] == nullptr);
  }
  CHECK(std::string(deploy_gate_list_to_json(&list)) ==
        R"([{"gate":"soak","allowed":false,"reason":"wait","opens":"1970-01-01T00:00:00.099Z"},)"
        R"({"gate":"approval","allowed":true,"reason":"agreed","signed_by":{"alice":"SHA256:a","bob":"SHA256:b"}}])");
}

TEST_CASE("what waits for approval tells the keys of those who decided") {
  EnvironmentStatus status;
  PendingApproval unsigned_one, signed_one;
  signed_one.granted_by = {"alice"};
  signed_one.signed_by = {{"alice", "SHA256:a"}};
  status.pending = {unsigned_one, signed_one};
  const deploy_environment_state state(status);
  deploy_pending pending = DEPLOY_PENDING_INIT;
  REQUIRE(deploy_environment_state_get_pending(&state, 0, &pending) == DEPLOY_OK);
  CHECK(pending.signed_by == nullptr);
  REQUIRE(deploy_environment_state_get_pending(&state, 1, &pending) == DEPLOY_OK);
  CHECK(std::string(pending.signed_by[0]) == "alice");
  CHECK(std::string(pending.signed_by[1]) == "SHA256:a");
}

TEST_CASE("an older program's shorter gate is filled as far as it goes") {
  Deployment value = failed_deployment();
  value.gates = {{"approval", true, "agreed", std::nullopt, {{"alice", "SHA256:a"}}}};
  const deploy_deployment handle(value);
  deploy_gate gate = DEPLOY_GATE_INIT;
  const char *const *untouched = &gate.name;
  gate.struct_size = offsetof(deploy_gate, signed_by);
  gate.signed_by = untouched;
  REQUIRE(deploy_deployment_get_gate(&handle, 0, &gate) == DEPLOY_OK);
  CHECK(std::string(gate.reason) == "agreed");
  CHECK(gate.signed_by == untouched);
  gate.struct_size = offsetof(deploy_gate, signed_by) - 1;
  CHECK(deploy_deployment_get_gate(&handle, 0, &gate) == DEPLOY_INVALID_ARGUMENT);
}
