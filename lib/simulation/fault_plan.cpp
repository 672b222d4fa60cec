#include "simulation/fault_plan.hpp"

#include <utility>

namespace deploy::simulation {

namespace {
bool agrees(const std::string& wanted, const std::string& found) { return wanted.empty() || wanted == found; }

bool matches(const FaultRule& rule, const PortCall& call) {
  return agrees(rule.process, call.process) && agrees(rule.port, call.port) && agrees(rule.host, call.host) &&
         agrees(rule.method, call.method) && call.subject.find(rule.subject) != std::string::npos &&
         (!rule.mutating_only || call.mutating) && (rule.number == 0 || rule.number == call.number);
}
}  // namespace

std::string PortCall::str() const {
  std::string text = (host.empty() ? port : host) + " " + method;
  if (!subject.empty()) text += " " + subject;
  return text;
}

void FaultPlan::add(FaultRule rule) {
  const std::lock_guard lock(mutex_);
  rules_.push_back(std::move(rule));
}

void FaultPlan::clear() {
  const std::lock_guard lock(mutex_);
  rules_.clear();
  cut_.clear();
  hook_ = nullptr;
}

void FaultPlan::on_call(std::function<Fault(const PortCall&)> hook) {
  const std::lock_guard lock(mutex_);
  hook_ = std::move(hook);
}

void FaultPlan::cut(const std::string& host) {
  const std::lock_guard lock(mutex_);
  cut_.insert(host);
}

void FaultPlan::mend(const std::string& host) {
  const std::lock_guard lock(mutex_);
  cut_.erase(host);
}

bool FaultPlan::is_cut(const std::string& host) const {
  const std::lock_guard lock(mutex_);
  return cut_.contains(host);
}

Fault FaultPlan::decide(PortCall& call) {
  std::unique_lock lock(mutex_);
  call.number = ++count_;
  if (keep_log_) calls_.push_back(call);
  if (!call.direct && cut_.contains(call.host)) return Fault::fail(ErrorCode::unreachable);
  const auto hook = hook_;
  if (!hook) return first_match(call);
  lock.unlock();  // the hook may look at the log
  const Fault fault = hook(call);
  lock.lock();
  return fault.kind == Fault::Kind::none ? first_match(call) : fault;
}

Fault FaultPlan::first_match(const PortCall& call) {
  for (FaultRule& rule : rules_) {
    if (rule.times == 0 || !matches(rule, call)) continue;
    if (rule.skip > 0) {
      --rule.skip;
      continue;
    }
    if (rule.times > 0) --rule.times;
    return rule.fault;
  }
  return {};
}

std::vector<PortCall> FaultPlan::calls() const {
  const std::lock_guard lock(mutex_);
  return calls_;
}

std::int64_t FaultPlan::count() const {
  const std::lock_guard lock(mutex_);
  return count_;
}

std::vector<std::string> FaultPlan::log(const std::string& host, bool mutating_only) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> lines;
  for (const PortCall& call : calls_)
    if (agrees(host, call.host) && (!mutating_only || call.mutating)) lines.push_back(call.str());
  return lines;
}

void FaultPlan::keep_log(bool keep) {
  const std::lock_guard lock(mutex_);
  keep_log_ = keep;
}

void FaultPlan::forget_calls() {
  const std::lock_guard lock(mutex_);
  calls_.clear();
}

}  // namespace deploy::simulation
