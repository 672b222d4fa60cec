#include "simulation/memory_store.hpp"

#include <algorithm>

namespace deploy {

LedgerHead MemoryStore::current_head() const { return entries_.empty() ? LedgerHead{} : LedgerHead{entries_.back().seq, entries_.back().hash}; }

LedgerHead MemoryStore::head() {
  const std::lock_guard lock(mutex_);
  return current_head();
}

std::vector<LedgerEntry> MemoryStore::read(std::int64_t after, std::size_t limit) {
  const std::lock_guard lock(mutex_);
  const auto first = std::partition_point(entries_.begin(), entries_.end(), [after](const LedgerEntry& e) { return e.seq <= after; });
  const auto count = std::min<std::size_t>(limit, static_cast<std::size_t>(entries_.end() - first));
  return {first, first + static_cast<std::ptrdiff_t>(count)};
}

AppendResult MemoryStore::append(const LedgerHead& expected, const std::optional<LeaseClaim>& claim, const std::vector<LedgerEntry>& entries) {
  const std::lock_guard lock(mutex_);
  if (claim && held_row(*claim) == nullptr) return {AppendStatus::fenced, current_head()};
  if (expected != current_head()) return {AppendStatus::conflict, current_head()};
  entries_.insert(entries_.end(), entries.begin(), entries.end());
  return {AppendStatus::done, current_head()};
}

MemoryStore::Row* MemoryStore::held_row(const LeaseClaim& claim) {
  const auto row = leases_.find(claim.name);
  return row != leases_.end() && row->second.held && row->second.lease.token == claim.token ? &row->second : nullptr;
}

std::optional<Lease> MemoryStore::acquire(const std::string& name, const LeaseHolder& holder, std::chrono::milliseconds ttl, TimePoint now,
                                          const std::function<bool(const Lease&)>& may_take_over) {
  const std::lock_guard lock(mutex_);
  Row& row = leases_[name];
  if (row.held && now < row.lease.expires && !(may_take_over && may_take_over(row.lease))) return std::nullopt;
  row = Row{Lease{name, holder, row.lease.token + 1, now, now + ttl}, true};
  return row.lease;
}

bool MemoryStore::renew(const LeaseClaim& claim, std::chrono::milliseconds ttl, TimePoint now) {
  const std::lock_guard lock(mutex_);
  Row* row = held_row(claim);
  if (row != nullptr) row->lease.expires = now + ttl;
  return row != nullptr;
}

void MemoryStore::release(const LeaseClaim& claim) {
  const std::lock_guard lock(mutex_);
  if (Row* row = held_row(claim)) row->held = false;
}

std::optional<Lease> MemoryStore::lease(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto row = leases_.find(name);
  if (row == leases_.end() || !row->second.held) return std::nullopt;
  return row->second.lease;
}

std::optional<LedgerStore::Checkpoint> MemoryStore::checkpoint() {
  const std::lock_guard lock(mutex_);
  return checkpoint_;
}

void MemoryStore::save_checkpoint(const Checkpoint& checkpoint) {
  const std::lock_guard lock(mutex_);
  const auto stands_here = [&](const LedgerHead& head) {
    return std::any_of(entries_.begin(), entries_.end(), [&](const LedgerEntry& e) { return e.seq == head.seq && e.hash == head.hash; });
  };
  if (!checkpoint_ || checkpoint.head.seq >= checkpoint_->head.seq || !stands_here(checkpoint_->head)) checkpoint_ = checkpoint;
}

void MemoryStore::lose() {
  const std::lock_guard lock(mutex_);
  entries_.clear();
  leases_.clear();
  checkpoint_.reset();
}

}  // namespace deploy
