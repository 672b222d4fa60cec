#include "store/sqlite_schema.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <thread>

#include "deploy/error.hpp"
#include "support/unique_fd.hpp"

namespace deploy::sqlite {

namespace {
constexpr std::string_view kOpening = "open the ledger";

constexpr const char* kTables = R"sql(
CREATE TABLE entries (
  seq INTEGER PRIMARY KEY, time TEXT NOT NULL, kind TEXT NOT NULL, actor TEXT NOT NULL, environment TEXT NOT NULL,
  deployment TEXT NOT NULL, token INTEGER NOT NULL, data TEXT NOT NULL, prev TEXT NOT NULL, hash TEXT NOT NULL);
-- A row stays when its lease is released: the token goes on rising.
CREATE TABLE leases (
  name TEXT PRIMARY KEY, token INTEGER NOT NULL, held INTEGER NOT NULL, actor TEXT NOT NULL, machine TEXT NOT NULL,
  process INTEGER NOT NULL, process_start TEXT NOT NULL, since_ms INTEGER NOT NULL, expires_ms INTEGER NOT NULL);
CREATE TABLE checkpoint (
  id INTEGER PRIMARY KEY CHECK (id = 1), seq INTEGER NOT NULL, hash TEXT NOT NULL, state TEXT NOT NULL);
)sql";

[[noreturn]] void cannot_make(const std::string& path) {
  const int number = errno;
  throw Error(ErrorCode::io, "ledger", fmt::format("cannot make {} for the ledger: {}. Nothing was written. Make it by hand or let `state` name another place", path, std::strerror(number)),
              {{"path", path}, {"errno", std::to_string(number)}});
}

/// The new name in the folder is to survive a power cut.
void sync_folder(const std::filesystem::path& folder) {
  const UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd) ::fsync(fd.get());  // some file systems cannot and say so; the folder is there all the same
}

std::filesystem::path folder_of(const std::filesystem::path& path) { return path.has_parent_path() ? path.parent_path() : "."; }

void make_folder(const std::filesystem::path& folder) {
  std::error_code unreadable;  // then mkdir says what the matter is
  if (std::filesystem::is_directory(folder, unreadable)) return;
  make_folder(folder_of(folder));
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) cannot_make(folder.string());
  sync_folder(folder_of(folder));
}

/// Switching to WAL wants the file for itself for a moment and, unlike other locks, is not always waited for.
void switch_to_wal(Database& db) {
  const auto deadline = std::chrono::steady_clock::now() + db.patience();
  for (;;) {
    try {
      if (db.text("PRAGMA journal_mode=WAL", kOpening) == "wal") return;
      throw Error(ErrorCode::unsupported, "ledger", fmt::format("the file system of {} cannot hold a ledger (no SQLite WAL). Let `state` name a place on a local disk", db.path()), {{"path", db.path()}});
    } catch (const Error& e) {
      if (e.code() != ErrorCode::timeout || std::chrono::steady_clock::now() >= deadline) throw;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

[[noreturn]] void foreign(const Database& db) {
  throw Error(ErrorCode::corrupt, "ledger", fmt::format("{} is an SQLite database, but no ledger of libdeploy. It was left as it is. Let `state` name another file", db.path()), {{"path", db.path()}});
}

[[noreturn]] void newer(const Database& db, std::int64_t version) {
  throw Error(ErrorCode::unsupported, "ledger",
              fmt::format("the ledger {} was written by a newer libdeploy (format {}, this one knows up to {}). It was left as it is. Use that newer version", db.path(), version, kSchemaVersion),
              {{"path", db.path()}, {"format", std::to_string(version)}, {"known", std::to_string(kSchemaVersion)}});
}

bool is_empty(Database& db) {
  return db.number("PRAGMA application_id", kOpening) == 0 && db.number("PRAGMA user_version", kOpening) == 0 && db.number("SELECT count(*) FROM sqlite_master", kOpening) == 0;
}

void check(Database& db) {
  if (db.number("PRAGMA application_id", kOpening) != kApplicationId) foreign(db);
  const std::int64_t version = db.number("PRAGMA user_version", kOpening);
  if (version > kSchemaVersion) newer(db, version);
  if (version < 1) foreign(db);
}

void create_tables(Database& db) {
  Transaction transaction(db, "create the ledger's tables");
  if (!is_empty(db)) return;  // another process was faster
  db.run(kTables, "create the ledger's tables");
  db.run(fmt::format("PRAGMA application_id={}; PRAGMA user_version={}", kApplicationId, kSchemaVersion).c_str(), "create the ledger's tables");
  transaction.commit();
}
}  // namespace

void make_file(const std::string& path) {
  make_folder(folder_of(path));
  if (std::error_code unreadable; std::filesystem::exists(path, unreadable)) return;
  const UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!fd) cannot_make(path);
  sync_folder(folder_of(path));
}

void prepare(Database& db) {
  // Looked at before anything is changed: a file that is not ours stays as it is.
  const bool is_new = is_empty(db);
  if (!is_new) check(db);
  switch_to_wal(db);
  db.run("PRAGMA synchronous=FULL", kOpening);
  if (is_new) create_tables(db);
  check(db);
}

}  // namespace deploy::sqlite
