// Any entries, folded: a ledger that somebody else wrote must not bring the reader down. One entry a line:
// kind, environment, deployment and data with tabs between.
#include "ledger/entry.hpp"
#include "ledger/records.hpp"
#include "ledger/state.hpp"
#include "ledger/state_json.hpp"
#include "target.hpp"

namespace deploy::fuzz {

namespace {
std::string_view field(std::string_view& line) {
  const std::string_view out = line.substr(0, line.find('\t'));
  line.remove_prefix(std::min(line.size(), out.size() + 1));
  return out;
}

LedgerEntry entry_of(std::string_view line, std::int64_t seq) {
  LedgerEntry entry;
  entry.seq = seq;
  entry.time = "2026-01-31T12:00:00.000Z";
  entry.actor = "alice";
  entry.kind = field(line);
  entry.environment = field(line);
  entry.deployment = field(line);
  entry.data = line;
  return entry;
}

void hold_sound(const State& state) {
  for (const Release& release : state.releases) hold(to_json(release).size() > 2, "a release can be written");
  for (const auto& [name, environment] : state.environments)
    for (const std::string& id : environment.open_order) hold(environment.open.contains(id), "what is listed as open is open");
  const std::string text = state_to_text(state);
  const auto again = state_from_text(text);
  hold(again && state_to_text(*again) == text, "a checkpoint gives the state back");
  if (const auto next = accepted([&] { return state.next_build(); })) hold(*next > 0, "the next build number is one");
}
}  // namespace

void try_input(std::string_view input) {
  const std::string_view whole = input;
  State state;
  for (std::int64_t seq = 1; !input.empty(); ++seq) {
    const std::string_view line = input.substr(0, input.find('\n'));
    input.remove_prefix(std::min(input.size(), line.size() + 1));
    LedgerEntry entry = entry_of(line, seq);
    // Stores hand out what passed check_entry alone.
    if (refusal([&] { check_entry(entry); })) continue;
    (void)refusal([&] { fold(state, entry); });
  }
  hold_sound(state);
  (void)state_from_text(whole);  // nothing but a checkpoint of our own is taken for one
}

}  // namespace deploy::fuzz
