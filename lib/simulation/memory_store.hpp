// A ledger store in memory, for tests and simulations.
#pragma once

#include <map>
#include <mutex>

#include "deploy/ports/ledger_store.hpp"

namespace deploy {

/// Behaves as the SQLite store does (tests/contract/store), but for durability. Thread-safe.
class MemoryStore final : public LedgerStore {
 public:
  LedgerHead head() override;
  std::vector<LedgerEntry> read(std::int64_t after, std::size_t limit) override;
  AppendResult append(const LedgerHead& expected, const std::optional<LeaseClaim>& claim, const std::vector<LedgerEntry>& entries) override;
  std::optional<Lease> acquire(const std::string& name, const LeaseHolder& holder, std::chrono::milliseconds ttl, TimePoint now,
                               const std::function<bool(const Lease&)>& may_take_over) override;
  bool renew(const LeaseClaim& claim, std::chrono::milliseconds ttl, TimePoint now) override;
  void release(const LeaseClaim& claim) override;
  std::optional<Lease> lease(const std::string& name) override;
  std::optional<Checkpoint> checkpoint() override;
  void save_checkpoint(const Checkpoint& checkpoint) override;

  /// Somebody deletes it all: entries, leases, checkpoint.
  void lose();

 private:
  struct Row {
    Lease lease;
    bool held = false;
  };
  [[nodiscard]] LedgerHead current_head() const;
  [[nodiscard]] Row* held_row(const LeaseClaim& claim);

  std::mutex mutex_;
  std::vector<LedgerEntry> entries_;
  std::map<std::string, Row> leases_;  // a row stays when its lease is released: the token goes on rising
  std::optional<Checkpoint> checkpoint_;
};

}  // namespace deploy
