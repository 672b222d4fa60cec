#include "ledger/lease.hpp"

#include <fmt/format.h>

#include "deploy/error.hpp"

namespace deploy {

namespace {
/// The machine's readable part: what stands before the first slash (store/holder.hpp).
std::string machine_name(const LeaseHolder& holder) { return holder.machine.substr(0, holder.machine.find('/')); }

[[noreturn]] void held(const std::string& environment, const Lease& lease) {
  const std::string since = to_rfc3339(lease.since), expires = to_rfc3339(lease.expires), machine = machine_name(lease.holder);
  throw Error(ErrorCode::lease_held, "ledger",
              fmt::format("{} is being changed by {} (process {} on {}, since {}); nothing was changed. Wait until it has finished. If that process "
                          "is gone: its lease lapses at {}, then run again; on {} itself that is possible at once",
                          environment, lease.holder.actor, lease.holder.process, machine, since, expires, machine),
              {{"environment", environment}, {"holder", lease.holder.actor}, {"machine", machine}, {"process", std::to_string(lease.holder.process)},
               {"since", since}, {"expires", expires}});
}

Lease acquire(LedgerStore& store, Clock& clock, const LeaseRequest& request) {
  const auto never = [](const Lease&) { return false; };
  // The holder may release between our attempt and the question who it is: then there is nobody to name, and we try again.
  for (int attempt = 0; attempt < 3; ++attempt) {
    if (auto lease = store.acquire(request.environment, request.holder, request.timing.ttl, clock.now(), request.may_take_over ? request.may_take_over : never)) return *lease;
    if (const auto other = store.lease(request.environment)) held(request.environment, *other);
  }
  throw Error(ErrorCode::lease_held, "ledger", fmt::format("{} is being changed by others, one after the other; nothing was changed. Try again", request.environment),
              {{"environment", request.environment}});
}
}  // namespace

HeldLease::HeldLease(LedgerStore& store, Clock& clock, LeaseRequest request, std::stop_source on_loss)
    : store_(store), clock_(clock), on_loss_(std::move(on_loss)), timing_(request.timing), renewed_(clock.elapsed()) {
  const Lease lease = acquire(store, clock, request);
  claim_ = {request.environment, lease.token};
  expires_ = lease.expires;
  due_ = renewed_ + timing_.renewal;
  if (request.renewal == LeaseRenewal::background) keeper_ = std::jthread([this](const std::stop_token& stop) { keep(stop); });
}

HeldLease::~HeldLease() {
  keeper_.request_stop();
  if (keeper_.joinable()) keeper_.join();
  if (lost_) return;
  try {
    store_.release(claim_);
  } catch (const std::exception&) {
    // A destructor has nobody to tell, and nothing is lost: the lease lapses by itself.
  }
}

std::string HeldLease::loss() const {
  const std::lock_guard lock(mutex_);
  return loss_;
}

bool HeldLease::renew_if_due() {
  {
    const std::lock_guard lock(mutex_);
    const std::chrono::milliseconds now = clock_.elapsed();
    if (!lost_ && (now >= due_ || is_over(now))) renew();
    if (!lost_) return true;
  }
  on_loss_.request_stop();  // without the lock: it runs the callbacks of whoever waits for it
  return false;
}

void HeldLease::check() {
  if (renew_if_due()) return;
  throw Error(ErrorCode::fenced, "ledger",
              fmt::format("{}. Nothing more was done: whoever holds it now goes on from what the ledger says; if nobody does, run `resume {}`", loss(), claim_.name),
              {{"environment", claim_.name}, {"token", std::to_string(claim_.token)}});
}

void HeldLease::give_up(const std::string& why) {
  {
    const std::lock_guard lock(mutex_);
    if (!lost_) lose(why);
  }
  on_loss_.request_stop();
}

void HeldLease::renew() {
  const std::chrono::milliseconds now = clock_.elapsed();
  try {
    const TimePoint wall = clock_.now();
    if (!store_.renew(claim_, timing_.ttl, wall)) return lose("another process took it over");
    expires_ = wall + timing_.ttl;
    renewed_ = now;
    due_ = now + timing_.renewal;
  } catch (const std::exception& e) {
    renewal_failed(e.what());
  }
}

bool HeldLease::is_over(std::chrono::milliseconds now) const { return now - renewed_ >= timing_.ttl || clock_.now() >= expires_; }

void HeldLease::renewal_failed(const std::string& why) {
  const std::chrono::milliseconds now = clock_.elapsed();
  if (is_over(now)) return lose("it could not be renewed in time: " + why);
  due_ = now + timing_.retry;
}

void HeldLease::lose(const std::string& why) {
  loss_ = fmt::format("the lease on {} (token {}) was lost: {}", claim_.name, claim_.token, why);
  lost_ = true;
}

void HeldLease::keep(const std::stop_token& stop) {
  while (!stop.stop_requested() && renew_if_due()) {
    std::unique_lock lock(mutex_);
    const std::chrono::milliseconds pause = due_ - clock_.elapsed();
    lock.unlock();
    if (pause > std::chrono::milliseconds{0}) clock_.sleep(pause, stop);
  }
}

}  // namespace deploy
