// Several processes on one file, and processes that are killed in the middle.
#include <doctest/doctest.h>

#include <chrono>
#include <map>
#include <thread>

#include "deploy/error.hpp"
#include "ledger/chain.hpp"
#include "ledger/journal.hpp"
#include "process.hpp"
#include "support/json.hpp"
#include "world.hpp"

using namespace deploy;
using namespace deploy::test;

namespace {
class StandingClock final : public Clock {
 public:
  TimePoint now() override { return kNoon; }
  std::chrono::milliseconds elapsed() override { return {}; }
  void sleep(std::chrono::milliseconds, const std::stop_token&) override {}
};

/// Appends until `count` entries are in.
int append_many(const std::string& file, int count) {
  const auto store = open_sqlite_store(file);
  for (int done = 0; done < count;) {
    const LedgerHead head = store->head();
    if (store->append(head, std::nullopt, entries_after(head, 1)).status == AppendStatus::done) ++done;
  }
  return 0;
}

/// As deployctl writes: decides on what it has read, links, and tries again when others were faster.
int write_journal(const std::string& file, const std::string& actor, int count) {
  const auto store = open_sqlite_store(file);
  StandingClock clock;
  Journal journal(*store, clock, actor);
  for (int i = 0; i < count; ++i) journal.append({"note", "", "", json::Object().add("number", i).str()});
  return 0;
}

/// Appends for ever and reports each acknowledged entry's number.
int append_and_report(const std::string& file, int pipe) {
  const auto store = open_sqlite_store(file);
  for (;;) {
    const std::int64_t seq = append(*store, 1).head.seq;
    if (::write(pipe, &seq, sizeof seq) != sizeof seq) return 1;
  }
}

std::int64_t last_reported(int pipe) {
  std::int64_t seq = 0, last = 0;
  while (::read(pipe, &seq, sizeof seq) == sizeof seq) last = seq;
  return last;
}
}  // namespace

TEST_CASE("processes that open a new ledger and append at once lose nothing") {
  const TemporaryFolder folder;
  const std::string file = folder / "new/ledger.db";
  std::vector<pid_t> children;
  for (int i = 0; i < 4; ++i) children.push_back(in_child([&] { return append_many(file, 30); }));
  for (const pid_t child : children) CHECK(exit_code(child) == 0);
  CHECK(verify_chain(*open_sqlite_store(file)).seq == 120);
}

TEST_CASE("two processes, and six, write through journals at once: nothing is lost, nothing doubled, each one's entries are in its order") {
  for (const int writers : {2, 6}) {
    const TemporaryFolder folder;
    const std::string file = folder / "ledger.db";
    std::vector<pid_t> children;
    for (int i = 0; i < writers; ++i) children.push_back(in_child([&] { return write_journal(file, "writer" + std::to_string(i), 40); }));
    for (const pid_t child : children) CHECK(exit_code(child) == 0);
    const auto store = open_sqlite_store(file);
    CHECK(verify_chain(*store).seq == 40 * writers);
    std::map<std::string, int> next;
    for (const LedgerEntry& entry : store->read(0, 1000)) CHECK(entry.data == json::Object().add("number", next[entry.actor]++).str());
    CHECK(next.size() == static_cast<std::size_t>(writers));
  }
}

TEST_CASE("of processes that want the same lease one gets it") {
  const TemporaryFolder folder;
  std::vector<pid_t> children;
  for (int i = 0; i < 6; ++i)
    children.push_back(in_child([&] { return open_sqlite_store(folder / "ledger.db")->acquire("staging", holder("run"), kTtl, kNoon, alive) ? 1 : 0; }));
  int winners = 0;
  for (const pid_t child : children) winners += exit_code(child);
  CHECK(winners == 1);
}

TEST_CASE("a process killed in the middle of a commit loses nothing that was acknowledged") {
  const TemporaryFolder folder;
  const std::string file = folder / "ledger.db";
  for (int round = 0; round < 10; ++round) {
    std::array<int, 2> pipe{};
    REQUIRE(::pipe(pipe.data()) == 0);
    const pid_t child = in_child([&] { return append_and_report(file, pipe[1]); });
    ::close(pipe[1]);
    std::this_thread::sleep_for(std::chrono::milliseconds(30 + round * 7));
    ::kill(child, SIGKILL);
    CHECK(exit_code(child) == 128 + SIGKILL);
    const std::int64_t acknowledged = last_reported(pipe[0]);
    ::close(pipe[0]);
    CHECK(verify_chain(*open_sqlite_store(file)).seq >= acknowledged);
  }
}

TEST_CASE("a process that dies with the file locked does not keep the others out") {
  const TemporaryFolder folder;
  const std::string file = folder / "ledger.db";
  const pid_t child = in_child([&] {
    // may_take_over is asked inside of the transaction: the process dies there.
    const auto store = open_sqlite_store(file);
    (void)store->acquire("staging", holder("alice"), kTtl, kNoon, alive);
    (void)store->acquire("staging", holder("bob"), kTtl, kNoon, [](const Lease&) { return ::kill(::getpid(), SIGKILL) == 0; });
    return 0;
  });
  CHECK(exit_code(child) == 128 + SIGKILL);
  const auto store = open_sqlite_store(file);
  CHECK(append(*store, 1).status == AppendStatus::done);
  CHECK(store->lease("staging")->holder.actor == "alice");
}
