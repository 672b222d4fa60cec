#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "helpers.hpp"
#include "history.hpp"
#include "ledger/checkpoint.hpp"
#include "ledger/state_json.hpp"
#include "simulation/memory_store.hpp"
#include "support/hash.hpp"

using namespace deploy;
using namespace deploy::test;
using std::chrono::milliseconds;

namespace {
TimePoint at(std::int64_t ms) { return TimePoint{milliseconds{ms}}; }

/// The rich history in a store, a second between the entries.
struct Ledger {
  Ledger() {
    ManualClock clock;
    Journal journal(store, clock, "alice");
    for (const EntryDraft& draft : rich_history()) {
      clock.advance(milliseconds{1001});
      journal.append(draft);
    }
    entries = store.read(0, 1000);
  }

  [[nodiscard]] State folded(std::size_t count) const {
    State state;
    for (std::size_t i = 0; i < count; ++i) fold(state, entries[i]);
    return state;
  }
  [[nodiscard]] State folded() const { return folded(entries.size()); }

  MemoryStore store;
  std::vector<LedgerEntry> entries;
};

/// Every member of every struct has a value that it does not have by itself. A member more does not compile here: give it one.
State full_state() {
  State state;
  auto& [head, releases, environments, quarantined, nonces] = state;
  nonces = {"0f6c", "1a2b"};
  head = {7, std::string(64, 'e')};
  releases = {release("1.0.1", 'a'), release("2.0.0-rc.1", 'b')};

  OpenDeployment open_one;
  auto& [id, actor, plan, gates, started, steps, failing, verified_too, parent, mended] = open_one;
  id = "d1", actor = "alice", plan = plan_of(releases[1], PlanKind::rollback), started = at(11), failing = true, verified_too = true, parent = "d0";
  gates = {{"soak", false, "too early", at(12), {}}, {"approval", true, "", std::nullopt, {{"alice", "SHA256:k"}}}};
  mended = LiveVersion{"1.0.0", "sha256:00"};
  for (const StepProgress progress : {StepProgress::intended, StepProgress::done, StepProgress::failed, StepProgress::undoing, StepProgress::undone})
    steps[static_cast<int>(progress) - 1] = {progress, {{"container", "a\"b\n"}, {"", ""}}};

  Verification verification;
  auto& [digest, version, first, last, first_seq] = verification;
  digest = "sha256:aa", version = "1.0.1", first = at(1), last = at(2), first_seq = 3;
  ApprovalDecision approval;
  auto& [granted, approved, policy_hash, approver, comment, time, expires, text, signature, key, replayed] = approval;
  expires = at(13), text = "line\nline\n", signature = "armor", key = "SHA256:k", replayed = true;
  granted = true, approved = "sha256:bb", policy_hash = "policy", approver = "bob", comment = "\xC3\xA9", time = at(5);
  Quarantine bad;
  auto& [bad_version, bad_reason, bad_by, bad_since] = bad;
  bad_version = "0.9.0", bad_reason = "it crashed", bad_by = "carol", bad_since = at(6);
  quarantined = {{"sha256:cc", bad}};

  EnvironmentState environment;
  auto& [live, live_since, live_deployment, live_container_hash, verified, decisions, frozen, frozen_by, frozen_reason, open, open_order, last_outcome,
         unfinished, last_digest, retained] = environment;
  last_digest = "sha256:dd", retained = {{"ssh://a", {"shop.v1.0.0.d0", "shop.v0.9.0.dx"}}, {"ssh://b", {}}};
  live = LiveVersion{"1.0.1", "sha256:aa"}, live_since = at(9), live_deployment = "d9", live_container_hash = "container";
  verified = {verification}, decisions = {approval}, frozen = true, frozen_by = "dora", frozen_reason = "sale";
  open = {{"d1", open_one}}, open_order = {"d1"}, last_outcome = Outcome::stranded, unfinished = {"git_tag", "retention"};
  environments = {{"production", environment}, {"staging", {}}};
  return state;
}

std::string checksummed(const std::string& body, int format = kStateFormat, const std::string& version = LIBDEPLOY_VERSION) {
  return json::Object().add("format", format).add("libdeploy", version).add("sha256", sha256_hex(body)).str() + "\n" + body;
}
std::string body_of(const std::string& text) { return text.substr(text.find('\n') + 1); }
}  // namespace

