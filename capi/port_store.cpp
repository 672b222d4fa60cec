// A ledger store of the program's own.
#include <cstring>

#include "capi/guard.hpp"
#include "capi/ports.hpp"
#include "capi/records.hpp"

namespace deploy::capi {

LedgerHead head_of(const deploy_ledger_head &given) {
  const auto *end = static_cast<const char *>(std::memchr(given.hash, 0, sizeof(given.hash)));
  return {given.seq, std::string(given.hash, end ? static_cast<std::size_t>(end - given.hash) : sizeof(given.hash))};
}

namespace {

deploy_ledger_head record_of(const LedgerHead &value) {
  deploy_ledger_head record = DEPLOY_LEDGER_HEAD_INIT;
  record.seq = value.seq;
  const std::size_t length = std::min(value.hash.size(), sizeof(record.hash) - 1);
  std::memcpy(record.hash, value.hash.data(), length);
  record.hash[length] = '\0';
  return record;
}

deploy_lease record_of(const Lease &value) {
  deploy_lease record = DEPLOY_LEASE_INIT;
  record.name = value.name.c_str();
  record.actor = value.holder.actor.c_str();
  record.machine = value.holder.machine.c_str();
  record.process_start = value.holder.process_start.c_str();
  record.process = value.holder.process;
  record.token = value.token;
  record.since = ms(value.since);
  record.expires = ms(value.expires);
  return record;
}

/// Asks the library's own question from within the program's function; no exception passes through that.
struct TakeOver {
  const std::function<bool(const Lease &)> &may;
  std::exception_ptr thrown;

  static std::int32_t ask(const deploy_lease *lease, void *context) noexcept {
    auto &self = *static_cast<TakeOver *>(context);
    try {
      deploy_call call;
      std::vector<Lease> leases;
      call.leases = &leases;
      if (deploy_call_give_lease(&call, lease) != DEPLOY_OK) std::rethrow_exception(call.broken);
      return self.may && self.may(leases.front()) ? 1 : 0;
    } catch (...) {
      self.thrown = std::current_exception();
      return 0;
    }
  }
};

/// A text with a NUL in it would arrive in pieces, and its hash would not hold.
deploy_ledger_entry whole(const LedgerEntry &entry) {
  for (const std::string *text : {&entry.actor, &entry.environment, &entry.deployment, &entry.data})
    if (text->find('\0') != std::string::npos)
      throw Error(ErrorCode::unsupported, "ledger", "a text with a NUL byte cannot be kept by a ledger store that is written in C; nothing was recorded");
  return capi::record_of(entry);
}

class StorePort final : public LedgerStore {
 public:
  StorePort(const deploy_ledger_store &given, Owner owner) : owner_(std::move(owner)), table_(options<deploy_ledger_store>(&given, DEPLOY_LEDGER_STORE_INIT)) {
    demand(table_.head, "ledger_store.head");
    demand(table_.read, "ledger_store.read");
    demand(table_.append, "ledger_store.append");
    demand(table_.acquire, "ledger_store.acquire");
    demand(table_.renew, "ledger_store.renew");
    demand(table_.release, "ledger_store.release");
    demand(table_.lease, "ledger_store.lease");
    if (table_.save_checkpoint) demand(table_.checkpoint, "ledger_store.checkpoint");
    if (table_.checkpoint) demand(table_.save_checkpoint, "ledger_store.save_checkpoint");
  }

  LedgerHead head() override {
    deploy_ledger_head out = DEPLOY_LEDGER_HEAD_INIT;
    deploy_error *error = nullptr;
    const deploy_status status = table_.head(table_.user_data, &out, &error);
    conclude("ledger_store.head", status, error);
    return head_of(out);
  }

  std::vector<LedgerEntry> read(std::int64_t after, std::size_t limit) override {
    std::vector<LedgerEntry> entries;
    deploy_call call;
    call.entries = &entries;
    deploy_error *error = nullptr;
    const deploy_status status = table_.read(table_.user_data, after, limit, &call, &error);
    conclude("ledger_store.read", status, error, &call);
    return entries;
  }

