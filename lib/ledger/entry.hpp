// The bytes of a ledger entry: what is hashed, and the line that is exported.
//
// Canonical form: one JSON object without white space, keys sorted by bytes, every key present, UTF-8, `data` embedded
// as canonical JSON. The exported line is the canonical form with `hash`; the hashed bytes are the same without it:
//
//   {"actor":A,"data":{...},"deployment":D,"environment":E,"kind":K,"prev":P,"seq":N,"time":T,"token":N}
//
// so that anybody can check a hash with a JSON tool and sha256sum:
//
//   jq -cS 'del(.hash)' line.json | tr -d '\n' | sha256sum
#pragma once

#include <string>
#include <string_view>

#include "deploy/ports/ledger_store.hpp"

namespace deploy {

/// The hashed bytes. The entry's data must be canonical JSON (check_entry).
[[nodiscard]] std::string canonical_bytes(const LedgerEntry& entry);
/// SHA-256 over canonical_bytes, 64 lower-case hex digits.
[[nodiscard]] std::string entry_hash(const LedgerEntry& entry);

/// One line of an export, without the line's end. parse_json_line reads back what to_json_line wrote, byte for byte.
[[nodiscard]] std::string to_json_line(const LedgerEntry& entry);
/// Throws Error{corrupt} that says what is wrong: no JSON, a missing, unknown or mistyped key, not the canonical form.
[[nodiscard]] LedgerEntry parse_json_line(std::string_view text);

/// Throws Error{corrupt} unless the entry survives writing and reading unchanged: data that is no canonical JSON object or
/// text that is no UTF-8 would let two different entries have the same bytes.
void check_entry(const LedgerEntry& entry);
/// The same for an entry whose data is known to be canonical.
void check_texts(const LedgerEntry& entry);

}  // namespace deploy
