#include "ledger/checkpoint.hpp"

#include <fmt/format.h>

#include "deploy/error.hpp"
#include "ledger/chain.hpp"
#include "ledger/entry.hpp"
#include "ledger/state_json.hpp"

namespace deploy {

namespace {
/// Entries read at once: they may hold evidence of some size, and memory is to stay small.
constexpr std::size_t kFoldedPage = 100;

bool is_in_chain(LedgerStore& store, const LedgerHead& head) {
  const std::vector<LedgerEntry> found = store.read(head.seq - 1, 1);
  return found.size() == 1 && found.front().seq == head.seq && found.front().hash == head.hash && entry_hash(found.front()) == head.hash;
}

/// Follows the entries up to the checkpoint, and says there whether it is right.
class CheckpointWitness {
 public:
  explicit CheckpointWitness(std::optional<LedgerStore::Checkpoint> kept) : kept_(std::move(kept)) {
    if (kept_) claimed_ = state_from_text(kept_->state);
  }

  void take(const LedgerEntry& entry) {
    if (!claimed_ || entry.seq > kept_->head.seq) return;
    fold(folded_, entry);
    if (entry.seq < kept_->head.seq) return;
    if (claimed_->head == kept_->head && entry.hash != kept_->head.hash) rewritten(entry);
    if (folded_ != *claimed_) wrong();
  }

  void finish(const LedgerHead& head) const {
    if (claimed_ && claimed_->head == kept_->head && kept_->head.seq > head.seq) cut_off(head);
  }

 private:
  [[noreturn]] void wrong() const {
    throw Error(ErrorCode::corrupt, "ledger",
                fmt::format("the ledger's checkpoint at entry {} is not what the entries add up to: somebody altered it. The entries up to there are sound. "
                            "Delete the checkpoint (DELETE FROM checkpoint), it holds nothing that they do not, verify again, and look at what was decided since",
                            kept_->head.seq),
                {{"seq", std::to_string(kept_->head.seq)}, {"position", std::to_string(kept_->head.seq)}, {"fault", "checkpoint"}});
  }

  [[noreturn]] void rewritten(const LedgerEntry& entry) const {
    throw Error(ErrorCode::corrupt, "ledger",
                fmt::format("the ledger's chain breaks at or before entry {}: it is another entry than the one that a checkpoint was made at, history was rewritten "
                            "(expected {}, found {}). {}", entry.seq, kept_->head.hash, entry.hash, kAfterBreak),
                {{"seq", std::to_string(entry.seq)}, {"position", std::to_string(entry.seq)}, {"fault", std::string(to_string(ChainFault::replaced))},
                 {"expected", kept_->head.hash}, {"found", entry.hash}});
  }

  [[noreturn]] void cut_off(const LedgerHead& head) const {
    throw Error(ErrorCode::corrupt, "ledger",
                fmt::format("the ledger's chain breaks at entry {}: the end is missing, a checkpoint was made at entry {}. {}", head.seq + 1, kept_->head.seq, kAfterBreak),
                {{"seq", std::to_string(head.seq)}, {"position", std::to_string(head.seq + 1)}, {"fault", std::string(to_string(ChainFault::truncated))}});
  }

  std::optional<LedgerStore::Checkpoint> kept_;
  std::optional<State> claimed_;
  State folded_;
};
}  // namespace

State load_checkpoint(LedgerStore& store) {
  const auto kept = store.checkpoint();
  if (!kept || kept->head.seq < 1) return {};
  auto state = state_from_text(kept->state);
  if (!state || state->head != kept->head || !is_in_chain(store, kept->head)) return {};
  return std::move(*state);
}

void save_checkpoint(LedgerStore& store, const State& state) { store.save_checkpoint({state.head, state_to_text(state)}); }

LedgerHead verify_ledger(LedgerStore& store, std::optional<LedgerHead> expected) {
  CheckpointWitness witness(store.checkpoint());
  ChainVerifier chain({}, std::move(expected));
  for (auto page = store.read(0, kFoldedPage); !page.empty(); page = store.read(chain.head().seq, kFoldedPage)) {
    chain.add_all(page);
    for (const LedgerEntry& entry : page) witness.take(entry);
  }
  chain.finish();
  witness.finish(chain.head());
  return chain.head();
}

}  // namespace deploy
