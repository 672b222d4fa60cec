// Port: where the ledger and the leases are kept.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "deploy/time.hpp"

namespace deploy {

/// One line of the ledger. `hash` is SHA-256 over the canonical bytes of the rest (lib/ledger/entry.hpp). Since: 0.9
struct LedgerEntry {
  std::int64_t seq = 0;        ///< 1, 2, 3 ...
  std::string time;            ///< RFC 3339 UTC, ms
  std::string kind;            ///< "deployment_started", "step_intended" ...
  std::string actor;
  std::string environment;     ///< "" where it belongs to none
  std::string deployment;      ///< ""
  std::int64_t token = 0;      ///< fencing token it was written under, 0 for entries that need none
  std::string data = "{}";     ///< canonical JSON object
  std::string prev;            ///< hash of the entry before; 64 zeros for the first
  std::string hash;
  bool operator==(const LedgerEntry&) const = default;
};

struct LedgerHead {
  std::int64_t seq = 0;
  std::string hash = std::string(64, '0');
  bool operator==(const LedgerHead&) const = default;
};
/// "SEQ:HASH". Since: 0.9
[[nodiscard]] std::string to_string(const LedgerHead& head);
/// Throws Error{invalid_argument} for anything else. Since: 0.9
[[nodiscard]] LedgerHead parse_ledger_head(std::string_view text);

/// The right under which entries are appended: they are refused when the lease's token is no longer the newest. Since: 0.9
struct LeaseClaim {
  std::string name;         ///< the environment
  std::int64_t token = 0;
};

enum class AppendStatus {
  done,
  conflict,  ///< the head is another by now: read on, fold, decide again
  fenced,    ///< the lease was taken over or released: stop acting
};

struct AppendResult {
  AppendStatus status = AppendStatus::done;
  LedgerHead head;  ///< the store's head after the call
};

/// Who holds a lease. Since: 0.9
struct LeaseHolder {
  std::string actor, machine;   ///< machine: a stable id of the host, with its boot id
  std::int64_t process = 0;     ///< pid
  std::string process_start;    ///< start time of that pid, so that a reused pid is not taken for the holder
  bool operator==(const LeaseHolder&) const = default;
};

struct Lease {
  std::string name;
  LeaseHolder holder;
  std::int64_t token = 0;
  TimePoint since{}, expires{};
};

/// Ledger and leases. Every method is atomic and durable when it returns. Thread-safe. Throws Error{io, corrupt, timeout}
/// with area "ledger". Since: 0.9
class LedgerStore {
 public:
  virtual ~LedgerStore() = default;

  [[nodiscard]] virtual LedgerHead head() = 0;
  /// Entries with seq > after, in order, at most `limit`.
  [[nodiscard]] virtual std::vector<LedgerEntry> read(std::int64_t after, std::size_t limit) = 0;
  /// Appends all or nothing. The entries are complete (seq, prev, hash follow `expected`). With a claim, its token is checked in the same transaction.
  virtual AppendResult append(const LedgerHead& expected, const std::optional<LeaseClaim>& claim, const std::vector<LedgerEntry>& entries) = 0;

  /// Takes the lease if it is free, expired at `now`, or `may_take_over(holder)` says that its holder is dead. The token is
  /// higher than every earlier one of that name. nullopt when somebody else holds it (ask lease() who).
  [[nodiscard]] virtual std::optional<Lease> acquire(const std::string& name, const LeaseHolder& holder, std::chrono::milliseconds ttl, TimePoint now,
                                                     const std::function<bool(const Lease&)>& may_take_over) = 0;
  /// False when the lease is no longer ours.
  [[nodiscard]] virtual bool renew(const LeaseClaim& claim, std::chrono::milliseconds ttl, TimePoint now) = 0;
  virtual void release(const LeaseClaim& claim) = 0;
  /// The current holder, expired or not; nullopt when nobody holds it.
  [[nodiscard]] virtual std::optional<Lease> lease(const std::string& name) = 0;

  /// Newest checkpoint (an opaque text that folds entries up to `seq`), nullopt when there is none.
  struct Checkpoint { LedgerHead head; std::string state; };
  [[nodiscard]] virtual std::optional<Checkpoint> checkpoint() = 0;
  /// Keeps it unless a newer one that stands at an entry of this ledger is kept already.
  virtual void save_checkpoint(const Checkpoint& checkpoint) = 0;
};

}  // namespace deploy
