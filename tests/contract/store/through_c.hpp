// The store in memory behind a C table and back: what a program's own store in C has to do, and what is lost on the way (nothing).
#pragma once

#include "capi/ports.hpp"
#include "capi/records.hpp"
#include "world.hpp"

namespace deploy::test {

namespace c_store {
inline LedgerStore& of(void* user_data) { return *static_cast<LedgerStore*>(user_data); }
inline std::chrono::milliseconds left(std::int64_t until, TimePoint now) { return std::chrono::milliseconds(until) - now.time_since_epoch(); }

inline void give_head(const LedgerHead& head, deploy_ledger_head* out) {
  out->seq = head.seq;
  std::copy(head.hash.c_str(), head.hash.c_str() + head.hash.size() + 1, out->hash);
}

inline deploy_lease record_of(const Lease& lease) {
  return {sizeof(deploy_lease), lease.name.c_str(), lease.holder.actor.c_str(), lease.holder.machine.c_str(), lease.holder.process_start.c_str(),
          lease.holder.process, lease.token, lease.since.time_since_epoch().count(), lease.expires.time_since_epoch().count()};
}

inline deploy_status head(void* store, deploy_ledger_head* out, deploy_error** error) {
  return capi::guard(error, [&] { give_head(of(store).head(), out); });
}

inline deploy_status read(void* store, std::int64_t after, std::size_t limit, deploy_call* call, deploy_error** error) {
  return capi::guard(error, [&] {
    for (const LedgerEntry& entry : of(store).read(after, limit)) {
      const deploy_ledger_entry record = capi::record_of(entry);
      static_cast<void>(deploy_call_give_entry(call, &record));
    }
  });
}

inline deploy_status append(void* store, const deploy_ledger_head* expected, const char* lease, std::int64_t token, const deploy_ledger_entry* const* entries,
                            std::size_t count, deploy_error** error) {
  return capi::guard(error, [&] {
    std::vector<LedgerEntry> all;
    for (const auto* e : std::vector(entries, entries + count)) all.push_back({e->seq, e->time, e->kind, e->actor, e->environment, e->deployment, e->token, e->data, e->prev, e->hash});
    const auto claim = lease == nullptr ? std::nullopt : std::optional(LeaseClaim{lease, token});
    const AppendStatus status = of(store).append({expected->seq, expected->hash}, claim, all).status;
    return status == AppendStatus::done ? DEPLOY_OK : status == AppendStatus::conflict ? DEPLOY_CONFLICT : DEPLOY_FENCED;
  });
}

inline deploy_status acquire(void* store, const deploy_lease* wanted, deploy_take_over_fn may, void* context, std::int64_t* out_token, deploy_error** error) {
  return capi::guard(error, [&] {
    const TimePoint now{std::chrono::milliseconds(wanted->since)};
    const auto ask = [&](const Lease& lease) {
      const deploy_lease record = record_of(lease);
      return may(&record, context) != 0;
    };
    const auto lease = of(store).acquire(wanted->name, {wanted->actor, wanted->machine, wanted->process, wanted->process_start}, left(wanted->expires, now), now, ask);
    if (lease) *out_token = lease->token;
  });
}

inline deploy_status renew(void* store, const char* name, std::int64_t token, std::int64_t expires, std::int32_t* out_held, deploy_error** error) {
  return capi::guard(error, [&] { *out_held = of(store).renew({name, token}, std::chrono::milliseconds(expires), TimePoint{}) ? 1 : 0; });
}

inline deploy_status release(void* store, const char* name, std::int64_t token, deploy_error** error) {
  return capi::guard(error, [&] { of(store).release({name, token}); });
}

inline deploy_status lease(void* store, const char* name, deploy_call* call, deploy_error** error) {
  return capi::guard(error, [&] {
    const auto found = of(store).lease(name);
    if (!found) return;
    const deploy_lease record = record_of(*found);
    static_cast<void>(deploy_call_give_lease(call, &record));
  });
}

inline deploy_status checkpoint(void* store, deploy_call* call, deploy_error** error) {
  return capi::guard(error, [&] {
    const auto found = of(store).checkpoint();
    if (!found) return;
    deploy_ledger_head head = DEPLOY_LEDGER_HEAD_INIT;
    give_head(found->head, &head);
    static_cast<void>(deploy_call_give_checkpoint(call, &head, found->state.data(), found->state.size()));
  });
}

inline deploy_status save_checkpoint(void* store, const deploy_ledger_head* head, const char* state, std::size_t length, deploy_error** error) {
  return capi::guard(error, [&] { of(store).save_checkpoint({{head->seq, head->hash}, std::string(state, length)}); });
}

inline deploy_ledger_store table(LedgerStore& store) {
  return {sizeof(deploy_ledger_store), &store, nullptr, head, read, append, acquire, renew, release, lease, checkpoint, save_checkpoint};
}
}  // namespace c_store

struct ThroughC {
  MemoryStore inner;
  std::unique_ptr<LedgerStore> store = capi::make_store(c_store::table(inner), {});
  void reopen() { store = capi::make_store(c_store::table(inner), {}); }
};

}  // namespace deploy::test
