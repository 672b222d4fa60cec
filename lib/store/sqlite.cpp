#include "store/sqlite.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <new>

#include "deploy/error.hpp"
#include "deploy/time.hpp"

namespace deploy::sqlite {

namespace {
struct Fault {
  ErrorCode code;
  std::string what;
};

/// What the system said to the last call that failed. Of a failed write the file alone knows, and it may be the log (WAL).
int system_error(sqlite3* db) {
  if (db == nullptr) return 0;
  if (const int number = sqlite3_system_errno(db); number != 0) return number;
  int number = 0;
  sqlite3_file* log = nullptr;
  if (sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) == SQLITE_OK && log != nullptr && log->pMethods != nullptr)
    log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &number);
  return number;
}

std::string system_error_text(sqlite3* db) {
  const int number = system_error(db);
  return number != 0 ? fmt::format(" ({})", std::strerror(number)) : "";
}

/// A write that found no room (SQLite knows ENOSPC alone, and that not everywhere). A sync is another matter: then nobody knows.
bool is_full(sqlite3* db, int code) {
  const int number = system_error(db);
  if (number != ENOSPC && number != EDQUOT && number != EFBIG) return false;
  return code == SQLITE_IOERR_WRITE || code == SQLITE_IOERR_SHMSIZE || code == SQLITE_IOERR_SHMOPEN || code == SQLITE_IOERR_SHMMAP || code == SQLITE_IOERR_TRUNCATE;
}

Fault explain(sqlite3* db, int code, std::chrono::milliseconds patience) {
  const std::string system = system_error_text(db), said = db != nullptr ? sqlite3_errmsg(db) : sqlite3_errstr(code);
  switch (is_full(db, code) ? SQLITE_FULL : code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorCode::timeout, fmt::format("another process has kept it locked for {}. Nothing was written. See who has it open (fuser), then try again", to_string(patience))};
    case SQLITE_FULL: return {ErrorCode::io, "the disk or the quota is full. Nothing was written, what was recorded before is unharmed. Free space, then go on with `resume`"};
    case SQLITE_READONLY: return {ErrorCode::io, "it or its folder is read-only for this user. Nothing was written. Allow writing to the file and to its folder (SQLite keeps -wal and -shm beside it)"};
    case SQLITE_CANTOPEN: return {ErrorCode::io, fmt::format("it cannot be opened{}. Nothing was written. Look at the permissions of the file and its folder", system)};
    case SQLITE_PERM:
    case SQLITE_AUTH: return {ErrorCode::io, "this user may not access it. Nothing was written"};
    case SQLITE_NOTADB: return {ErrorCode::corrupt, "it is no SQLite database. It was left as it is. Look whether `state` names the right file; else put a backup in its place, or move it away and rebuild with `adopt`"};
    case SQLITE_CORRUPT: return {ErrorCode::corrupt, fmt::format("the database is damaged: {}. Put a backup in its place, or move it away and rebuild with `adopt`", said)};
    case SQLITE_IOERR: return {ErrorCode::io, fmt::format("the file system failed: {}{}. Whether the last change was written is unknown, the next run reads it anew", said, system)};
    case SQLITE_NOMEM: throw std::bad_alloc();
    case SQLITE_TOOBIG: return {ErrorCode::invalid_argument, "a value is too big for it. Nothing was written"};
    default: return {ErrorCode::internal, fmt::format("SQLite said: {}", said)};
  }
}
}  // namespace

Database::Database(std::string path, std::chrono::milliseconds patience) : path_(std::move(path)), patience_(patience) {
  sqlite3* db = nullptr;
  const int code = sqlite3_open_v2(path_.c_str(), &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  db_.reset(db);
  if (code != SQLITE_OK) fail(code, "open the ledger");
  if (sqlite3_db_readonly(db, "main") == 1) fail(SQLITE_READONLY, "open the ledger");
  sqlite3_extended_result_codes(db, 1);
  sqlite3_busy_timeout(db, static_cast<int>(patience_.count()));
}

void Database::fail(int code, std::string_view doing) const {
  const Fault fault = explain(db_.get(), code, patience_);
  throw Error(fault.code, "ledger", fmt::format("cannot {} in {}: {}", doing, path_, fault.what),
              {{"path", path_}, {"sqlite", sqlite3_errstr(code)}, {"sqlite_code", std::to_string(code)}});
}

void Database::run(const char* sql, std::string_view doing) {
  const int code = sqlite3_exec(db_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code, doing);
}

std::int64_t Database::number(const char* sql, std::string_view doing) {
  Statement statement(*this, sql, doing);
  return statement.step() ? statement.number(0) : 0;
}

std::string Database::text(const char* sql, std::string_view doing) {
  Statement statement(*this, sql, doing);
  return statement.step() ? statement.text(0) : "";
}

Statement::Statement(Database& db, const char* sql, std::string_view doing) : db_(db), doing_(doing) {
  sqlite3_stmt* statement = nullptr;
  check(sqlite3_prepare_v3(db.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr));
  statement_.reset(statement);
}

void Statement::check(int code) {
  if (code != SQLITE_OK) db_.fail(code, doing_);
}

Statement& Statement::reset() noexcept {
  sqlite3_reset(statement_.get());  // reports the last step's error once more; that one was thrown already
  sqlite3_clear_bindings(statement_.get());
  bound_ = 0;
  return *this;
}

Statement& Statement::bind(std::int64_t value) {
  check(sqlite3_bind_int64(statement_.get(), ++bound_, value));
  return *this;
}

Statement& Statement::bind(std::string_view value) {
  // With its length and as a copy: texts may hold NUL bytes, and an empty view may have no address.
  check(sqlite3_bind_text64(statement_.get(), ++bound_, value.empty() ? "" : value.data(), value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
  return *this;
}

bool Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) db_.fail(code, doing_);
  return false;
}

void Statement::run() {
  while (step()) {
  }
}

std::int64_t Statement::number(int column) const noexcept { return sqlite3_column_int64(statement_.get(), column); }

std::string Statement::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  return bytes == nullptr ? "" : std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column)));
}

Transaction::Transaction(Database& db, std::string_view doing) : db_(db), doing_(doing) { db_.run("BEGIN IMMEDIATE", doing_); }

Transaction::~Transaction() {
  // SQLite has rolled back by itself after some errors; otherwise a failed ROLLBACK leaves nothing committed either.
  if (sqlite3_get_autocommit(db_.get()) == 0) sqlite3_exec(db_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() { db_.run("COMMIT", doing_); }

}  // namespace deploy::sqlite
