#include <doctest/doctest.h>

#include <algorithm>

#include "helpers.hpp"
#include "ledger/chain.hpp"
#include "simulation/memory_store.hpp"

using namespace deploy;
using namespace deploy::test;

namespace {
Error fault_in(const std::vector<LedgerEntry>& entries, std::optional<LedgerHead> expected = std::nullopt) {
  return error_of([&] {
    ChainVerifier verifier({}, expected);
    verifier.add_all(entries);
    verifier.finish();
  });
}

std::string named(const Error& e) {
  if (e.code() != ErrorCode::corrupt) return "nothing: " + std::string(e.what());
  return e.details().at("fault") + " at " + e.details().at("position");
}

std::string exported(const std::vector<LedgerEntry>& entries) {
  std::string text;
  for (const auto& e : entries) text += to_json_line(e) + "\n";
  return text;
}

LedgerHead head_of(const std::vector<LedgerEntry>& entries) { return {entries.back().seq, entries.back().hash}; }
}  // namespace

TEST_CASE("a sound chain is sound, and its head is the last entry") {
  const auto entries = sound_chain(5);
  CHECK(verify_export(exported(entries)) == head_of(entries));
  CHECK(verify_export("") == LedgerHead{});
  MemoryStore store;
  store.append({}, std::nullopt, entries);
  CHECK(verify_chain(store, head_of(entries)) == head_of(entries));
}

TEST_CASE("any flipped byte of an export is found, and the line is named") {
  const std::string text = exported(sound_chain(4));
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string bad = text;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    const Error e = error_of([&] { (void)verify_export(bad); });
    const auto line = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(i), '\n') + 1;
    REQUIRE_MESSAGE(e.code() == ErrorCode::corrupt, "byte ", i, " of line ", line, ": ", e.what());
    REQUIRE_MESSAGE(e.details().at("line") == std::to_string(line), "byte ", i, " of line ", line, ": ", e.what());
  }
}

TEST_CASE("an altered entry is named with the hash that it should have and the one that it has") {
  auto entries = sound_chain(5);
  entries[2].data = R"({"step":"other"})";
  const Error e = fault_in(entries);
  CHECK(named(e) == "altered at 3");
  CHECK(e.details().at("expected") == entries[2].hash);
  CHECK(e.details().at("found") == entry_hash(entries[2]));
  CHECK(mentions(e, "breaks at entry 3"));
}

TEST_CASE("an entry altered together with its hash is found at the link that follows") {
  auto entries = sound_chain(5);
  entries[2].actor = "mallory";
  entries[2].hash = entry_hash(entries[2]);
  CHECK(named(fault_in(entries)) == "replaced at 4");
}

TEST_CASE("dropped entries are named, one or several") {
  auto entries = sound_chain(6);
  entries.erase(entries.begin() + 2);
  CHECK(named(fault_in(entries)) == "dropped at 3");
  CHECK(mentions(fault_in(entries), "it is missing"));
  entries.erase(entries.begin() + 2);
  CHECK(mentions(fault_in(entries), "entries 3 to 4 are missing"));
  entries.erase(entries.begin());
  CHECK(named(fault_in(entries)) == "dropped at 1");
}

TEST_CASE("reordered entries are told from dropped ones") {
  auto entries = sound_chain(6);
  std::swap(entries[2], entries[4]);
  CHECK(named(fault_in(entries)) == "reordered at 3");
}

TEST_CASE("an inserted entry is named, however well it is made") {
  const auto entries = sound_chain(5);
  auto copied = entries;
  copied.insert(copied.begin() + 3, entries[1]);
  CHECK(named(fault_in(copied)) == "inserted at 4");
  copied = entries;
  copied.push_back(entries[1]);
  CHECK(named(fault_in(copied)) == "inserted at 6");

  auto forged = entries;
  LedgerEntry e = entries[2];
  e.seq = 4;
  e.prev = entries[2].hash;
  e.hash = entry_hash(e);
  forged.insert(forged.begin() + 3, e);
  CHECK(named(fault_in(forged)) == "inserted at 5");

  for (auto after = forged.begin() + 4; after != forged.end(); ++after) ++after->seq;
  CHECK(named(fault_in(forged)) == "altered at 5");
}

TEST_CASE("a cut end is seen against an exported head") {
  auto entries = sound_chain(5);
  const LedgerHead head = head_of(entries);
  CHECK(named(fault_in(entries, head)).starts_with("nothing"));
  entries.resize(3);
  CHECK(named(fault_in(entries, head)) == "truncated at 4");
  CHECK(named(fault_in({}, head)) == "truncated at 1");
}

TEST_CASE("a history that was rewritten as a whole is seen against an exported head, also when it has grown since") {
  const LedgerHead head = head_of(sound_chain(3));
  std::vector<LedgerEntry> rewritten = sound_chain(5);
  LedgerHead last;
  for (LedgerEntry& e : rewritten) {
    e.actor = "mallory";
    e.prev = last.hash;
    e.hash = entry_hash(e);
    last = {e.seq, e.hash};
  }
  CHECK(named(fault_in(rewritten)).starts_with("nothing"));
  CHECK(named(fault_in(rewritten, head)) == "replaced at 3");
  CHECK(named(fault_in(sound_chain(5), head)).starts_with("nothing"));
}

TEST_CASE("a half-written last line of an export is named by its line") {
  std::string text = exported(sound_chain(3));
  text.resize(text.size() - 30);
  const Error e = error_of([&] { (void)verify_export(text); });
  CHECK(e.code() == ErrorCode::corrupt);
  CHECK(e.details().at("line") == "3");
}

TEST_CASE("checking goes on from a trusted head") {
  const auto entries = sound_chain(5);
  ChainVerifier verifier({3, entries[2].hash});
  verifier.add(entries[3]);
  CHECK(verifier.head().seq == 4);
  CHECK(named(error_of([&] { verifier.add(entries[3]); })) == "inserted at 5");
  CHECK(verifier.head().seq == 4);
}
