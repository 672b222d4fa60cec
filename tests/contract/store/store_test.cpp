// What every ledger store does: run on the one in memory and on SQLite.
#include <doctest/doctest.h>

#include <thread>

#include "ledger/chain.hpp"
#include "through_c.hpp"
#include "world.hpp"

using namespace deploy;
using namespace deploy::test;

#define ON_EVERY_STORE(name) TEST_CASE_TEMPLATE(name, World, Memory, Sqlite, ThroughC)

ON_EVERY_STORE("a new ledger is empty, its head is sixty-four zeros") {
  World world;
  CHECK(world.store->head() == LedgerHead{0, std::string(64, '0')});
  CHECK(world.store->read(0, 10).empty());
}

ON_EVERY_STORE("what was appended is read back in order, page by page, also after reopening") {
  World world;
  const auto written = entries_after({}, 5);
  const AppendResult result = world.store->append({}, std::nullopt, written);
  CHECK(result.status == AppendStatus::done);
  CHECK(result.head == LedgerHead{5, written.back().hash});
  world.reopen();
  CHECK(world.store->head() == result.head);
  CHECK(world.store->read(0, 100) == written);
  CHECK(world.store->read(2, 2) == std::vector<LedgerEntry>{written[2], written[3]});
  CHECK(world.store->read(5, 10).empty());
  CHECK(world.store->read(0, 0).empty());
}

ON_EVERY_STORE("an append on an outdated head is a conflict that writes nothing and tells the head") {
  World world;
  const LedgerHead first = append(*world.store, 1).head;
  const LedgerHead second = append(*world.store, 1).head;
  const AppendResult result = world.store->append(first, std::nullopt, entries_after(first, 3));
  CHECK(result.status == AppendStatus::conflict);
  CHECK(result.head == second);
  CHECK(world.store->head() == second);
}

ON_EVERY_STORE("the same number with another hash is a conflict too") {
  World world;
  const LedgerHead head = append(*world.store, 1).head;
  const LedgerHead other{head.seq, std::string(64, 'f')};
  CHECK(world.store->append(other, std::nullopt, entries_after(other, 1)).status == AppendStatus::conflict);
}

ON_EVERY_STORE("appending nothing is a check of head and lease") {
  World world;
  const LedgerHead head = append(*world.store, 2).head;
  CHECK(world.store->append(head, std::nullopt, {}).head == head);
  CHECK(world.store->append(head, LeaseClaim{"staging", 1}, {}).status == AppendStatus::fenced);
}

ON_EVERY_STORE("a thousand entries keep a sound chain") {
  World world;
  for (int i = 0; i < 10; ++i) append(*world.store, 100);
  CHECK(verify_chain(*world.store).seq == 1000);
}

// C has no NUL in its texts: there it is refused.
TEST_CASE_TEMPLATE("big data, quotes and NUL bytes come back as they were", World, Memory, Sqlite) {
  World world;
  auto entries = entries_after({}, 1, R"({"log":")" + std::string(1 << 20, 'x') + R"("})");
  entries[0].actor = std::string("o'\"alice;--\0\xC3\xA9\n", 15);
  world.store->append({}, std::nullopt, entries);
  const std::string state = std::string("a\0b'", 4) + std::string(1 << 20, 'y');
  world.store->save_checkpoint({{1, entries[0].hash}, state});
  world.reopen();
  CHECK(world.store->read(0, 1) == entries);
  CHECK(world.store->checkpoint()->state == state);
}

ON_EVERY_STORE("the newest checkpoint is kept, an older one that comes late is not") {
  World world;
  CHECK_FALSE(world.store->checkpoint().has_value());
  const auto written = entries_after({}, 9);
  world.store->append({}, std::nullopt, written);
  for (const std::size_t seq : {7, 9, 8}) world.store->save_checkpoint({{static_cast<std::int64_t>(seq), written[seq - 1].hash}, "state at " + std::to_string(seq)});
  world.reopen();
  CHECK(world.store->checkpoint()->head == LedgerHead{9, written[8].hash});
  CHECK(world.store->checkpoint()->state == "state at 9");
}

ON_EVERY_STORE("a checkpoint that belongs to no entry gives way to any other") {
  World world;
  const LedgerHead head = append(*world.store, 2).head;
  for (const LedgerHead& nowhere : {LedgerHead{1'000'000, head.hash}, LedgerHead{2, std::string(64, 'f')}}) {
    world.store->save_checkpoint({nowhere, "made up"});
    world.store->save_checkpoint({{1, world.store->read(0, 1)[0].hash}, "sound"});
    CHECK(world.store->checkpoint()->state == "sound");
  }
}

ON_EVERY_STORE("one at a time holds a lease, and others are told who") {
  World world;
  const auto lease = world.store->acquire("staging", holder("alice"), kTtl, kNoon, alive);
  REQUIRE(lease.has_value());
  CHECK(lease->name == "staging");
  CHECK(lease->expires == kNoon + kTtl);
  CHECK_FALSE(world.store->acquire("staging", holder("bob"), kTtl, kNoon, alive).has_value());
  world.reopen();
  CHECK(world.store->lease("staging")->holder == holder("alice"));
  CHECK(world.store->lease("staging")->since == kNoon);
  CHECK(world.store->lease("staging")->token == lease->token);
  CHECK_FALSE(world.store->lease("production").has_value());
}

