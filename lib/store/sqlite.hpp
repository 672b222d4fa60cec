// SQLite as RAII: a connection, prepared statements, transactions, and errors that say what to do.
#pragma once

#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace deploy::sqlite {

class Statement;

/// One connection to one file. Not thread-safe: its owner locks.
class Database {
 public:
  /// Opens an existing or empty file for reading and writing. Others' locks are waited for, `patience` at most.
  Database(std::string path, std::chrono::milliseconds patience);

  /// Throws the Error that the result code stands for. `doing`: "append to the ledger".
  [[noreturn]] void fail(int code, std::string_view doing) const;

  void run(const char* sql, std::string_view doing);
  /// The first column of the first row.
  [[nodiscard]] std::int64_t number(const char* sql, std::string_view doing);
  [[nodiscard]] std::string text(const char* sql, std::string_view doing);
  [[nodiscard]] sqlite3* get() const noexcept { return db_.get(); }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  [[nodiscard]] std::chrono::milliseconds patience() const noexcept { return patience_; }

 private:
  struct Close {
    void operator()(sqlite3* db) const noexcept { sqlite3_close_v2(db); }
  };
  std::string path_;
  std::chrono::milliseconds patience_;
  std::unique_ptr<sqlite3, Close> db_;
};

/// A prepared statement, used again and again: bind(...) from the first parameter on, then step() for each row.
class Statement {
 public:
  Statement(Database& db, const char* sql, std::string_view doing);

  /// Forgets the last run and its values.
  Statement& reset() noexcept;
  Statement& bind(std::int64_t value);
  Statement& bind(std::string_view value);
  /// True while there is a row.
  bool step();
  /// For statements without rows.
  void run();

  [[nodiscard]] std::int64_t number(int column) const noexcept;
  [[nodiscard]] std::string text(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
  };
  void check(int code);

  Database& db_;
  std::string doing_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int bound_ = 0;
};

/// Resets a kept statement at the end of its use, so that it holds neither a lock nor big values.
class Use {
 public:
  explicit Use(Statement& statement) : statement_(statement.reset()) {}
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;
  ~Use() { statement_.reset(); }
  Statement* operator->() const noexcept { return &statement_; }

 private:
  Statement& statement_;
};

/// A write transaction from its first moment (BEGIN IMMEDIATE: a lock that is upgraded later cannot be waited for).
/// Rolled back unless committed.
class Transaction {
 public:
  Transaction(Database& db, std::string_view doing);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();
  void commit();

 private:
  Database& db_;
  std::string doing_;
};

}  // namespace deploy::sqlite
