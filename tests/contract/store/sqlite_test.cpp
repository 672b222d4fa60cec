// What only a file can suffer: foreign contents, damage, no space, no permission.
#include <doctest/doctest.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <thread>

#include "deploy/error.hpp"
#include "ledger/chain.hpp"
#include "process.hpp"
#include "world.hpp"

using namespace deploy;
using namespace deploy::test;
namespace fs = std::filesystem;

namespace {
fs::perms mode(const std::string& path) { return fs::status(path).permissions(); }

void write(const std::string& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// What another program does to the file.
void edit(const std::string& path, const std::string& sql) {
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
  REQUIRE(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(db);
}

template <class F>
Error error_of(F f) {
  try {
    f();
  } catch (const Error& e) {
    return e;
  }
  FAIL("there was no error");
  return Error(ErrorCode::internal, "test", "");
}

bool mentions(const Error& e, const std::string& text) { return std::string(e.what()).find(text) != std::string::npos; }
}  // namespace

TEST_CASE("the ledger and its folder are for their owner alone") {
  const TemporaryFolder folder;
  const auto store = open_sqlite_store(folder / "a/b/ledger.db");
  append(*store, 1);
  CHECK(mode(folder / "a") == fs::perms::owner_all);
  CHECK(mode(folder / "a/b") == fs::perms::owner_all);
  for (const char* file : {"a/b/ledger.db", "a/b/ledger.db-wal", "a/b/ledger.db-shm"})
    CHECK_MESSAGE(mode(folder / file) == (fs::perms::owner_read | fs::perms::owner_write), file);
}

TEST_CASE("each append is synced to the disk") {
  const TemporaryFolder folder;
  const auto store = open_sqlite_store(folder / "ledger.db");
  append(*store, 1);
  const auto head = store->head();
  // What a power cut leaves is the file and its log as they are now: a copy of both must hold everything.
  fs::copy(folder / "ledger.db", folder / "copy.db");
  fs::copy(folder / "ledger.db-wal", folder / "copy.db-wal");
  CHECK(open_sqlite_store(folder / "copy.db")->head() == head);
}

TEST_CASE("a ledger of a newer libdeploy is refused and left as it is") {
  const TemporaryFolder folder;
  open_sqlite_store(folder / "ledger.db").reset();
  edit(folder / "ledger.db", "PRAGMA user_version=2");
  const Error e = error_of([&] { (void)open_sqlite_store(folder / "ledger.db"); });
  CHECK(e.code() == ErrorCode::unsupported);
  CHECK(mentions(e, "newer libdeploy (format 2, this one knows up to 1)"));
  CHECK(e.details().at("path") == folder / "ledger.db");
}

TEST_CASE("a database of another program is refused and left as it is") {
  const TemporaryFolder folder;
  edit(folder / "other.db", "CREATE TABLE bookmarks(url)");
  const std::string before = bytes_of(folder / "other.db");
  const Error e = error_of([&] { (void)open_sqlite_store(folder / "other.db"); });
  CHECK(e.code() == ErrorCode::corrupt);
  CHECK(mentions(e, "no ledger of libdeploy"));
  CHECK(bytes_of(folder / "other.db") == before);
}

TEST_CASE("a file that is no database is refused and left as it is") {
  const TemporaryFolder folder;
  const std::string text(5000, 'x');
  write(folder / "notes.txt", text);
  const Error e = error_of([&] { (void)open_sqlite_store(folder / "notes.txt"); });
  CHECK(e.code() == ErrorCode::corrupt);
  CHECK(mentions(e, folder / "notes.txt"));
  CHECK(bytes_of(folder / "notes.txt") == text);
}

TEST_CASE("a damaged file is an error that says so, never a wrong answer") {
  const TemporaryFolder folder;
  {
    const auto store = open_sqlite_store(folder / "ledger.db");
    append(*store, 200);
  }
  std::string bytes = bytes_of(folder / "ledger.db");
  REQUIRE(bytes.size() > 20'000);
  bytes.replace(4096, bytes.size() - 4096, std::string(bytes.size() - 4096, '\xA5'));  // all but the first page
  write(folder / "ledger.db", bytes);
  const Error e = error_of([&] { (void)verify_chain(*open_sqlite_store(folder / "ledger.db")); });
  CHECK(e.code() == ErrorCode::corrupt);
  CHECK(mentions(e, folder / "ledger.db"));
  CHECK(mentions(e, "Put a backup in its place"));
}

TEST_CASE("a file that was cut is an error that says so, wherever it was cut") {
  const TemporaryFolder folder;
  {
    const auto store = open_sqlite_store(folder / "ledger.db");
    append(*store, 200);
  }
  const std::string whole = bytes_of(folder / "ledger.db");
  for (const std::size_t size : {whole.size() - 4096, whole.size() / 2, std::size_t{4096}, std::size_t{1000}, std::size_t{50}}) {
    CAPTURE(size);
    write(folder / "cut.db", whole.substr(0, size));
    const Error e = error_of([&] { (void)verify_chain(*open_sqlite_store(folder / "cut.db")); });
    CHECK(e.code() == ErrorCode::corrupt);
    CHECK(mentions(e, folder / "cut.db"));
    CHECK(bytes_of(folder / "cut.db") == whole.substr(0, size));
  }
}

TEST_CASE("an entry that was changed by hand is named") {
  const TemporaryFolder folder;
  const auto store = open_sqlite_store(folder / "ledger.db");
  append(*store, 9);
  edit(folder / "ledger.db", "UPDATE entries SET actor='mallory' WHERE seq=6");
  const Error e = error_of([&] { (void)verify_chain(*store); });
  CHECK(e.details().at("position") == "6");
  CHECK(e.details().at("fault") == "altered");
}

TEST_CASE("a full disk is told, nothing is half-written, and it goes on once there is space") {
  const TemporaryFolder folder;
  const auto store = open_sqlite_store(folder / "ledger.db");
  const LedgerHead before = append(*store, 3).head;
  {
    const FileSizeLimit limit(fs::file_size(folder / "ledger.db-wal") + 20'000);
    const Error e = error_of([&] { store->append(before, std::nullopt, entries_after(before, 1, R"({"log":")" + std::string(1 << 20, 'x') + R"("})")); });
    CHECK(e.code() == ErrorCode::io);
    CHECK(mentions(e, "the disk or the quota is full. Nothing was written"));
    CHECK(mentions(e, folder / "ledger.db"));
    CHECK(store->head() == before);
  }
  CHECK(append(*store, 1).status == AppendStatus::done);
  CHECK(verify_chain(*store).seq == 4);
}

TEST_CASE("a file that may not grow beyond its pages is told as full, and keeps what it has") {
  const TemporaryFolder folder;
  const auto store = open_sqlite_store(folder / "ledger.db");
  const LedgerHead before = append(*store, 3).head;
  {
    const FileSizeLimit limit(fs::file_size(folder / "ledger.db-wal"));  // not a byte more: even a lease finds no room
    for (const auto& work : std::vector<std::function<void()>>{[&] { append(*store, 1); }, [&] { (void)store->acquire("staging", holder("alice"), kTtl, kNoon, alive); },
                                                              [&] { store->save_checkpoint({before, "state"}); }})
      CHECK(mentions(error_of(work), "is full. Nothing was written"));
    CHECK(store->head() == before);
    CHECK_FALSE(store->lease("staging").has_value());
    CHECK_FALSE(store->checkpoint().has_value());
  }
  CHECK(store->acquire("staging", holder("alice"), kTtl, kNoon, alive).has_value());
  CHECK(verify_chain(*store) == before);
}

TEST_CASE("a file that another process keeps locked is told after the time that was allowed, and nothing was written") {
  const TemporaryFolder folder;
  const auto store = open_sqlite_store(folder / "ledger.db", std::chrono::milliseconds{200});
  sqlite3* other = nullptr;
  REQUIRE(sqlite3_open((folder / "ledger.db").c_str(), &other) == SQLITE_OK);
  REQUIRE(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) == SQLITE_OK);
  const Error e = error_of([&] { append(*store, 1); });
  CHECK(e.code() == ErrorCode::timeout);
  CHECK(mentions(e, "another process has kept it locked for 200ms"));
  CHECK(store->head().seq == 0);
  sqlite3_close(other);
  CHECK(append(*store, 1).status == AppendStatus::done);
}

TEST_CASE("a lock that goes away in time is waited for") {
  const TemporaryFolder folder;
  const auto store = open_sqlite_store(folder / "ledger.db");
  sqlite3* other = nullptr;
  REQUIRE(sqlite3_open((folder / "ledger.db").c_str(), &other) == SQLITE_OK);
  REQUIRE(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) == SQLITE_OK);
  const std::jthread later([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
    sqlite3_close(other);
  });
  CHECK(append(*store, 1).status == AppendStatus::done);
}

TEST_CASE("a program that changes its working directory keeps its ledger") {
  const TemporaryFolder folder;
  const fs::path before = fs::current_path();
  fs::current_path(folder.path());
  const auto store = open_sqlite_store("ledger.db");
  fs::current_path(before);
  CHECK(append(*store, 1).status == AppendStatus::done);
  CHECK(fs::exists(folder / "ledger.db"));
}

TEST_CASE("a folder that must not be written to is told with its name") {
  const TemporaryFolder folder;
  fs::create_directory(folder / "locked");
  fs::permissions(folder / "locked", fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_read | fs::perms::others_exec);
  const std::string message = as_nobody(folder.path(), [&] { (void)open_sqlite_store(folder / "locked/ledger.db"); });
  CHECK(message.starts_with("io: cannot make " + folder / "locked/ledger.db"));
}

TEST_CASE("a read-only ledger is told, with what to allow") {
  const TemporaryFolder folder;
  open_sqlite_store(folder / "ledger.db").reset();
  fs::permissions(folder / "ledger.db", fs::perms::owner_read | fs::perms::others_read);
  const std::string message = as_nobody(folder.path(), [&] { (void)open_sqlite_store(folder / "ledger.db"); });
  CHECK(message.starts_with("io: cannot open the ledger in " + folder / "ledger.db"));
  CHECK(message.find("read-only") != std::string::npos);
}

TEST_CASE("a ledger that disappears while it is open is not written to any more") {
  const TemporaryFolder folder;
  const auto store = open_sqlite_store(folder / "ledger.db");
  append(*store, 1);
  fs::rename(folder / "ledger.db", folder / "moved.db");
  const Error e = error_of([&] { append(*store, 1); });
  CHECK(e.code() == ErrorCode::io);
  CHECK(mentions(e, "removed or replaced"));
  CHECK(error_of([&] { (void)store->acquire("staging", holder("alice"), kTtl, kNoon, alive); }).code() == ErrorCode::io);
}

TEST_CASE("a folder in the file's place is an error, not a crash") {
  const TemporaryFolder folder;
  CHECK(error_of([&] { (void)open_sqlite_store(folder.path()); }).code() == ErrorCode::io);
}
