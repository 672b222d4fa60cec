// A history in which every kind of entry occurs, and leaves something behind.
#pragma once

#include <string>
#include <vector>

#include "ledger/journal.hpp"
#include "ledger/records.hpp"

namespace deploy::test {

inline Release release(const std::string& version, char digit) {
  Release release;
  release.application = "myapp";
  release.version = Version::parse(version);
  release.build = 42;
  release.digest = Digest::parse("sha256:" + std::string(64, digit));
  release.image = ImageReference::parse("registry.test/acme/myapp").with_digest(release.digest);
  release.commit = "c0ffee";
  release.creator = "builder";
  release.created = TimePoint{std::chrono::milliseconds{1'795'390'000'123}};
  return release;
}

inline Plan plan_of(const Release& release, PlanKind kind = PlanKind::promotion) {
  Plan plan;
  plan.kind = kind;
  plan.environment = "production";
  plan.release = release;
  plan.live_version = "1.0.0";
  plan.live_digest = "sha256:" + std::string(64, '0');
  plan.policy_hash = "policy";
  plan.container_hash = "container";
  plan.quarantine_live = true;
  plan.steps = {{0, StepKind::pull, "ssh://a", 0, "pull it", ""}, {1, StepKind::start, "ssh://b", 1, "start it", "stop it"}};
  plan.hash = "hash";
  return plan;
}

inline EntryDraft about(const std::string& kind, const std::string& deployment, const json::Object& data) { return {kind, "production", deployment, data.str()}; }

inline EntryDraft digest_entry(const std::string& kind, const std::string& deployment, const Release& release) {
  return about(kind, deployment, json::Object().add("digest", release.digest.str()).add("version", release.version.str()).add("reason", "it \"failed\"\n")
                                     .add("policy_hash", "policy").add("comment", "looked at, \xC3\xA9").add("host", "ssh://a").add("live", true)
                                     .add("verified", true).add("container_hash", "container"));
}

inline EntryDraft started(const std::string& deployment, const Plan& plan, const std::string& parent = "") {
  GateAnswer gate{"soak", true, "long enough", TimePoint{std::chrono::milliseconds{1'795'390'000'777}}};
  return about("deployment_started", deployment, json::Object().add("plan", plan_object(plan)).add("gates", gates_array({gate})).add("parent", parent));
}

inline EntryDraft step(const std::string& kind, const std::string& deployment, int number, bool undo = false) {
  return about(kind, deployment, json::Object().add("step", number).add("undo", undo).add("result", json::Object().add("container", "abc")));
}

inline EntryDraft finished(const std::string& deployment, const Release& release, Outcome outcome) {
  Deployment record;
  record.id = deployment;
  record.digest = release.digest.str();
  record.environment = "production";
  record.outcome = outcome;
  record.live = LiveVersion{release.version.str(), release.digest.str()};
  record.unfinished = {"git_tag"};
  return about("deployment_finished", deployment, deployment_object(record).add("container_hash", "container").add("retained", json::Object().add("ssh://a", std::vector<std::string>{"shop.v1.0.0.d0"})));
}

inline EntryDraft signed_approval(const Release& release) {
  return about("approval_granted", "", json::Object().add("digest", release.digest.str()).add("policy_hash", "policy").add("comment", "signed")
                                           .add("expires", "2026-11-23T22:26:53.123Z").add("text", "libdeploy-approval-v1\nnonce: 0f6c\n").add("signature", "armor").add("key", "SHA256:k"));
}

/// Ends with deployments that are open in every way: halfway there, on the way back, verified but not recorded, mended.
inline std::vector<EntryDraft> rich_history() {
  const Release a = release("1.0.1", 'a'), b = release("1.0.2-rc.1+linux", 'b');
  std::vector<EntryDraft> drafts{
      {"release_registered", "", "", release_object(a).str()},
      {"release_registered", "", "", release_object(b).str()},
      {"of_a_newer_libdeploy", "production", "d0", R"({"whatever":[1,{"x":null}]})"},
      digest_entry("adopted", "", a),
      digest_entry("approval_granted", "", b),
      digest_entry("approval_denied", "", a),
      signed_approval(a), signed_approval(b),  // the second is a replay
      {"environment_frozen", "production", "", R"({"reason":"sale"})"},
      {"environment_unfrozen", "production", "", "{}"},
      {"environment_frozen", "production", "", R"({"reason":"sale until Monday"})"},
      started("d1", plan_of(b)), step("step_intended", "d1", 0), step("step_done", "d1", 0), step("step_intended", "d1", 1), step("step_done", "d1", 1),
      digest_entry("digest_verified", "d1", b), finished("d1", b, Outcome::succeeded),
      started("d2", plan_of(a)), step("step_intended", "d2", 0), step("step_failed", "d2", 0), digest_entry("digest_quarantined", "d2", a),
      digest_entry("quarantine_lifted", "", a), digest_entry("digest_quarantined", "d2", a),
      step("step_intended", "d2", 1, true), step("step_undone", "d2", 1), step("step_intended", "d2", 0, true),
      started("d3", plan_of(b, PlanKind::rollback), "d2"), finished("d3", b, Outcome::succeeded),
      started("d4", plan_of(a)), step("step_intended", "d4", 0), digest_entry("digest_verified", "d4", a),
      started("d5", plan_of(b)), step("step_intended", "d5", 0), step("step_done", "d5", 0), step("step_intended", "d5", 1),
      {"environment_frozen", "staging", "", R"({"reason":"other"})"},
      {"deployment_finished", "staging", "d6", R"({"outcome":"stranded","started":"2026-11-22T22:26:53.123Z","finished":"2026-11-22T22:26:53.123Z"})"},
  };
  return drafts;
}

}  // namespace deploy::test
