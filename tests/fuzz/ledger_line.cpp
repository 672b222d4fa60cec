// Lines of an exported ledger.
#include "ledger/chain.hpp"
#include "ledger/entry.hpp"
#include "support/json.hpp"
#include "target.hpp"

namespace deploy::fuzz {

namespace {
void try_line(std::string_view line) {
  const auto entry = accepted([&] { return parse_json_line(line); });
  if (!entry) return;
  hold(to_json_line(*entry) == line, "a line is written as it was read");
  hold(!refusal([&] { check_entry(*entry); }), "an entry that was read can be written");
  LedgerEntry other = *entry;
  other.actor += "x";
  hold(entry_hash(other) != entry_hash(*entry), "another actor is another hash");
}

/// An export is sound only when each entry has the hash of its bytes; with one byte changed it is not.
void try_export(std::string_view text) {
  const auto head = accepted([&] { return verify_export(text); });
  if (!head || head->seq == 0) return;
  LedgerEntry last = parse_json_line(text.substr(0, text.find('\n')));
  last.time += " ";
  hold(refusal([&] { (void)verify_export(to_json_line(last)); }).has_value(), "an altered entry is found");
}
}  // namespace

void try_input(std::string_view input) {
  try_line(input.substr(0, input.find('\n')));
  try_export(input);
  (void)refusal([&] {
    const std::string once = json::canonical(json::parse(input, "the text"));
    hold(json::canonical(json::parse(once, "the canonical form")) == once, "the canonical form is a fixed point");
  });
}

}  // namespace deploy::fuzz
