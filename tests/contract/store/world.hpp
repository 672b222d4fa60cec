// The two stores under one roof, and entries to put into them.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "deploy/ports/ledger_store.hpp"
#include "ledger/entry.hpp"
#include "simulation/memory_store.hpp"
#include "store/sqlite_store.hpp"
#include "support/hash.hpp"

namespace deploy::test {

/// A folder that goes with its owner.
class TemporaryFolder {
 public:
  TemporaryFolder() : path_(std::filesystem::temp_directory_path() / ("libdeploy-store-" + random_hex(8))) { std::filesystem::create_directory(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code gone;
    std::filesystem::remove_all(path_, gone);
  }
  [[nodiscard]] std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

struct Memory {
  std::unique_ptr<LedgerStore> store = std::make_unique<MemoryStore>();
  void reopen() {}
};

struct Sqlite {
  TemporaryFolder folder;
  std::string file = folder / "state/ledger.db";
  std::unique_ptr<LedgerStore> store = open_sqlite_store(file);
  void reopen() {
    store.reset();
    store = open_sqlite_store(file);
  }
};

/// `count` linked entries that follow `head`.
inline std::vector<LedgerEntry> entries_after(LedgerHead head, int count, const std::string& data = "{}", std::int64_t token = 0) {
  std::vector<LedgerEntry> entries;
  for (int i = 0; i < count; ++i) {
    LedgerEntry e{head.seq + 1, "2026-11-22T22:00:00.000Z", "step_done", "alice", "staging", "d1", token, data, head.hash, ""};
    e.hash = entry_hash(e);
    head = {e.seq, e.hash};
    entries.push_back(e);
  }
  return entries;
}

inline AppendResult append(LedgerStore& store, int count, const std::optional<LeaseClaim>& claim = std::nullopt) {
  return store.append(store.head(), claim, entries_after(store.head(), count));
}

inline constexpr std::chrono::seconds kTtl{60};
inline const TimePoint kNoon = parse_rfc3339("2026-11-22T12:00:00Z");

inline LeaseHolder holder(const std::string& actor) { return {actor, "web1/id/boot/pid", 4711, "99"}; }
inline bool alive(const Lease&) { return false; }
inline bool dead(const Lease&) { return true; }

}  // namespace deploy::test
