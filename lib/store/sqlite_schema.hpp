// The ledger's file: made where it is missing, recognised where it is there.
#pragma once

#include <string>

#include "store/sqlite.hpp"

namespace deploy::sqlite {

/// "dply": SQLite files of libdeploy carry this application id, so that `file` and we tell them from others'.
inline constexpr int kApplicationId = 0x64706c79;
/// Raised with every change of the tables; a build refuses files of a newer one.
inline constexpr int kSchemaVersion = 1;

/// Makes the file (0600) and the folders on the way to it (0700) unless they exist. Throws Error{io}.
void make_file(const std::string& path);

/// Sets the connection up (WAL, synchronous=FULL) and creates the tables in a new file. Two processes may do so at once.
/// Throws Error{unsupported} for a file of a newer libdeploy, {corrupt} for a file that is something else.
void prepare(Database& db);

}  // namespace deploy::sqlite
