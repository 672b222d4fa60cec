// How long a ledger of 100,000 entries takes to open, with its checkpoint and without: FOLDER [ENTRIES]. Use an optimised build.
//
// The entries are those of promotions to staging and production, as they are written today: a release, its steps, its verdicts.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "ledger/checkpoint.hpp"
#include "ledger/entry.hpp"
#include "ledger/journal.hpp"
#include "ledger/records.hpp"
#include "store/sqlite_store.hpp"
#include "support/hash.hpp"

namespace {
using namespace deploy;
using Milliseconds = std::chrono::duration<double, std::milli>;

constexpr int kRounds = 9;

class NoClock final : public Clock {
 public:
  TimePoint now() override { return {}; }
  std::chrono::milliseconds elapsed() override { return {}; }
  void sleep(std::chrono::milliseconds, const std::stop_token&) override {}
};

/// Links entries and writes them many at a time: what is measured is reading.
class Scribe {
 public:
  explicit Scribe(LedgerStore& store) : store_(store), head_(store.head()) {}

  void write(const std::string& kind, const std::string& environment, const std::string& deployment, const json::Object& data) {
    LedgerEntry entry{head_.seq + 1, "2026-11-22T22:26:53.123Z", kind, "bot", environment, deployment, 7, json::canonical(json::parse(data.str(), kind)), head_.hash, ""};
    entry.hash = entry_hash(entry);
    head_ = {entry.seq, entry.hash};
    waiting_.push_back(std::move(entry));
    if (waiting_.size() == 5000) flush();
  }
  void flush() {
    store_.append(store_.head(), std::nullopt, waiting_);
    waiting_.clear();
  }
  [[nodiscard]] std::int64_t count() const { return head_.seq; }

 private:
  LedgerStore& store_;
  LedgerHead head_;
  std::vector<LedgerEntry> waiting_;
};

Release make_release(int build) {
  Release release;
  release.application = "shop";
  release.version = Version::parse("1.0." + std::to_string(build));
  release.build = build;
  release.digest = Digest::parse("sha256:" + sha256_hex(release.version.str()));
  release.image = ImageReference::parse("registry.example.com/team/shop").with_digest(release.digest);
  release.commit = sha256_hex(std::to_string(build)).substr(0, 40);
  release.creator = "bot";
  return release;
}

Plan make_plan(const Release& release, const std::string& environment) {
  Plan plan;
  plan.environment = environment;
  plan.release = release;
  plan.policy_hash = plan.container_hash = plan.hash = release.digest.hex();
  for (int i = 0; i < 8; ++i) plan.steps.push_back({i, static_cast<StepKind>(i), "ssh://deploy@192.0.2.10", 0, "what this step does on ssh://deploy@192.0.2.10", "how it is undone"});
  return plan;
}

void promote(Scribe& scribe, const Release& release, const std::string& environment) {
  const std::string id = sha256_hex(release.version.str() + environment).substr(0, 16);
  const json::Object digest = json::Object().add("digest", release.digest.str()).add("version", release.version.str());
  scribe.write("approval_granted", environment, "", json::Object(digest).add("policy_hash", release.digest.hex()).add("comment", "looked at it"));
  scribe.write("deployment_started", environment, id, json::Object().add("plan", plan_object(make_plan(release, environment))).add("gates", json::Array()).add("parent", ""));
  for (int step = 0; step < 8; ++step) {
    scribe.write("step_intended", environment, id, json::Object().add("step", step).add("host", "ssh://deploy@192.0.2.10"));
    scribe.write("step_done", environment, id, json::Object().add("step", step).add("result", json::Object().add("container", release.digest.hex())));
  }
  scribe.write("digest_verified", environment, id, digest);
  Deployment record;
  record.id = id;
  record.environment = environment;
  record.outcome = Outcome::succeeded;
  record.live = LiveVersion{release.version.str(), release.digest.str()};
  record.kind = "promotion";
  scribe.write("deployment_finished", environment, id, deployment_object(record));
}

void fill(const std::string& file, std::int64_t entries) {
  const auto store = open_sqlite_store(file);
  Scribe scribe(*store);
  for (int build = 1; scribe.count() < entries; ++build) {
    const Release release = make_release(build);
    scribe.write("release_registered", "", "", release_object(release));
    for (const char* environment : {"staging", "production"}) promote(scribe, release, environment);
  }
  scribe.flush();
}

/// What a Deployer does before it can answer anything.
State open(const std::string& file, bool with_checkpoint) {
  NoClock clock;
  const auto store = open_sqlite_store(file);
  State state = with_checkpoint ? load_checkpoint(*store) : State{};
  Journal journal(*store, clock, "bench", [&](const LedgerEntry& entry) { fold(state, entry); }, state.head);
  journal.refresh();
  return state;
}

double median_ms(const std::string& file, bool with_checkpoint, int rounds) {
  std::vector<double> took;
  for (int i = 0; i < rounds; ++i) {
    const auto begun = std::chrono::steady_clock::now();
    static_cast<void>(open(file, with_checkpoint));
    took.push_back(Milliseconds(std::chrono::steady_clock::now() - begun).count());
  }
  std::sort(took.begin(), took.end());
  return took[took.size() / 2];
}
}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return std::fprintf(stderr, "usage: ledger_open FOLDER [ENTRIES]\n"), 2;
  const std::string file = std::string(argv[1]) + "/ledger_open.db";
  const std::int64_t entries = argc > 2 ? std::atoll(argv[2]) : 100'000;
  fill(file, entries);
  const State state = open(file, false);
  {
    const auto store = open_sqlite_store(file);
    save_checkpoint(*store, state);
    Scribe late(*store);  // as many entries behind the checkpoint as there may be
    for (std::int64_t i = 1; i < kCheckpointEvery; ++i) late.write("environment_frozen", "staging", "", json::Object().add("reason", "again"));
    late.flush();
  }
  if (open(file, true) != open(file, false)) return std::fprintf(stderr, "the two states differ\n"), 1;
  const double slow = median_ms(file, false, 3), fast = median_ms(file, true, kRounds);
  std::printf("%lld entries, %zu bytes of checkpoint: %.1f ms with it, %.1f ms without, %.0f times as fast\n", static_cast<long long>(state.head.seq),
              open_sqlite_store(file)->checkpoint()->state.size(), fast, slow, slow / fast);
  for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(file + end);
  return 0;
}
