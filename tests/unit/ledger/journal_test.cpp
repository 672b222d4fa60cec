#include <doctest/doctest.h>

#include <thread>

#include "helpers.hpp"
#include "ledger/journal.hpp"
#include "simulation/memory_store.hpp"

using namespace deploy;
using namespace deploy::test;

namespace {
/// A journal and what its observer saw.
struct Writer {
  Writer(LedgerStore& store, Clock& clock, const std::string& actor, LedgerHead start = {})
      : journal(store, clock, actor, [this](const LedgerEntry& e) { seen.push_back(e.seq); kinds.push_back(e.kind); }, std::move(start)) {}
  std::vector<std::int64_t> seen;
  std::vector<std::string> kinds;
  Journal journal;
};

struct World {
  MemoryStore store;
  ManualClock clock;
  Writer alice{store, clock, "alice"}, bob{store, clock, "bob"};
};

EntryDraft draft(const std::string& kind) { return {kind, "staging", "d1", "{}"}; }
}  // namespace

TEST_CASE("an appended entry has its place, its time, its writer and canonical data") {
  World w;
  w.alice.journal.append({"approval_granted", "production", "", R"( {"b": 1, "a": "x"} )"});
  const LedgerEntry e = w.store.read(0, 1).at(0);
  CHECK(e.seq == 1);
  CHECK(e.actor == "alice");
  CHECK(e.time == to_rfc3339(w.clock.now()));
  CHECK(e.environment == "production");
  CHECK(e.data == R"({"a":"x","b":1})");
  CHECK(e.token == 0);
  CHECK(e.hash == entry_hash(e));
}

TEST_CASE("a writer sees its own and others' entries once each, in order") {
  World w;
  w.alice.journal.append(draft("one"));
  w.bob.journal.append({draft("two"), draft("three")});
  w.alice.journal.append(draft("four"));
  w.bob.journal.refresh();
  w.bob.journal.refresh();
  CHECK(w.alice.seen == std::vector<std::int64_t>{1, 2, 3, 4});
  CHECK(w.bob.seen == w.alice.seen);
  CHECK(w.bob.kinds == std::vector<std::string>{"one", "two", "three", "four"});
  CHECK(verify_chain(w.store).seq == 4);
}

TEST_CASE("from a checkpoint on, only what is newer is shown") {
  World w;
  w.alice.journal.append({draft("one"), draft("two")});
  const LedgerHead checkpoint = w.alice.journal.head();
  w.alice.journal.append(draft("three"));
  Writer late(w.store, w.clock, "carol", checkpoint);
  late.journal.refresh();
  CHECK(late.kinds == std::vector<std::string>{"three"});
}

TEST_CASE("after a conflict it is asked whether the entry still holds") {
  World w;
  w.bob.journal.append(draft("frozen"));
  int asked = 0;
  w.alice.journal.append(draft("approval"), std::nullopt, [&] { return ++asked, w.alice.kinds.back() == "frozen"; });
  CHECK(asked == 1);

  w.bob.journal.append(draft("thawed"));
  const Error e = error_of([&] { w.alice.journal.append(draft("deploy"), std::nullopt, [] { return false; }); });
  CHECK(e.code() == ErrorCode::conflict);
  CHECK(mentions(e, "nothing was written"));
  CHECK(w.store.head().seq == 3);
  CHECK(w.alice.kinds.back() == "thawed");
}

TEST_CASE("entries under a lease carry its token, and are refused once it was taken over") {
  World w;
  const auto take = [&](const std::string& actor) {
    return w.store.acquire("staging", {actor, "m", 1, "1"}, std::chrono::seconds{60}, w.clock.now(), [](const Lease&) { return true; })->token;
  };
  const LeaseClaim claim{"staging", take("alice")};
  w.alice.journal.append(draft("step_intended"), claim);
  CHECK(w.store.read(0, 1).at(0).token == claim.token);
  take("bob");
  const Error e = error_of([&] { w.alice.journal.append(draft("step_done"), claim); });
  CHECK(e.code() == ErrorCode::fenced);
  CHECK(e.details().at("environment") == "staging");
  CHECK(w.store.head().seq == 1);
}

TEST_CASE("malformed and oversized drafts are refused, and the others with them") {
  World w;
  for (const std::string& data : {std::string("[]"), std::string("{"), std::string(R"({"a":1,"a":2})"), "{\"a\":\"" + std::string(Journal::kMaxData, 'x') + "\"}"}) {
    const Error e = error_of([&] { w.alice.journal.append({draft("good"), {"evidence", "staging", "", data}}); });
    CHECK(e.code() == ErrorCode::invalid_argument);
    CHECK(e.details().at("kind") == "evidence");
  }
  CHECK(w.store.head().seq == 0);
}

TEST_CASE("a name that is no UTF-8 is refused: it could not be read back") {
  World w;
  Journal journal(w.store, w.clock, "al\xFFice");
  CHECK(error_of([&] { journal.append(draft("x")); }).code() == ErrorCode::invalid_argument);
  CHECK(w.store.head().seq == 0);
}

TEST_CASE("a journal does not follow a broken chain") {
  World w;
  auto entries = sound_chain(3);
  entries[1].actor = "mallory";
  w.store.append({}, std::nullopt, entries);
  CHECK(error_of([&] { w.alice.journal.refresh(); }).code() == ErrorCode::corrupt);
  CHECK(w.alice.seen == std::vector<std::int64_t>{1});
}

TEST_CASE("a store that always says conflict is given up on") {
  class Stubborn final : public LedgerStore {
   public:
    LedgerHead head() override { return {}; }
    std::vector<LedgerEntry> read(std::int64_t, std::size_t) override { return {}; }
    AppendResult append(const LedgerHead&, const std::optional<LeaseClaim>&, const std::vector<LedgerEntry>&) override { return {AppendStatus::conflict, {}}; }
    std::optional<Lease> acquire(const std::string&, const LeaseHolder&, std::chrono::milliseconds, TimePoint, const std::function<bool(const Lease&)>&) override { return {}; }
    bool renew(const LeaseClaim&, std::chrono::milliseconds, TimePoint) override { return false; }
    void release(const LeaseClaim&) override {}
    std::optional<Lease> lease(const std::string&) override { return {}; }
    std::optional<Checkpoint> checkpoint() override { return {}; }
    void save_checkpoint(const Checkpoint&) override {}
  } stubborn;
  ManualClock clock;
  Journal journal(stubborn, clock, "alice");
  CHECK(error_of([&] { journal.append(draft("x")); }).code() == ErrorCode::conflict);
}

TEST_SUITE_BEGIN("threads");
TEST_CASE("threads that write through one journal and through two lose nothing") {
  World w;
  const auto work = [](Journal& journal) {
    for (int i = 0; i < 50; ++i) journal.append(draft("x"));
  };
  {
    const std::jthread a([&] { work(w.alice.journal); }), b([&] { work(w.alice.journal); }), c([&] { work(w.bob.journal); });
  }
  CHECK(verify_chain(w.store).seq == 150);
  w.alice.journal.refresh();
  CHECK(w.alice.seen.size() == 150);
  CHECK(std::is_sorted(w.alice.seen.begin(), w.alice.seen.end()));
}
TEST_SUITE_END();