  AppendResult append(const LedgerHead &expected, const std::optional<LeaseClaim> &claim, const std::vector<LedgerEntry> &entries) override {
    const deploy_ledger_head head = record_of(expected);
    std::vector<deploy_ledger_entry> records;
    std::vector<const deploy_ledger_entry *> pointers;
    for (const auto &entry : entries) records.push_back(whole(entry));
    for (const auto &record : records) pointers.push_back(&record);
    deploy_error *error = nullptr;
    const deploy_status status =
        table_.append(table_.user_data, &head, claim ? claim->name.c_str() : nullptr, claim ? claim->token : 0, pointers.data(), pointers.size(), &error);
    return appended(status, error, entries.empty() ? expected : LedgerHead{entries.back().seq, entries.back().hash});
  }

  std::optional<Lease> acquire(const std::string &name, const LeaseHolder &holder, std::chrono::milliseconds ttl, TimePoint now,
                               const std::function<bool(const Lease &)> &may_take_over) override {
    Lease lease{name, holder, 0, now, now + ttl};
    const deploy_lease wanted = record_of(lease);
    TakeOver context{may_take_over, nullptr};
    deploy_error *error = nullptr;
    const deploy_status status = table_.acquire(table_.user_data, &wanted, TakeOver::ask, &context, &lease.token, &error);
    conclude("ledger_store.acquire", status, error);
    if (context.thrown) std::rethrow_exception(context.thrown);
    if (lease.token == 0) return std::nullopt;
    return lease;
  }

  bool renew(const LeaseClaim &claim, std::chrono::milliseconds ttl, TimePoint now) override {
    std::int32_t held = 1;
    deploy_error *error = nullptr;
    const deploy_status status = table_.renew(table_.user_data, claim.name.c_str(), claim.token, ms(now + ttl), &held, &error);
    conclude("ledger_store.renew", status, error);
    return held != 0;
  }

  void release(const LeaseClaim &claim) override {
    deploy_error *error = nullptr;
    const deploy_status status = table_.release(table_.user_data, claim.name.c_str(), claim.token, &error);
    conclude("ledger_store.release", status, error);
  }

  std::optional<Lease> lease(const std::string &name) override {
    std::vector<Lease> leases;
    deploy_call call;
    call.leases = &leases;
    deploy_error *error = nullptr;
    const deploy_status status = table_.lease(table_.user_data, name.c_str(), &call, &error);
    conclude("ledger_store.lease", status, error, &call);
    return one(std::move(leases));
  }

  std::optional<Checkpoint> checkpoint() override {
    if (!table_.checkpoint) return std::nullopt;
    std::vector<Checkpoint> checkpoints;
    deploy_call call;
    call.checkpoints = &checkpoints;
    deploy_error *error = nullptr;
    const deploy_status status = table_.checkpoint(table_.user_data, &call, &error);
    conclude("ledger_store.checkpoint", status, error, &call);
    return one(std::move(checkpoints));
  }

  void save_checkpoint(const Checkpoint &checkpoint) override {
    if (!table_.save_checkpoint) return;
    const deploy_ledger_head head = record_of(checkpoint.head);
    deploy_error *error = nullptr;
    const deploy_status status = table_.save_checkpoint(table_.user_data, &head, checkpoint.state.c_str(), checkpoint.state.size(), &error);
    conclude("ledger_store.save_checkpoint", status, error);
  }

 private:
  AppendResult appended(deploy_status status, deploy_error *error, LedgerHead done) {
    if (status == DEPLOY_CONFLICT || status == DEPLOY_FENCED) {
      deploy_error_free(error);
      return {status == DEPLOY_CONFLICT ? AppendStatus::conflict : AppendStatus::fenced, head()};
    }
    conclude("ledger_store.append", status, error);
    return {AppendStatus::done, std::move(done)};
  }

  Owner owner_;
  deploy_ledger_store table_;
};

}  // namespace

std::unique_ptr<LedgerStore> make_store(const deploy_ledger_store &given, Owner owner) { return std::make_unique<StorePort>(given, std::move(owner)); }

}  // namespace deploy::capi
