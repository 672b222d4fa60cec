#include "promotion/planner.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "deploy/error.hpp"
#include "ledger/records.hpp"
#include "promotion/policy.hpp"
#include "support/hash.hpp"

namespace deploy {

namespace {
struct Words {
  std::string description, undo;
};

Words words(StepKind kind, const Environment& env, const Plan& plan) {
  const std::string& name = env.container.name;
  const std::string version = plan.release.version.str();
  switch (kind) {
    case StepKind::preflight: return {"check engine, ports and names", ""};
    case StepKind::pull: return {"pull " + plan.release.image.str() + " if it is not there, after a look at the disk", ""};
    case StepKind::create: return {fmt::format("create the candidate for {} with {}", name, version), "keep it aside as failed, or remove it if it never ran"};
    case StepKind::retain: return {fmt::format("set {} {} aside, restart policy 'no'", name, plan.live_version), "give it its name and restart policy back"};
    case StepKind::adopt_name: return {fmt::format("name the candidate {}", name), "take the name away from it"};
    case StepKind::stop: return {fmt::format("stop {} {}", name, plan.live_version), "start it again"};
    case StepKind::start: return {fmt::format("start {} {}", name, version), "stop it"};
    case StepKind::probe: return {fmt::format("probe {} {} until it is healthy", name, version), ""};
  }
  return {};
}

class Builder {
 public:
  Builder(const Environment& env, Plan& plan, bool replaces) : env_(env), plan_(plan), replaces_(replaces) {}

  void prepare() {
    for_batches([&](const Host& host, int batch) {
      for (StepKind kind : {StepKind::preflight, StepKind::pull, StepKind::create}) add(kind, host, batch);
    });
  }
  void switch_over() {
    for_batches([&](const Host& host, int batch) {
      if (replaces_) add(StepKind::retain, host, batch);
      add(StepKind::adopt_name, host, batch);
      if (replaces_) add(StepKind::stop, host, batch);
      add(StepKind::start, host, batch);
      add(StepKind::probe, host, batch);
    });
  }

 private:
  template <class F>
  void for_batches(F f) {
    const int size = std::max(1, env_.strategy.max_parallel);
    for (std::size_t i = 0; i < env_.hosts.size(); ++i) f(env_.hosts[i], static_cast<int>(i) / size);
  }
  void add(StepKind kind, const Host& host, int batch) {
    Words w = words(kind, env_, plan_);
    plan_.steps.push_back({static_cast<int>(plan_.steps.size()), kind, host.url(), batch, std::move(w.description), std::move(w.undo)});
  }

  const Environment& env_;
  Plan& plan_;
  bool replaces_;
};

void check_strategy(const Environment& env) {
  if (env.strategy.type == StrategyType::recreate) return;
  throw Error(ErrorCode::unsupported, "promotion",
              fmt::format("environment {}: strategy '{}' is not in this version of libdeploy; use 'recreate'. Nothing was changed", env.name,
                          to_string(env.strategy.type)),
              {{"environment", env.name}});
}
}  // namespace

Plan make_plan(const Environment& env, const Release& release, const EnvironmentState& state, PlanKind kind, bool force) {
  check_strategy(env);
  Plan plan;
  plan.kind = kind;
  plan.environment = env.name;
  plan.release = release;
  if (state.live) {
    plan.live_version = state.live->version;
    plan.live_digest = state.live->digest;
  }
  plan.policy_hash = policy_hash(env);
  plan.container_hash = container_hash(env);
  const bool live_already = plan.live_digest == release.digest.str() && state.live_container_hash == plan.container_hash && state.find_verified(plan.live_digest) != nullptr;
  if (!live_already || force) {
    // After a held or stranded deployment something may serve though the ledger cannot say what.
    const bool unsure = state.last_outcome == Outcome::held || state.last_outcome == Outcome::stranded;
    Builder builder(env, plan, unsure || !plan.live_digest.empty());
    builder.prepare();
    builder.switch_over();
  }
  plan.hash = plan_hash(plan);
  return plan;
}

std::string plan_hash(Plan plan) {
  plan.hash.clear();
  return sha256_hex(json::canonical(json::parse(plan_object(plan).str(), "plan")));
}

const Release* never_between(const State& state, std::string_view leaving, std::string_view target) {
  const Release* from = state.find_digest(leaving);
  const Release* to = state.find_digest(target);
  if (from == nullptr || to == nullptr) return nullptr;
  for (; from > to; --from)  // both stand in state.releases, in order of registration
    if (from->rollback_never) return from;
  return nullptr;
}

const std::string& left_digest(const EnvironmentState& env) { return env.live ? env.live->digest : env.last_digest; }

std::vector<Verification> rollback_targets(const State& state, const std::string& environment, const std::string& leaving, bool across) {
  const EnvironmentState& env = state.environment(environment);
  const Verification* left = env.find_verified(leaving);
  std::vector<Verification> targets;
  for (const Verification& v : env.verified) {
    const bool earlier = left == nullptr || v.first_seq < left->first_seq;
    if (v.digest == leaving || !earlier || state.quarantined.count(v.digest) > 0) continue;
    if (across || never_between(state, leaving.empty() ? env.last_digest : leaving, v.digest) == nullptr) targets.push_back(v);
  }
  std::reverse(targets.begin(), targets.end());
  return targets;
}

std::string short_id(const std::string& deployment) { return deployment.substr(0, 8); }
std::string candidate_name(const Environment& env, const std::string& deployment) { return env.container.name + ".candidate." + short_id(deployment); }
std::string failed_name(const Environment& env, const std::string& deployment) { return env.container.name + ".failed." + short_id(deployment); }
std::string retained_name(const Environment& env, const std::string& version, const std::string& deployment) {
  std::string tag = version;
  std::replace(tag.begin(), tag.end(), '+', '_');
  return fmt::format("{}.v{}.{}", env.container.name, tag, short_id(deployment));
}

}  // namespace deploy
