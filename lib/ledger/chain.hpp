// The hash chain: proves that nothing was changed, dropped, reordered or inserted, and names the first bad entry.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "deploy/ports/ledger_store.hpp"

namespace deploy {

enum class ChainFault {
  altered,    ///< the entry's bytes are not those that its hash was made of
  dropped,    ///< entries are missing before it
  reordered,  ///< the entry that belongs here stands further down
  inserted,   ///< an entry with this number stood here before
  replaced,   ///< sound by itself, but follows another entry than the one before it
  truncated,  ///< the end is missing: the expected head is further on
};
[[nodiscard]] std::string_view to_string(ChainFault fault);

/// What a person does about a chain that breaks: the end of every message that names the place.
inline constexpr std::string_view kAfterBreak =
    "Entries before it are sound, nothing was changed. Keep this ledger as evidence; put a backup in its place (an export or a noted head shows "
    "whether it is the right one), or move it away and rebuild what is live with `adopt`";

/// Checks entries one after the other. Throws Error{corrupt} at the first that does not fit; details `seq` (the number that
/// stands in the bad entry), `position` (the number that belongs there), `fault`, `expected` and `found` (hashes, or numbers
/// for dropped, reordered and inserted). The verifier stays at the last good entry.
class ChainVerifier {
 public:
  /// `start`: the head that is already trusted. `expected`: an exported head, which a sound ledger still contains.
  explicit ChainVerifier(LedgerHead start = {}, std::optional<LedgerHead> expected = std::nullopt);

  /// `rest`: what follows, as far as it is known, so that a reordered entry is told from a dropped one.
  void add(const LedgerEntry& entry, std::span<const LedgerEntry> rest = {});
  /// An entry that this process has checked and linked to head() itself.
  void advance(const LedgerEntry& own) { head_ = {own.seq, own.hash}; }
  void add_all(std::span<const LedgerEntry> entries);
  /// To be called at the end: throws when the expected head was not reached.
  void finish() const;
  [[nodiscard]] const LedgerHead& head() const noexcept { return head_; }

 private:
  void check_link(const LedgerEntry& entry) const;
  void check_expected() const;

  LedgerHead head_;
  std::optional<LedgerHead> expected_;
};

/// Checks the whole stored ledger, page by page, and returns its head.
LedgerHead verify_chain(LedgerStore& store, std::optional<LedgerHead> expected = std::nullopt);
/// Checks an export (lines of JSON) and returns its head. Details also have `line`, counted from 1.
LedgerHead verify_export(std::string_view json_lines, std::optional<LedgerHead> expected = std::nullopt);

}  // namespace deploy
