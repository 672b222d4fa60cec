#include "store/sqlite_store.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <mutex>

#include "deploy/error.hpp"
#include "store/sqlite.hpp"
#include "store/sqlite_schema.hpp"

namespace deploy {

namespace {
using sqlite::Database;
using sqlite::Statement;
using sqlite::Transaction;
using sqlite::Use;
using std::chrono::milliseconds;

std::int64_t to_number(TimePoint time) { return time.time_since_epoch().count(); }
TimePoint to_time(std::int64_t number) { return TimePoint{milliseconds{number}}; }

LedgerEntry read_entry(const Statement& row) {
  LedgerEntry entry;
  entry.seq = row.number(0);
  entry.time = row.text(1);
  entry.kind = row.text(2);
  entry.actor = row.text(3);
  entry.environment = row.text(4);
  entry.deployment = row.text(5);
  entry.token = row.number(6);
  entry.data = row.text(7);
  entry.prev = row.text(8);
  entry.hash = row.text(9);
  return entry;
}

void write_entry(Statement& statement, const LedgerEntry& e) {
  const Use use(statement);
  statement.bind(e.seq).bind(e.time).bind(e.kind).bind(e.actor).bind(e.environment).bind(e.deployment).bind(e.token);
  statement.bind(e.data).bind(e.prev).bind(e.hash).run();
}

/// A row of `leases`: the token outlives the holder.
struct LeaseRow {
  Lease lease;
  bool held = false;
};

LeaseRow read_lease(const Statement& row, const std::string& name) {
  LeaseRow out;
  out.lease = Lease{name, LeaseHolder{row.text(2), row.text(3), row.number(4), row.text(5)}, row.number(0), to_time(row.number(6)), to_time(row.number(7))};
  out.held = row.number(1) != 0;
  return out;
}

/// The statements, prepared once.
struct Statements {
  explicit Statements(Database& db)
      : head(db, "SELECT seq, hash FROM entries ORDER BY seq DESC LIMIT 1", "read the ledger's head"),
        read(db, "SELECT seq,time,kind,actor,environment,deployment,token,data,prev,hash FROM entries WHERE seq > ? ORDER BY seq LIMIT ?", "read the ledger"),
        insert(db, "INSERT INTO entries(seq,time,kind,actor,environment,deployment,token,data,prev,hash) VALUES(?,?,?,?,?,?,?,?,?,?)", "append to the ledger"),
        lease(db, "SELECT token,held,actor,machine,process,process_start,since_ms,expires_ms FROM leases WHERE name = ?", "read a lease"),
        take(db, "INSERT OR REPLACE INTO leases(name,token,held,actor,machine,process,process_start,since_ms,expires_ms) VALUES(?,?,1,?,?,?,?,?,?)", "take a lease"),
        renew(db, "UPDATE leases SET expires_ms = ? WHERE name = ? AND token = ? AND held = 1", "renew a lease"),
        release(db, "UPDATE leases SET held = 0 WHERE name = ? AND token = ?", "release a lease"),
        checkpoint(db, "SELECT seq, hash, state FROM checkpoint WHERE id = 1", "read the ledger's checkpoint"),
        save_checkpoint(db, "INSERT OR REPLACE INTO checkpoint(id,seq,hash,state) VALUES(1,?,?,?)", "write the ledger's checkpoint") {}

  Statement head, read, insert, lease, take, renew, release, checkpoint, save_checkpoint;
};

class SqliteStore final : public LedgerStore {
 public:
  SqliteStore(const std::string& path, milliseconds patience) : db_(opened(path, patience)), sql_(db_), file_(identity()) {}

  LedgerHead head() override {
    const std::lock_guard lock(mutex_);
    return read_head();
  }
  std::vector<LedgerEntry> read(std::int64_t after, std::size_t limit) override;
  AppendResult append(const LedgerHead& expected, const std::optional<LeaseClaim>& claim, const std::vector<LedgerEntry>& entries) override;
  std::optional<Lease> acquire(const std::string& name, const LeaseHolder& holder, milliseconds ttl, TimePoint now,
                               const std::function<bool(const Lease&)>& may_take_over) override;
  bool renew(const LeaseClaim& claim, milliseconds ttl, TimePoint now) override;
  void release(const LeaseClaim& claim) override;
  std::optional<Lease> lease(const std::string& name) override;
  std::optional<Checkpoint> checkpoint() override;
  void save_checkpoint(const Checkpoint& checkpoint) override;

 private:
  struct FileIdentity {
    dev_t device = 0;
    ino_t inode = 0;
    bool operator==(const FileIdentity&) const = default;
  };

  static Database opened(const std::string& path, milliseconds patience);
  [[nodiscard]] FileIdentity identity() const;
  void check_file_in_place() const;
  LedgerHead read_head();
  std::optional<LeaseRow> read_lease_row(const std::string& name);
  bool holds(const LeaseClaim& claim);
  void write_lease(const Lease& lease);

