// What the machines really do: who may change them, what must be there, who answers.
#include <algorithm>

#include "simulation/oracle.hpp"

namespace deploy::simulation {

namespace {
std::string label(const ContainerInfo& info, const std::string& name) {
  const auto found = info.labels.find("io.libdeploy." + name);
  return found == info.labels.end() ? "" : found->second;
}

std::string digest_of(const ContainerInfo& info) {
  const auto at = info.image.find('@');
  return at == std::string::npos ? "" : info.image.substr(at + 1);
}

/// Which calls a step consists of, on the way there and back.
bool belongs(const OpenFacts::Intent& intent, const std::string& method) {
  const auto is = [&](std::initializer_list<const char*> methods) { return std::find(methods.begin(), methods.end(), method) != methods.end(); };
  // What was stopped from outside while it is probed is started again.
  if (method == "start" && (intent.kind == "probe" || intent.undo)) return true;
  if (intent.kind == "pull") return !intent.undo && is({"pull"});
  if (intent.kind == "create") return intent.undo ? is({"remove", "rename", "set_restart_policy"}) : is({"create"});
  if (intent.kind == "retain" || intent.kind == "adopt_name") return is({"rename", "set_restart_policy"});
  if (intent.kind == "stop") return is({intent.undo ? "start" : "stop"});
  if (intent.kind == "start") return intent.undo ? is({"stop", "set_restart_policy"}) : is({"start"});
  return false;
}

bool is_at(const Environment& env, const std::string& host) {
  return std::any_of(env.hosts.begin(), env.hosts.end(), [&](const Host& each) { return each.url() == host; });
}

bool dies_by_itself(const FakeContainer& container) { return container.app.crash_after || !container.app.requires_env.empty(); }
}  // namespace

std::int64_t Oracle::touches(const std::string& host) const {
  const auto found = touched_.find(host);
  return found == touched_.end() ? 0 : found->second;
}

/// Nobody has changed the host since it was last probed.
bool Oracle::untouched(const EnvironmentFacts& facts, const std::string& host) const {
  const auto found = facts.probed.find(host);
  return touches(host) == (found == facts.probed.end() ? 0 : found->second.touched);
}

std::vector<FakeContainer> Oracle::containers(const Environment& env, const std::string& host) {
  std::vector<FakeContainer> all = fleet_.machine(Host::parse(host)).containers();
  std::erase_if(all, [&](const FakeContainer& each) { return label(each.info, "environment") != env.name; });
  return all;
}

std::optional<FakeContainer> Oracle::live_container(const Environment& env, const std::string& host) {
  return fleet_.machine(Host::parse(host)).find(env.container.name);
}

/// What runs under the live name, or else under any, or else what has the name.
std::optional<FakeContainer> Oracle::served_by(const Environment& env, const std::string& host) {
  auto live = live_container(env, host);
  if (live && live->info.running()) return live;
  for (FakeContainer& each : containers(env, host))
    if (each.info.running()) return std::move(each);
  return live;
}

/// Whoever holds the lease may; who held it until now may do what it had begun. False: it was the latter.
bool Oracle::may_act(const std::string& process, const std::string& host, EnvironmentFacts& facts, const std::string& what) {
  passed();
  ++changes_;
  ++changes_by_[process];
  seen_[host] = touches(host);
  if (facts.holder == process) return true;
  if (!facts.outdated.contains(process)) report(4, process + " did '" + what + "' without holding the lease");
  else if (facts.refused.contains(process) && !was_on_the_way(facts, host)) report(4, process + " did '" + what + "' after it was told that its lease is lost");
  touched(host);
  return false;
}

/// Hosts are worked on in parallel: when one thread is told, another may have looked at the lease already and be about to call. Once.
bool Oracle::was_on_the_way(EnvironmentFacts& facts, const std::string& host) const {
  const bool parallel = std::any_of(config_.environments.begin(), config_.environments.end(), [&](const Environment& env) { return env.strategy.max_parallel > 1 && is_at(env, host); });
  return parallel && facts.on_the_way.insert(host).second;
}

void Oracle::check_intent(const EnvironmentFacts& facts, const std::string& host, const std::string& method, const std::string& what) {
  if (facts.open.empty()) return report(8, "'" + what + "' was done without a deployment under way");
  const auto intent = facts.open.back().intents.find(host);
  if (intent == facts.open.back().intents.end() || !belongs(intent->second, method))
    report(8, "'" + what + "' was done though what was recorded as intended there is " + (intent == facts.open.back().intents.end() ? "nothing" : intent->second.kind));
}

void Oracle::before_pull(const std::string& process, const std::string& host, const ImageReference& image) {
  const std::string what = host + " pull " + image.str();
  for (const Environment& env : config_.environments) {
    EnvironmentFacts& facts = facts_[env.name];
    if (!is_at(env, host) || facts.open.empty() || facts.open.back().digest != image.digest()->str() || (facts.holder != process && !facts.outdated.contains(process))) continue;
    if (may_act(process, host, facts, what)) check_intent(facts, host, "pull", what);
    return;
  }
  for (const Environment& env : config_.environments)  // a call that was on its way when the lease was lost, and the deployment ended by another
    if (EnvironmentFacts& facts = facts_[env.name]; is_at(env, host) && facts.outdated.contains(process)) return static_cast<void>(may_act(process, host, facts, what));
  report(8, "'" + what + "' was done without a deployment under way");
}

void Oracle::before_create(const std::string& process, const std::string& host, const ContainerRequest& request) {
  const auto found = request.labels.find("io.libdeploy.environment");
  const std::string environment = found == request.labels.end() ? "" : found->second;
  if (may_act(process, host, facts_[environment], host + " create " + request.name)) check_intent(facts_[environment], host, "create", host + " create " + request.name);
}

void Oracle::before_act(const std::string& process, const std::string& host, const std::string& method, const std::string& id) {
  const auto container = fleet_.machine(Host::parse(host)).find(id);
  if (!container) return;  // it will be told so
  const std::string environment = label(container->info, "environment"), what = host + " " + method + " " + container->info.name;
  const Environment* env = config_.find_environment(environment);
  if (env == nullptr) return report(2, "'" + what + "' was done to a container of somebody else");
  EnvironmentFacts& facts = facts_[environment];
  if (!may_act(process, host, facts, what)) return;
  const bool undoing = !facts.open.empty() && facts.open.back().intents.contains(host) && belongs(facts.open.back().intents[host], method);
  if (method == "remove" && !undoing) return check_removal(facts, *env, host, *container);
  check_intent(facts, host, method, what);
  if (method == "remove") check_removal(facts, *env, host, *container);
  if (method == "start" && !env->after.empty() && facts_[env->after].find_verified(digest_of(container->info)) == nullptr)
    report(1, label(container->info, "version") + " is started in " + env->name + " and was never verified in " + env->after);
}

void Oracle::check_removal(const EnvironmentFacts& facts, const Environment& env, const std::string& host, const FakeContainer& container) {
  const std::string what = "container " + container.info.name + " on " + host;
  for (const OpenFacts& open : facts.open) {
    const auto old = open.old.find(host);
    if (old == open.old.end() || old->second != container.info.id) continue;
    if (!open.verified) report(7, what + ", which was live, was removed before " + open.version + " was verified");
    else if (env.rollback.keep > 0 && is_stock(facts, digest_of(container.info), open.digest))
      report(7, what + " was removed: it is the version before the live one, and " + std::to_string(env.rollback.keep) + " are to be kept");
  }
  if (container.info.running()) report(7, what + " was removed while it ran");
}

/// Whether one can go back to it from `live`: what a rollback has left was verified after what it went back to, or is quarantined.
bool Oracle::is_stock(const EnvironmentFacts& facts, const std::string& digest, const std::string& live) const {
  const auto place = [&](const std::string& of) { return std::find_if(facts.verified.begin(), facts.verified.end(), [&](const auto& v) { return v.digest == of; }); };
  return place(digest) < place(live) && !quarantined_.contains(digest);
}

void Oracle::probed(const std::string& host, const std::string& id, ProbeAnswer answer) {
  passed();
  const auto container = fleet_.machine(Host::parse(host)).find(id);
  if (!container) return;
  ProbedHost& probed = facts_[label(container->info, "environment")].probed[host];
  if (probed.container != id) probed = ProbedHost{id, std::nullopt, false, 0};
  probed.touched = touches(host);
  if (answer != ProbeAnswer::unknown) probed.last_good = answer == ProbeAnswer::success;
  if (answer == ProbeAnswer::success && !probed.good_since) probed.good_since = clock_.elapsed();
}

/// A step that is recorded as done has been done: on the machine, now.
void Oracle::done(const EnvironmentFacts& facts, const OpenFacts& open, const LedgerEntry& entry, const json::Value& data) {
  const auto step = open.plan.find(static_cast<int>(json::integer(data, "step", -1)));
  if (step == open.plan.end()) return report(8, "a step was recorded as done that is not in the plan");
  const auto& [kind, host] = step->second;
  if (touches(host) != seen_[host]) return;
  const Environment& env = *config_.find_environment(entry.environment);
  const auto live = live_container(env, host);
  const auto old = open.old.contains(host) ? fleet_.machine(Host::parse(host)).find(open.old.at(host)) : std::nullopt;
  const std::string what = kind + " of " + open.version + " on " + host + " was recorded as done, but ";
  if (kind == "pull" && !fleet_.machine(Host::parse(host)).find_image(config_.image.repository.with_digest(Digest::parse(open.digest)).str())) report(8, what + "the image is not there");
  if (kind == "adopt_name" && (!live || digest_of(live->info) != open.digest)) report(8, what + "another container has the live name");
  if (kind == "start" && (!live || !live->started_before || (!live->info.running() && !dies_by_itself(*live)))) report(8, what + "it does not run");
  const bool replaced = old && live && old->info.id != live->info.id;
  if (kind == "retain" && old && old->info.name == env.container.name) report(8, what + "the old one has the live name still");
  if (kind == "stop" && replaced && old->info.running()) report(8, what + "the old one still runs");
  const auto probed = facts.probed.find(host);
  if (kind == "probe" && (probed == facts.probed.end() || !probed->second.last_good)) report(8, what + "it was not found healthy");
}

void Oracle::undone(OpenFacts& open, const LedgerEntry& entry, const json::Value& data) {
  const int index = static_cast<int>(json::integer(data, "step", -1));
  const auto step = open.plan.find(index);
  if (step == open.plan.end()) return report(8, "a step was recorded as undone that is not in the plan");
  open.undone.insert(index);
  const auto& [kind, host] = step->second;
  if (touches(host) != seen_[host] || !open.old.contains(host)) return;
  const auto old = fleet_.machine(Host::parse(host)).find(open.old.at(host));
  const std::string what = kind + " of " + open.version + " on " + host + " was recorded as undone, but ";
  if (kind == "stop" && old && !old->info.running() && !dies_by_itself(*old)) report(8, what + "the old one does not run");
  if (kind == "retain" && old && old->info.name != config_.find_environment(entry.environment)->container.name) report(8, what + "the old one has not got its name back");
}

void Oracle::check_serving(const Environment& env, const EnvironmentFacts& facts, const std::optional<LiveVersion>& live, const std::string& when, bool proven) {
  for (const Host& host : env.hosts) check_host(env, facts, host.url(), live, when, proven);
}

void Oracle::check_host(const Environment& env, const EnvironmentFacts& facts, const std::string& host, const std::optional<LiveVersion>& live, const std::string& when, bool proven) {
  if (!untouched(facts, host)) return;
  const auto found = live_container(env, host);
  const auto all = containers(env, host);
  const auto running = std::count_if(all.begin(), all.end(), [](const FakeContainer& each) { return each.info.running(); });
  if (!live) {
    if (running > 0) report(5, when + " the ledger says that nothing is live in " + env.name + ", but " + host + " runs a container of it");
    return;
  }
  const std::string expected = when + " " + live->version + " should serve on " + host + ", but ";
  if (!found) return report(5, expected + "there is no container " + env.container.name);
  if (digest_of(found->info) != live->digest) return report(5, expected + label(found->info, "version") + " has the live name");
  if (!found->info.running() && !dies_by_itself(*found)) return report(5, expected + "its container does not run");
  if (running > 1) return report(5, expected + std::to_string(running) + " containers run there");
  const auto probed = facts.probed.find(host);
  if (proven && (probed == facts.probed.end() || probed->second.container != found->info.id || !probed->second.last_good))
    report(5, expected + "it was not found healthy there");
}

void Oracle::check_settled() {
  for (const Environment& env : config_.environments) {
    const EnvironmentFacts& facts = facts_[env.name];
    if (!facts.open.empty() || facts.last_outcome == "held" || facts.last_outcome == "stranded") continue;
    check_serving(env, facts, facts.live, "now", false);
  }
}

}  // namespace deploy::simulation
