#include "simulation/process_store.hpp"

namespace deploy::simulation {

namespace {
PortCall asks(const std::string& method, const std::string& subject = "") { return {.port = "store", .method = method, .subject = subject}; }

PortCall changes(const std::string& method, const std::string& subject) {
  PortCall call = asks(method, subject);
  call.mutating = true;
  return call;
}

std::string kinds(const std::vector<LedgerEntry>& entries) {
  std::string text;
  for (const LedgerEntry& entry : entries) text += (text.empty() ? "" : "+") + entry.kind;
  return text;
}
}  // namespace

LedgerHead ProcessStore::head() {
  return process_->call(asks("head"), {}, [&] { return store_.head(); });
}

std::vector<LedgerEntry> ProcessStore::read(std::int64_t after, std::size_t limit) {
  return process_->call(asks("read"), {}, [&] { return store_.read(after, limit); });
}

AppendResult ProcessStore::append(const LedgerHead& expected, const std::optional<LeaseClaim>& claim, const std::vector<LedgerEntry>& entries) {
  return process_->call(changes("append", kinds(entries)), {}, [&] { return store_.append(expected, claim, entries); });
}

std::optional<Lease> ProcessStore::acquire(const std::string& name, const LeaseHolder& holder, std::chrono::milliseconds ttl, TimePoint now,
                                           const std::function<bool(const Lease&)>& may_take_over) {
  return process_->call(changes("acquire", name), {}, [&] {
    auto lease = store_.acquire(name, holder, ttl, now, [&](const Lease& held) { return holder_is_dead(held, may_take_over); });
    if (lease) leases_.note(*lease, process_);
    return lease;
  });
}

bool ProcessStore::renew(const LeaseClaim& claim, std::chrono::milliseconds ttl, TimePoint now) {
  try {
    return process_->call(changes("renew", claim.name), {}, [&] { return store_.renew(claim, ttl, now); }, Process::Moves::others);
  } catch (const SimulatedCrash&) {
    return false;
  }
}

void ProcessStore::release(const LeaseClaim& claim) {
  try {
    process_->call(changes("release", claim.name), {}, [&] { store_.release(claim); });
  } catch (const SimulatedCrash&) {
    return;  // its next call will tell
  }
}

std::optional<Lease> ProcessStore::lease(const std::string& name) {
  return process_->call(asks("lease", name), {}, [&] { return store_.lease(name); });
}

std::optional<LedgerStore::Checkpoint> ProcessStore::checkpoint() {
  return process_->call(asks("checkpoint"), {}, [&] { return store_.checkpoint(); });
}

void ProcessStore::save_checkpoint(const Checkpoint& checkpoint) {
  process_->call(changes("save_checkpoint", ""), {}, [&] { store_.save_checkpoint(checkpoint); });
}

/// A dead process is seen as dead from its own machine at once; from another one its lease has to expire.
bool ProcessStore::holder_is_dead(const Lease& lease, const std::function<bool(const Lease&)>& otherwise) const {
  const auto holder = leases_.holder(lease);
  if (!holder) return otherwise && otherwise(lease);
  return !holder->alive() && holder->machine() == process_->machine();
}

}  // namespace deploy::simulation