  std::mutex mutex_;
  Database db_;
  Statements sql_;
  FileIdentity file_;
};

Database SqliteStore::opened(const std::string& path, milliseconds patience) {
  sqlite::make_file(path);
  Database db(path, patience);
  sqlite::prepare(db);
  return db;
}

SqliteStore::FileIdentity SqliteStore::identity() const {
  struct stat status {};
  if (::stat(db_.path().c_str(), &status) != 0) return {};
  return {status.st_dev, status.st_ino};
}

/// A deleted or replaced file goes on working for us, unseen by everybody else: two processes would each have "the" lease.
void SqliteStore::check_file_in_place() const {
  if (identity() == file_) return;
  throw Error(ErrorCode::io, "ledger", fmt::format("the ledger {} was removed or replaced while it was open. Nothing was written to it. Put it back, then go on with `resume`", db_.path()), {{"path", db_.path()}});
}

LedgerHead SqliteStore::read_head() {
  const Use row(sql_.head);
  return row->step() ? LedgerHead{row->number(0), row->text(1)} : LedgerHead{};
}

std::vector<LedgerEntry> SqliteStore::read(std::int64_t after, std::size_t limit) {
  const std::lock_guard lock(mutex_);
  const Use rows(sql_.read);
  rows->bind(after).bind(static_cast<std::int64_t>(std::min<std::size_t>(limit, std::numeric_limits<int>::max())));
  std::vector<LedgerEntry> entries;
  while (rows->step()) entries.push_back(read_entry(sql_.read));
  return entries;
}

AppendResult SqliteStore::append(const LedgerHead& expected, const std::optional<LeaseClaim>& claim, const std::vector<LedgerEntry>& entries) {
  const std::lock_guard lock(mutex_);
  check_file_in_place();
  Transaction transaction(db_, "append to the ledger");
  const LedgerHead head = read_head();
  if (claim && !holds(*claim)) return {AppendStatus::fenced, head};
  if (head != expected) return {AppendStatus::conflict, head};
  for (const LedgerEntry& entry : entries) write_entry(sql_.insert, entry);
  transaction.commit();
  return {AppendStatus::done, entries.empty() ? head : LedgerHead{entries.back().seq, entries.back().hash}};
}

std::optional<LeaseRow> SqliteStore::read_lease_row(const std::string& name) {
  const Use row(sql_.lease);
  if (!row->bind(name).step()) return std::nullopt;
  return read_lease(sql_.lease, name);
}

bool SqliteStore::holds(const LeaseClaim& claim) {
  const auto row = read_lease_row(claim.name);
  return row && row->held && row->lease.token == claim.token;
}

void SqliteStore::write_lease(const Lease& lease) {
  const Use statement(sql_.take);
  statement->bind(lease.name).bind(lease.token).bind(lease.holder.actor).bind(lease.holder.machine).bind(lease.holder.process);
  statement->bind(lease.holder.process_start).bind(to_number(lease.since)).bind(to_number(lease.expires)).run();
}

std::optional<Lease> SqliteStore::acquire(const std::string& name, const LeaseHolder& holder, milliseconds ttl, TimePoint now,
                                          const std::function<bool(const Lease&)>& may_take_over) {
  const std::lock_guard lock(mutex_);
  check_file_in_place();
  Transaction transaction(db_, "take a lease");
  const auto row = read_lease_row(name);
  if (row && row->held && now < row->lease.expires && !(may_take_over && may_take_over(row->lease))) return std::nullopt;
  const Lease lease{name, holder, row ? row->lease.token + 1 : 1, now, now + ttl};
  write_lease(lease);
  transaction.commit();
  return lease;
}

bool SqliteStore::renew(const LeaseClaim& claim, milliseconds ttl, TimePoint now) {
  const std::lock_guard lock(mutex_);
  check_file_in_place();
  Transaction transaction(db_, "renew a lease");
  if (!holds(claim)) return false;
  Use(sql_.renew)->bind(to_number(now + ttl)).bind(claim.name).bind(claim.token).run();
  transaction.commit();
  return true;
}

void SqliteStore::release(const LeaseClaim& claim) {
  const std::lock_guard lock(mutex_);
  check_file_in_place();
  Transaction transaction(db_, "release a lease");
  Use(sql_.release)->bind(claim.name).bind(claim.token).run();
  transaction.commit();
}

std::optional<Lease> SqliteStore::lease(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto row = read_lease_row(name);
  if (!row || !row->held) return std::nullopt;
  return row->lease;
}

std::optional<LedgerStore::Checkpoint> SqliteStore::checkpoint() {
  const std::lock_guard lock(mutex_);
  const Use row(sql_.checkpoint);
  if (!row->step()) return std::nullopt;
  return Checkpoint{{row->number(0), row->text(1)}, row->text(2)};
}

void SqliteStore::save_checkpoint(const Checkpoint& checkpoint) {
  const std::lock_guard lock(mutex_);
  check_file_in_place();
  Transaction transaction(db_, "write the ledger's checkpoint");
  // An older one that comes late does not replace a newer one, unless that one belongs to no entry here.
  const std::int64_t kept = db_.number("SELECT seq FROM checkpoint JOIN entries USING (seq, hash) WHERE id = 1", "read the ledger's checkpoint");
  if (checkpoint.head.seq < kept) return;
  Use(sql_.save_checkpoint)->bind(checkpoint.head.seq).bind(checkpoint.head.hash).bind(checkpoint.state).run();
  transaction.commit();
}
}  // namespace

std::unique_ptr<LedgerStore> open_sqlite_store(const std::string& path, milliseconds patience) {
  // Absolute, so that the host program may change its working directory.
  return std::make_unique<SqliteStore>(std::filesystem::absolute(path).string(), patience);
}

}  // namespace deploy