TEST_CASE("every member of the state survives being written and read") {
  const State state = full_state();
  REQUIRE(state_from_text(state_to_text(state)).has_value());
  CHECK(*state_from_text(state_to_text(state)) == state);
  CHECK(*state_from_text(state_to_text(State{})) == State{});
}

TEST_CASE("the history of this test has every kind of entry that is folded, and one that is not") {
  const Ledger ledger;
  std::set<std::string_view> kinds;
  for (const LedgerEntry& entry : ledger.entries) kinds.insert(entry.kind);
  for (const std::string_view kind : folded_kinds()) CHECK_MESSAGE(kinds.count(kind) == 1, kind);
  CHECK(kinds.size() == folded_kinds().size() + 1);
}

TEST_CASE("from a checkpoint at any entry the rest of a history leads to the same state as from the beginning") {
  const Ledger ledger;
  const State all = ledger.folded();
  for (std::size_t cut = 0; cut <= ledger.entries.size(); ++cut) {
    CAPTURE(cut);
    auto state = state_from_text(state_to_text(ledger.folded(cut)));
    REQUIRE(state.has_value());
    CHECK(*state == ledger.folded(cut));
    for (std::size_t i = cut; i < ledger.entries.size(); ++i) fold(*state, ledger.entries[i]);
    CHECK(*state == all);
  }
}

TEST_CASE("an entry of a kind that only a newer libdeploy knows is passed over: the chain holds, the state moves on by its number alone") {
  const Ledger ledger;
  State before = ledger.folded(2);
  const State after = ledger.folded(3);
  REQUIRE(ledger.entries[2].kind == "of_a_newer_libdeploy");
  CHECK(after.head.seq == 3);
  before.head = after.head;
  CHECK(before == after);
}

TEST_CASE("the gates that allowed an interrupted deployment are known to whoever finishes it") {
  const State state = Ledger().folded();
  REQUIRE(state.environment("production").open.count("d5") == 1);
  CHECK(state.environment("production").open.at("d5").gates.at(0).gate == "soak");
}

TEST_CASE("a text that this version did not write is no state: another format, another version, damage, a member more or less") {
  const std::string text = state_to_text(full_state()), body = body_of(text);
  REQUIRE(state_from_text(checksummed(body)).has_value());
  CHECK_FALSE(state_from_text(checksummed(body, kStateFormat + 1)).has_value());
  CHECK_FALSE(state_from_text(checksummed(body, kStateFormat, "99.0.0")).has_value());
  for (const std::string& bad : {std::string(), std::string("\n"), std::string("{}\n{}"), body, text + " ", text.substr(0, text.size() / 2)}) CHECK_FALSE(state_from_text(bad).has_value());
  for (std::size_t i = 0; i < text.size(); i += 7) {
    std::string flipped = text;
    flipped[i] = static_cast<char>(flipped[i] ^ 1);
    CHECK_MESSAGE(!state_from_text(flipped).has_value(), i);
  }
  for (const auto& [from, replacement] : std::vector<std::pair<std::string, std::string>>{{R"("frozen":true)", R"("frozen":1)"}, {R"("frozen":true,)", ""},
                                                                                {R"("frozen":true)", R"("frozen":true,"thawed":true)"}, {R"("undone")", R"("redone")"},
                                                                                {R"("stranded")", R"("lost")"}, {R"("first_seq":3)", R"("first_seq":"3")"}}) {
    std::string other = body;
    REQUIRE(other.find(from) != std::string::npos);
    other.replace(other.find(from), from.size(), replacement);
    CHECK_FALSE(state_from_text(checksummed(other)).has_value());
  }
}

