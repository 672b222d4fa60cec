// Writes to the ledger and follows what others write: numbers, links, conflicts, retries.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "deploy/ports/clock.hpp"
#include "deploy/ports/ledger_store.hpp"
#include "ledger/chain.hpp"

namespace deploy {

/// What an entry says, before it has a place in the chain.
struct EntryDraft {
  std::string kind;
  std::string environment;  ///< "" where it belongs to none
  std::string deployment;   ///< ""
  std::string data = "{}";  ///< a JSON object in any layout; made canonical on the way in
};

/// One writer and reader of a ledger. Thread-safe. The observer sees every entry exactly once and in order, own and foreign,
/// before the call that brought it in returns: a state folded from it is up to date then. The observer and `still_valid`
/// are called under the journal's lock and must not call the journal. An observer that throws is not shown the entry again.
class Journal {
 public:
  using Observer = std::function<void(const LedgerEntry&)>;

  /// No bigger data in one entry: whoever records logs as evidence cuts them first.
  static constexpr std::size_t kMaxData = 4u << 20;
  /// A conflict costs somebody else's successful append; this many in a row is not contention but a fault.
  static constexpr int kMaxAttempts = 100;

  /// The store and the clock outlive the journal. `start`: the trusted head up to which the observer knows already (a checkpoint).
  Journal(LedgerStore& store, Clock& clock, std::string actor, Observer on_entry = {}, LedgerHead start = {});

  /// Reads what is new, checks its chain and shows it to the observer. Throws Error{corrupt} at a broken chain.
  LedgerHead refresh();

  /// Appends all drafts or none, on the newest head: when others were faster their entries are taken in, `still_valid`
  /// is asked whether the drafts still hold (absent: they do), and it is tried again. Throws Error{fenced} when the
  /// claim's lease was lost, {conflict} when the drafts no longer hold, {invalid_argument} for malformed or too big data;
  /// nothing is written then.
  LedgerHead append(const std::vector<EntryDraft>& drafts, const std::optional<LeaseClaim>& claim = std::nullopt,
                    const std::function<bool()>& still_valid = {});
  LedgerHead append(EntryDraft draft, const std::optional<LeaseClaim>& claim = std::nullopt, const std::function<bool()>& still_valid = {});

  /// The newest entry that the observer has seen.
  [[nodiscard]] LedgerHead head() const;
  [[nodiscard]] const std::string& actor() const noexcept { return actor_; }
  /// True once it has appended anything itself.
  [[nodiscard]] bool has_written() const;

 private:
  void take_in_new();
  void take_in(const LedgerEntry& entry, std::span<const LedgerEntry> rest = {});
  [[nodiscard]] std::vector<LedgerEntry> link(const std::vector<LedgerEntry>& entries) const;
  [[nodiscard]] std::vector<LedgerEntry> prepare(const std::vector<EntryDraft>& drafts, const std::optional<LeaseClaim>& claim) const;

  LedgerStore& store_;
  Clock& clock_;
  const std::string actor_;
  const Observer on_entry_;
  mutable std::mutex mutex_;
  ChainVerifier chain_;
  bool has_written_ = false;
};

}  // namespace deploy
