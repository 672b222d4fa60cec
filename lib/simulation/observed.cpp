#include "simulation/observed.hpp"

namespace deploy::simulation {

AppendResult ObservedStore::append(const LedgerHead& expected, const std::optional<LeaseClaim>& claim, const std::vector<LedgerEntry>& entries) {
  const AppendResult result = store_.append(expected, claim, entries);
  if (result.status == AppendStatus::done) oracle_.appended(caller_.process, claim, entries);
  if (result.status == AppendStatus::fenced) oracle_.refused(caller_.process, claim->name);
  return result;
}

std::optional<Lease> ObservedStore::acquire(const std::string& name, const LeaseHolder& holder, std::chrono::milliseconds ttl, TimePoint now,
                                            const std::function<bool(const Lease&)>& may_take_over) {
  const std::string process = caller_.process;
  auto lease = store_.acquire(name, holder, ttl, now, may_take_over);
  if (!lease) return lease;
  oracle_.lease_taken(name, lease->token, process);
  if (on_lease) on_lease({name, lease->token}, process);
  return lease;
}

void ObservedStore::release(const LeaseClaim& claim) {
  store_.release(claim);
  oracle_.lease_given_back(claim.name, claim.token);
}

void ObservedEngine::pull(const ImageReference& image, const std::function<void(const PullProgress&)>& progress, const CallLimits& limits) {
  oracle_.before_pull(caller_.process, host_, image);
  engine_.pull(image, progress, limits);
}

std::string ObservedEngine::create(const ContainerRequest& request, const CallLimits& limits) {
  oracle_.before_create(caller_.process, host_, request);
  return engine_.create(request, limits);
}

void ObservedEngine::start(const std::string& id, const CallLimits& limits) {
  oracle_.before_act(caller_.process, host_, "start", id);
  engine_.start(id, limits);
}

void ObservedEngine::stop(const std::string& id, std::chrono::milliseconds grace, const CallLimits& limits) {
  oracle_.before_act(caller_.process, host_, "stop", id);
  engine_.stop(id, grace, limits);
}

void ObservedEngine::rename(const std::string& id, const std::string& name, const CallLimits& limits) {
  oracle_.before_act(caller_.process, host_, "rename", id);
  engine_.rename(id, name, limits);
}

void ObservedEngine::set_restart_policy(const std::string& id, const std::string& policy, const CallLimits& limits) {
  oracle_.before_act(caller_.process, host_, "set_restart_policy", id);
  engine_.set_restart_policy(id, policy, limits);
}

void ObservedEngine::remove(const std::string& id, const CallLimits& limits) {
  oracle_.before_act(caller_.process, host_, "remove", id);
  engine_.remove(id, limits);
}

Engine& ObservedFleet::engine(const Host& host) {
  auto& engine = engines_[host.url()];
  if (!engine) engine = std::make_unique<ObservedEngine>(host.url(), fleet_.engine(host), oracle_, caller_);
  return *engine;
}

ProbeTry ObservedProber::attempt(const HealthProbe& probe, const ProbeTarget& target, const CallLimits& limits) {
  ProbeTry found = prober_.attempt(probe, target, limits);
  oracle_.probed(target.host.url(), target.container, found.answer);
  return found;
}

}  // namespace deploy::simulation