TEST_CASE("a checkpoint is used when its entry is in the chain, else every entry is folded") {
  Ledger ledger;
  CHECK(load_checkpoint(ledger.store) == State{});
  const State kept = ledger.folded(20);
  save_checkpoint(ledger.store, kept);
  CHECK(load_checkpoint(ledger.store) == kept);

  const std::string text = state_to_text(kept);
  const auto ignored = [&](const LedgerHead& head, const std::string& state) {
    MemoryStore other;
    other.append({}, std::nullopt, ledger.entries);
    other.save_checkpoint({head, state});
    return load_checkpoint(other) == State{};
  };
  CHECK_FALSE(ignored(kept.head, text));
  CHECK(ignored({kept.head.seq, std::string(64, 'f')}, text));
  CHECK(ignored({1'000'000, kept.head.hash}, text));
  CHECK(ignored({0, kept.head.hash}, text));
  CHECK(ignored({-5, kept.head.hash}, text));
  CHECK(ignored({19, ledger.entries[18].hash}, text));  // a text of another entry
  CHECK(ignored(kept.head, "not ours"));
}

TEST_CASE("a checkpoint whose own entry was altered since is not used, and the change is found") {
  Ledger ledger;
  save_checkpoint(ledger.store, ledger.folded(20));
  MemoryStore altered;
  auto entries = ledger.entries;
  entries[19].actor = "mallory";
  altered.append({}, std::nullopt, entries);
  altered.save_checkpoint(*ledger.store.checkpoint());
  CHECK(load_checkpoint(altered) == State{});
  CHECK(error_of([&] { verify_ledger(altered); }).details().at("position") == "20");
}

TEST_CASE("verifying a ledger finds a checkpoint that says something else than the entries") {
  Ledger ledger;
  save_checkpoint(ledger.store, ledger.folded(20));
  CHECK(verify_ledger(ledger.store).seq == static_cast<std::int64_t>(ledger.entries.size()));

  State other = ledger.folded(20);
  other.environments["production"].frozen = false;
  save_checkpoint(ledger.store, other);
  CHECK(load_checkpoint(ledger.store) == other);  // well made, so it takes the whole ledger to find out
  const Error e = error_of([&] { verify_ledger(ledger.store); });
  CHECK(e.code() == ErrorCode::corrupt);
  CHECK(e.details().at("fault") == "checkpoint");
  CHECK(mentions(e, "DELETE FROM checkpoint"));
}

TEST_CASE("an end that was cut off behind a checkpoint, or rewritten, is found without a noted head") {
  Ledger ledger;
  save_checkpoint(ledger.store, ledger.folded());
  MemoryStore cut;
  cut.append({}, std::nullopt, {ledger.entries.begin(), ledger.entries.begin() + 10});
  cut.save_checkpoint(*ledger.store.checkpoint());
  const Error truncated = error_of([&] { verify_ledger(cut); });
  CHECK(truncated.details().at("fault") == "truncated");
  CHECK(truncated.details().at("position") == "11");

  MemoryStore rewritten;
  ManualClock clock;
  Journal mallory(rewritten, clock, "mallory");
  mallory.append(rich_history());
  rewritten.save_checkpoint(*ledger.store.checkpoint());
  CHECK(error_of([&] { verify_ledger(rewritten); }).details().at("fault") == "replaced");
}

TEST_CASE("a head is written as SEQ:HASH and read back, anything else is refused with the form that is wanted") {
  const LedgerHead head{1204, std::string(64, 'a')};
  CHECK(to_string(head) == "1204:" + std::string(64, 'a'));
  CHECK(parse_ledger_head(to_string(head)) == head);
  CHECK(parse_ledger_head(to_string(LedgerHead{})) == LedgerHead{});
  for (const std::string& bad : {std::string(), std::string("12"), std::string("12:"), std::string(64, 'a'), ":" + std::string(64, 'a'), "-1:" + std::string(64, 'a'),
                                 "12:" + std::string(63, 'a'), "12:" + std::string(64, 'A'), "12:" + std::string(65, 'a'), "1x:" + std::string(64, 'a')}) {
    const Error e = error_of([&] { (void)parse_ledger_head(bad); });
    CHECK_MESSAGE(e.code() == ErrorCode::invalid_argument, bad);
    CHECK(mentions(e, "SEQ:HASH"));
  }
}
