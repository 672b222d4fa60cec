#include "ledger/lease.hpp"

#include <doctest/doctest.h>

#include "deployer_adapters.hpp"
#include "helpers.hpp"
#include "simulation/memory_store.hpp"
#include "simulation/virtual_clock.hpp"

using namespace deploy;
using namespace deploy::test;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {
LeaseRequest request(const std::string& actor, std::function<bool(const Lease&)> may_take_over = {}) {
  return {"staging", {actor, "web1/id/boot/pid", 4711, "99"}, std::move(may_take_over), LeaseRenewal::on_request};
}
bool dead(const Lease&) { return true; }

/// Fails on request, as a full disk does.
class Failing final : public LedgerStore {
 public:
  bool broken = false;
  LedgerHead head() override { return store.head(); }
  std::vector<LedgerEntry> read(std::int64_t after, std::size_t limit) override { return store.read(after, limit); }
  AppendResult append(const LedgerHead& h, const std::optional<LeaseClaim>& c, const std::vector<LedgerEntry>& e) override { return store.append(h, c, e); }
  std::optional<Lease> acquire(const std::string& n, const LeaseHolder& h, milliseconds t, TimePoint now, const std::function<bool(const Lease&)>& f) override { return store.acquire(n, h, t, now, f); }
  bool renew(const LeaseClaim& c, milliseconds t, TimePoint now) override {
    if (broken) throw Error(ErrorCode::io, "ledger", "the disk is full");
    return store.renew(c, t, now);
  }
  void release(const LeaseClaim& c) override {
    if (broken) throw Error(ErrorCode::io, "ledger", "the disk is full");
    store.release(c);
  }
  std::optional<Lease> lease(const std::string& n) override { return store.lease(n); }
  std::optional<Checkpoint> checkpoint() override { return store.checkpoint(); }
  void save_checkpoint(const Checkpoint& c) override { store.save_checkpoint(c); }

 private:
  MemoryStore store;
};

/// Sleeps for nothing at all: the thread renews as fast as it can.
class HastyClock final : public Clock {
 public:
  TimePoint now() override { return TimePoint{elapsed()}; }
  milliseconds elapsed() override { return elapsed_.load(); }
  void sleep(milliseconds duration, const std::stop_token&) override { elapsed_ = elapsed_.load() + duration; }

 private:
  std::atomic<milliseconds> elapsed_{milliseconds{0}};
};
}  // namespace

TEST_CASE("a lease is held from construction to destruction") {
  MemoryStore store;
  ManualClock clock;
  {
    const HeldLease lease(store, clock, request("alice"), std::stop_source{});
    CHECK(store.lease("staging")->holder.actor == "alice");
    CHECK(store.lease("staging")->token == lease.claim().token);
    CHECK_FALSE(lease.lost());
  }
  CHECK_FALSE(store.lease("staging").has_value());
}

TEST_CASE("who comes second is told who holds the lease, since when, and what to do") {
  MemoryStore store;
  ManualClock clock;
  const HeldLease lease(store, clock, request("alice"), std::stop_source{});
  clock.advance(seconds{5});
  const Error e = error_of([&] { const HeldLease second(store, clock, request("bob"), std::stop_source{}); });
  CHECK(e.code() == ErrorCode::lease_held);
  CHECK(mentions(e, "staging is being changed by alice (process 4711 on web1, since "));
  CHECK(e.details().at("holder") == "alice");
  CHECK(e.details().at("machine") == "web1");
  CHECK(e.details().at("process") == "4711");
  CHECK(e.details().at("since") == to_rfc3339(clock.now() - seconds{5}));
  CHECK(e.details().at("expires") == to_rfc3339(clock.now() + seconds{55}));
}

TEST_CASE("a lease is renewed every twenty seconds, not at every question") {
  MemoryStore store;
  ManualClock clock;
  HeldLease lease(store, clock, request("alice"), std::stop_source{});
  const TimePoint first = store.lease("staging")->expires;
  clock.advance(seconds{19});
  CHECK(lease.renew_if_due());
  CHECK(store.lease("staging")->expires == first);
  clock.advance(seconds{1});
  CHECK(lease.renew_if_due());
  CHECK(store.lease("staging")->expires == first + seconds{20});
}

TEST_CASE("whoever loses the lease is asked to stop, learns why, and does not release the new holder's") {
  MemoryStore store;
  ManualClock clock;
  std::stop_source stop;
  {
    HeldLease lease(store, clock, request("alice"), stop);
    const HeldLease second(store, clock, request("bob", dead), std::stop_source{});
    clock.advance(seconds{20});
    CHECK_FALSE(lease.renew_if_due());
    CHECK(lease.lost());
    CHECK(stop.stop_requested());
    CHECK(lease.loss().find("another process took it over") != std::string::npos);
    CHECK(store.lease("staging")->holder.actor == "bob");
  }
  CHECK_FALSE(store.lease("staging").has_value());
}

