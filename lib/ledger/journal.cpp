#include "ledger/journal.hpp"

#include <fmt/format.h>

#include "deploy/error.hpp"
#include "ledger/entry.hpp"
#include "support/json.hpp"
#include "support/mutation.hpp"

namespace deploy {

namespace {
/// Entries read at once: they may hold evidence of some size, and memory is to stay small.
constexpr std::size_t kRefreshedPage = 100;

[[noreturn]] void bad_draft(const EntryDraft& draft, const std::string& why) {
  throw Error(ErrorCode::invalid_argument, "ledger", fmt::format("the ledger entry {} was not written: {}", draft.kind, why), {{"kind", draft.kind}});
}

std::string canonical_data(const EntryDraft& draft) {
  if (draft.data.size() > Journal::kMaxData)
    bad_draft(draft, fmt::format("its data has {} bytes, at most {} are kept in one entry", draft.data.size(), Journal::kMaxData));
  try {
    const json::Document document = json::parse("[" + draft.data + "]", "its data");  // in its line it is one level deeper
    if (document.Size() == 1 && document[0].IsObject()) return json::canonical(document[0]);
  } catch (const Error& e) {
    bad_draft(draft, e.what());
  }
  bad_draft(draft, "its data is no JSON object");
}

[[noreturn]] void fenced(const LeaseClaim& claim) {
  throw Error(ErrorCode::fenced, "ledger",
              fmt::format("the lease on {} was taken over or released (token {} is outdated): nothing was written, and this process must not act on "
                          "{} any more. Whoever holds the lease now goes on from what the ledger says", claim.name, claim.token, claim.name),
              {{"environment", claim.name}, {"token", std::to_string(claim.token)}});
}

[[noreturn]] void outdated() {
  throw Error(ErrorCode::conflict, "ledger", "somebody else wrote to the ledger at the same time and what was decided no longer holds: nothing was written. Look at the status and decide again");
}

[[noreturn]] void too_busy() {
  throw Error(ErrorCode::conflict, "ledger", fmt::format("others wrote to the ledger faster than this process, {} times in a row: nothing was written. Try again", Journal::kMaxAttempts));
}
}  // namespace

Journal::Journal(LedgerStore& store, Clock& clock, std::string actor, Observer on_entry, LedgerHead start)
    : store_(store), clock_(clock), actor_(std::move(actor)), on_entry_(std::move(on_entry)), chain_(std::move(start)) {}

LedgerHead Journal::head() const {
  const std::lock_guard lock(mutex_);
  return chain_.head();
}

bool Journal::has_written() const {
  const std::lock_guard lock(mutex_);
  return has_written_;
}

LedgerHead Journal::refresh() {
  const std::lock_guard lock(mutex_);
  take_in_new();
  return chain_.head();
}

void Journal::take_in_new() {
  for (;;) {
    const std::vector<LedgerEntry> page = store_.read(chain_.head().seq, kRefreshedPage);
    for (std::size_t i = 0; i < page.size(); ++i) take_in(page[i], std::span(page).subspan(i + 1));
    if (page.size() < kRefreshedPage) return;
  }
}

void Journal::take_in(const LedgerEntry& entry, std::span<const LedgerEntry> rest) {
  chain_.add(entry, rest);
  if (on_entry_) on_entry_(entry);
}

std::vector<LedgerEntry> Journal::prepare(const std::vector<EntryDraft>& drafts, const std::optional<LeaseClaim>& claim) const {
  std::vector<LedgerEntry> entries;
  for (const EntryDraft& draft : drafts) {
    LedgerEntry entry;
    entry.kind = draft.kind;
    entry.actor = actor_;
    entry.environment = draft.environment;
    entry.deployment = draft.deployment;
    entry.token = claim ? claim->token : 0;
    entry.data = canonical_data(draft);
    try {
      check_texts(entry);  // its data is canonical by now
    } catch (const Error& e) {
      bad_draft(draft, e.what());
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

std::vector<LedgerEntry> Journal::link(const std::vector<LedgerEntry>& entries) const {
  std::vector<LedgerEntry> linked = entries;
  const std::string time = to_rfc3339(clock_.now());
  LedgerHead head = chain_.head();
  for (LedgerEntry& entry : linked) {
    entry.seq = head.seq + 1;
    entry.time = time;
    entry.prev = head.hash;
    entry.hash = entry_hash(entry);
    head = {entry.seq, entry.hash};
  }
  return linked;
}

LedgerHead Journal::append(EntryDraft draft, const std::optional<LeaseClaim>& claim, const std::function<bool()>& still_valid) {
  return append(std::vector<EntryDraft>{std::move(draft)}, claim, still_valid);
}

LedgerHead Journal::append(const std::vector<EntryDraft>& drafts, const std::optional<LeaseClaim>& claim, const std::function<bool()>& still_valid) {
  const std::lock_guard lock(mutex_);
  const std::vector<LedgerEntry> entries = prepare(drafts, claim);
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    const std::vector<LedgerEntry> linked = link(entries);
    switch (store_.append(chain_.head(), mutated(Mutation::ignore_token) ? std::nullopt : claim, linked).status) {
      case AppendStatus::done:
        has_written_ = true;
        for (const LedgerEntry& entry : linked) {
          chain_.advance(entry);
          if (on_entry_) on_entry_(entry);
        }
        return chain_.head();
      case AppendStatus::fenced: fenced(*claim);
      case AppendStatus::conflict: break;
    }
    take_in_new();
    if (still_valid && !still_valid()) outdated();
  }
  too_busy();
}

}  // namespace deploy
