// Opens a long ledger quickly: the folded state is kept beside the entries that it was folded from.
//
// A checkpoint is a cache and no evidence. It is used when this version of the library wrote it and the entry that it stands at is
// in the chain; otherwise every entry is folded, as if there were none. What came after it is checked and folded as always.
#pragma once

#include <optional>

#include "deploy/ports/ledger_store.hpp"
#include "ledger/state.hpp"

namespace deploy {

/// So many entries are folded at most when a ledger is opened, as long as somebody writes to it now and then.
inline constexpr std::int64_t kCheckpointEvery = 500;

/// The state of the store's checkpoint, or an empty one.
[[nodiscard]] State load_checkpoint(LedgerStore& store);
void save_checkpoint(LedgerStore& store, const State& state);

/// Checks every entry, and that the checkpoint says what the entries add up to. Returns the head. Throws Error{corrupt} as
/// ChainVerifier does; a checkpoint beyond the last entry means that the end is missing.
LedgerHead verify_ledger(LedgerStore& store, std::optional<LedgerHead> expected = std::nullopt);

}  // namespace deploy