TEST_CASE("a renewal that fails is tried again soon, and only after the whole time the lease counts as lost") {
  Failing store;
  ManualClock clock;
  std::stop_source stop;
  HeldLease lease(store, clock, request("alice"), stop);
  store.broken = true;
  for (int i = 0; i < 5; ++i) {
    clock.advance(kLeaseTtl / 6);
    CHECK(lease.renew_if_due());
  }
  store.broken = false;
  clock.advance(kLeaseRetry);
  CHECK(lease.renew_if_due());
  CHECK(store.lease("staging")->expires == clock.now() + kLeaseTtl);

  store.broken = true;
  clock.advance(kLeaseTtl);
  CHECK_FALSE(lease.renew_if_due());
  CHECK(stop.stop_requested());
  CHECK(lease.loss().find("the disk is full") != std::string::npos);
}

TEST_CASE("before an act a lease that is about to lapse is renewed, and one that another holds by now stops the act") {
  MemoryStore store;
  ManualClock clock;
  std::stop_source stop;
  HeldLease lease(store, clock, request("alice"), stop);
  CHECK_NOTHROW(lease.check());
  clock.advance(kLeaseTtl * 2);
  CHECK_NOTHROW(lease.check());  // late, but nobody else came
  CHECK(store.lease("staging")->expires == clock.now() + kLeaseTtl);

  clock.advance(kLeaseTtl);
  const HeldLease second(store, clock, request("bob"), std::stop_source{});
  const Error e = error_of([&] { lease.check(); });
  CHECK(e.code() == ErrorCode::fenced);
  CHECK(mentions(e, "the lease on staging (token 1) was lost: another process took it over. Nothing more was done"));
  CHECK(stop.stop_requested());
  CHECK(error_of([&] { lease.check(); }).code() == ErrorCode::fenced);
}

TEST_CASE("a machine that was suspended, whose own clock stood still meanwhile, notices before an act that its lease is over") {
  MemoryStore store;
  simulation::VirtualClock clock;
  HeldLease lease(store, clock, request("alice"), std::stop_source{});
  clock.jump(kLeaseTtl);
  CHECK_NOTHROW(lease.check());
  CHECK(store.lease("staging")->expires == clock.now() + kLeaseTtl);
  clock.jump(kLeaseTtl);
  const HeldLease second(store, clock, request("bob"), std::stop_source{});
  CHECK(error_of([&] { lease.check(); }).code() == ErrorCode::fenced);
}

TEST_CASE("before an act a lease that could not be renewed for its whole time stops the act: somebody else may hold it unseen") {
  Failing store;
  ManualClock clock;
  HeldLease lease(store, clock, request("alice"), std::stop_source{});
  store.broken = true;
  clock.advance(kLeaseTtl);
  const Error e = error_of([&] { lease.check(); });
  CHECK(e.code() == ErrorCode::fenced);
  CHECK(mentions(e, "the disk is full"));
}

TEST_CASE("a release that fails does no harm: the lease lapses by itself") {
  Failing store;
  ManualClock clock;
  {
    const HeldLease lease(store, clock, request("alice"), std::stop_source{});
    store.broken = true;
  }
  store.broken = false;
  clock.advance(kLeaseTtl);
  CHECK_NOTHROW(HeldLease(store, clock, request("bob"), std::stop_source{}));
}

TEST_SUITE_BEGIN("threads");
TEST_CASE("in the background a lease outlives its time many times over, and a loss is noticed there") {
  MemoryStore store;
  HastyClock clock;
  std::stop_source stop;
  LeaseRequest asked = request("alice");
  asked.renewal = LeaseRenewal::background;
  const HeldLease lease(store, clock, asked, stop);
  while (clock.elapsed() < kLeaseTtl * 10) std::this_thread::yield();
  CHECK_FALSE(lease.lost());
  REQUIRE(store.acquire("staging", {"bob", "m", 1, "1"}, kLeaseTtl, clock.now(), dead).has_value());
  while (!stop.stop_requested()) std::this_thread::yield();
  CHECK(lease.lost());
}

namespace {
/// An embedder's: real time by another origin, and a sleep that nobody may wait in.
class OddClock final : public Clock {
 public:
  TimePoint now() override { return TimePoint{elapsed()}; }
  milliseconds elapsed() override { return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - start_); }
  void sleep(milliseconds, const std::stop_token&) override { slept = true; }
  std::atomic<bool> slept = false;

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};
}  // namespace

TEST_CASE("under an embedder's clock a lease is kept alive by a thread that waits in real time, however its sleep works") {
  MemoryStore store;
  OddClock clock;
  const auto pace = make_pace(clock);
  LeaseRequest asked = request("alice");
  asked.renewal = LeaseRenewal::background;
  asked.timing = {milliseconds{300}, milliseconds{60}, milliseconds{20}};
  const HeldLease lease(store, *pace, asked, std::stop_source{});
  while (clock.elapsed() < milliseconds{700}) std::this_thread::yield();
  CHECK_FALSE(lease.lost());
  CHECK(store.lease("staging")->expires > clock.now());
  CHECK_FALSE(clock.slept);
}
TEST_SUITE_END();
