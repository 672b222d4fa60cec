// The ledger store on an SQLite file.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "deploy/ports/ledger_store.hpp"

namespace deploy {

/// How long others' locks on the file are waited for.
inline constexpr std::chrono::seconds kLedgerPatience{10};

/// Opens the ledger, creating it (0600) and its folder (0700) where they are missing. Any number of threads and processes
/// of one machine may use the same file. Every call is one transaction, on the disk when it returns (WAL, synchronous=FULL).
/// Throws Error{io, timeout, corrupt, unsupported} with `path`, saying what to do; nothing is half-written then.
[[nodiscard]] std::unique_ptr<LedgerStore> open_sqlite_store(const std::string& path, std::chrono::milliseconds patience = kLedgerPatience);

}  // namespace deploy