ON_EVERY_STORE("leases of different environments do not meet") {
  World world;
  CHECK(world.store->acquire("staging", holder("alice"), kTtl, kNoon, alive).has_value());
  CHECK(world.store->acquire("production", holder("bob"), kTtl, kNoon, alive).has_value());
}

ON_EVERY_STORE("the holder itself cannot take its lease twice") {
  World world;
  REQUIRE(world.store->acquire("staging", holder("alice"), kTtl, kNoon, alive).has_value());
  CHECK_FALSE(world.store->acquire("staging", holder("alice"), kTtl, kNoon, alive).has_value());
}

ON_EVERY_STORE("the token rises with every holder, across release and reopening") {
  World world;
  std::int64_t newest = 0;
  for (int i = 0; i < 3; ++i) {
    const auto lease = world.store->acquire("staging", holder("alice"), kTtl, kNoon, alive);
    REQUIRE(lease.has_value());
    CHECK(lease->token > newest);
    newest = lease->token;
    world.store->release({"staging", newest});
    CHECK_FALSE(world.store->lease("staging").has_value());
    world.reopen();
  }
}

ON_EVERY_STORE("a lease can be taken from the moment it expires, not before") {
  World world;
  const auto old = world.store->acquire("staging", holder("alice"), kTtl, kNoon, alive);
  CHECK_FALSE(world.store->acquire("staging", holder("bob"), kTtl, kNoon + kTtl - std::chrono::milliseconds{1}, alive).has_value());
  const auto lease = world.store->acquire("staging", holder("bob"), kTtl, kNoon + kTtl, alive);
  REQUIRE(lease.has_value());
  CHECK(lease->token > old->token);
}

ON_EVERY_STORE("a dead holder's lease is taken over at once") {
  World world;
  const auto old = world.store->acquire("staging", holder("alice"), kTtl, kNoon, alive);
  std::string asked;
  const auto lease = world.store->acquire("staging", holder("bob"), kTtl, kNoon, [&](const Lease& other) {
    asked = other.holder.actor;
    return true;
  });
  REQUIRE(lease.has_value());
  CHECK(asked == "alice");
  CHECK(lease->token > old->token);
  CHECK(lease->holder == holder("bob"));
}

ON_EVERY_STORE("renewal moves the expiry, and works late as long as nobody took over") {
  World world;
  const auto lease = world.store->acquire("staging", holder("alice"), kTtl, kNoon, alive);
  CHECK(world.store->renew({"staging", lease->token}, kTtl, kNoon + kTtl * 5));
  CHECK(world.store->lease("staging")->expires == kNoon + kTtl * 6);
  CHECK(world.store->lease("staging")->since == kNoon);
  CHECK_FALSE(world.store->acquire("staging", holder("bob"), kTtl, kNoon + kTtl * 5, alive).has_value());
}

ON_EVERY_STORE("after a takeover the old holder can neither renew nor release nor append") {
  World world;
  const LeaseClaim old{"staging", world.store->acquire("staging", holder("alice"), kTtl, kNoon, alive)->token};
  const auto now_held = world.store->acquire("staging", holder("bob"), kTtl, kNoon, dead);
  CHECK_FALSE(world.store->renew(old, kTtl, kNoon));
  world.store->release(old);
  CHECK(world.store->lease("staging")->token == now_held->token);
  CHECK(append(*world.store, 1, old).status == AppendStatus::fenced);
  CHECK(world.store->head().seq == 0);
  CHECK(append(*world.store, 1, LeaseClaim{"staging", now_held->token}).status == AppendStatus::done);
}

ON_EVERY_STORE("after its release a lease is worth nothing") {
  World world;
  const LeaseClaim claim{"staging", world.store->acquire("staging", holder("alice"), kTtl, kNoon, alive)->token};
  CHECK(append(*world.store, 1, claim).status == AppendStatus::done);
  world.store->release(claim);
  CHECK(append(*world.store, 1, claim).status == AppendStatus::fenced);
  CHECK_FALSE(world.store->renew(claim, kTtl, kNoon));
}

ON_EVERY_STORE("a lost lease is told before an outdated head: the caller must stop, not retry") {
  World world;
  const LedgerHead old = world.store->head();
  append(*world.store, 1);
  CHECK(world.store->append(old, LeaseClaim{"staging", 1}, entries_after(old, 1)).status == AppendStatus::fenced);
}

ON_EVERY_STORE("threads that append at once lose nothing") {
  World world;
  const auto work = [&] {
    for (int done = 0; done < 25;) {
      const LedgerHead head = world.store->head();
      if (world.store->append(head, std::nullopt, entries_after(head, 1)).status == AppendStatus::done) ++done;
    }
  };
  {
    const std::jthread a(work), b(work), c(work);
  }
  CHECK(verify_chain(*world.store).seq == 75);
}
