// The ledger's store as one process sees it.
#pragma once

#include <memory>

#include "simulation/process_ports.hpp"

namespace deploy::simulation {

/// A process that is dead, or dies in the call, appends nothing more (SimulatedCrash), but renews (false) and releases in
/// silence: the first is done by a thread of its own, the second by destructors, and neither may be left by an exception.
class ProcessStore final : public LedgerStore {
 public:
  ProcessStore(std::shared_ptr<Process> process, LedgerStore& store, LeaseBook& leases)
      : process_(std::move(process)), store_(store), leases_(leases) {}

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

 private:
  [[nodiscard]] bool holder_is_dead(const Lease& lease, const std::function<bool(const Lease&)>& otherwise) const;

  std::shared_ptr<Process> process_;
  LedgerStore& store_;
  LeaseBook& leases_;
};

}  // namespace deploy::simulation
