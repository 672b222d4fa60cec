#include "ledger/chain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "deploy/error.hpp"
#include "ledger/entry.hpp"
#include "support/one_line.hpp"

namespace deploy {

namespace {
/// Entries read at once: they may hold evidence of some size, and memory is to stay small.
constexpr std::size_t kVerifiedPage = 100;

[[noreturn]] void broken(ChainFault fault, std::int64_t position, std::int64_t seq, const std::string& what, std::string expected, std::string found) {
  constexpr std::size_t kShownBytes = 200;  // whoever altered an entry may have put anything where a hash belongs
  expected = one_line(expected, kShownBytes);
  found = one_line(found, kShownBytes);
  throw Error(ErrorCode::corrupt, "ledger",
              fmt::format("the ledger's chain breaks at entry {}: {} (expected {}, found {}). {}", position, what, expected, found, kAfterBreak),
              {{"seq", std::to_string(seq)}, {"position", std::to_string(position)}, {"fault", std::string(to_string(fault))},
               {"expected", std::move(expected)}, {"found", std::move(found)}});
}

bool contains(std::span<const LedgerEntry> entries, std::int64_t seq) {
  return std::any_of(entries.begin(), entries.end(), [seq](const LedgerEntry& e) { return e.seq == seq; });
}

[[noreturn]] void wrong_number(std::int64_t position, std::int64_t seq, std::span<const LedgerEntry> rest) {
  const std::string expected = fmt::format("number {}", position), found = fmt::format("number {}", seq);
  if (seq < position) broken(ChainFault::inserted, position, seq, fmt::format("there is a second entry {}", seq), expected, found);
  if (contains(rest, position))
    broken(ChainFault::reordered, position, seq, fmt::format("entry {} stands in its place, it comes further on", seq), expected, found);
  broken(ChainFault::dropped, position, seq,
         seq == position + 1 ? std::string("it is missing") : fmt::format("entries {} to {} are missing", position, seq - 1), expected, found);
}
}  // namespace

std::string_view to_string(ChainFault fault) {
  switch (fault) {
    case ChainFault::altered: return "altered";
    case ChainFault::dropped: return "dropped";
    case ChainFault::reordered: return "reordered";
    case ChainFault::inserted: return "inserted";
    case ChainFault::replaced: return "replaced";
    case ChainFault::truncated: return "truncated";
  }
  return "altered";
}

ChainVerifier::ChainVerifier(LedgerHead start, std::optional<LedgerHead> expected) : head_(std::move(start)), expected_(std::move(expected)) {}

void ChainVerifier::add_all(std::span<const LedgerEntry> entries) {
  for (std::size_t i = 0; i < entries.size(); ++i) add(entries[i], entries.subspan(i + 1));
}

void ChainVerifier::add(const LedgerEntry& entry, std::span<const LedgerEntry> rest) {
  if (entry.seq != head_.seq + 1) wrong_number(head_.seq + 1, entry.seq, rest);
  check_link(entry);
  head_ = {entry.seq, entry.hash};
  check_expected();
}

void ChainVerifier::check_link(const LedgerEntry& entry) const {
  const std::string hash = entry_hash(entry);
  if (hash != entry.hash)
    broken(ChainFault::altered, entry.seq, entry.seq, "it was altered after it was written, its bytes do not have its hash", entry.hash, hash);
  if (entry.prev != head_.hash)
    broken(ChainFault::replaced, entry.seq, entry.seq, "it does not follow the entry before it, one of the two was replaced", head_.hash, entry.prev);
  check_entry(entry);
}

void ChainVerifier::check_expected() const {
  if (expected_ && head_.seq == expected_->seq && head_.hash != expected_->hash)
    broken(ChainFault::replaced, head_.seq, head_.seq, "it is another entry than the exported head names, history was rewritten", expected_->hash, head_.hash);
}

void ChainVerifier::finish() const {
  if (expected_ && head_.seq < expected_->seq)
    broken(ChainFault::truncated, head_.seq + 1, head_.seq, fmt::format("the end is missing, the ledger stops at entry {}", head_.seq),
           fmt::format("entry {} with hash {}", expected_->seq, expected_->hash), "nothing");
}

LedgerHead verify_chain(LedgerStore& store, std::optional<LedgerHead> expected) {
  ChainVerifier verifier({}, std::move(expected));
  for (;;) {
    const std::vector<LedgerEntry> page = store.read(verifier.head().seq, kVerifiedPage);
    if (page.empty()) break;
    verifier.add_all(page);
  }
  verifier.finish();
  return verifier.head();
}

namespace {
LedgerEntry parse_numbered(std::string_view line, std::size_t number) {
  try {
    return parse_json_line(line);
  } catch (const Error& e) {
    throw Error(e.code(), e.area(), fmt::format("the ledger's chain breaks at entry {}, line {}: {}. {}", number, number, e.what(), kAfterBreak),
                {{"line", std::to_string(number)}, {"position", std::to_string(number)}, {"fault", "altered"}});
  }
}

/// An unreadable line ends the list; `failure` then holds why, for when the lines before it are sound.
std::vector<LedgerEntry> parse_lines(std::string_view text, std::optional<Error>& failure) {
  std::vector<LedgerEntry> entries;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    try {
      entries.push_back(parse_numbered(line, entries.size() + 1));
    } catch (const Error& e) {
      failure = e;
      break;
    }
  }
  return entries;
}
}  // namespace

LedgerHead verify_export(std::string_view json_lines, std::optional<LedgerHead> expected) {
  std::optional<Error> unreadable;
  const std::vector<LedgerEntry> entries = parse_lines(json_lines, unreadable);
  ChainVerifier verifier({}, std::move(expected));
  try {
    verifier.add_all(entries);
    if (!unreadable) verifier.finish();
  } catch (const Error& e) {
    throw e.with("line", std::to_string(verifier.head().seq + 1));
  }
  if (unreadable) throw *unreadable;
  return verifier.head();
}

}  // namespace deploy
