// The text of a decision that somebody signed elsewhere and hands in.
#include "promotion/decision_text.hpp"

#include "target.hpp"

namespace deploy::fuzz {

void try_input(std::string_view input) {
  const auto decision = accepted([&] { return parse_decision_text(input); });
  if (!decision) return;
  hold(decision_text(*decision) == input, "every text has one reading, and every decision one text");
  hold(text::is_utf8(to_json(*decision)), "a decision can be told as JSON");
  Decision other = *decision;
  other.approver += "x";
  hold(decision_text(other) != input, "another approver is another text");
}

}  // namespace deploy::fuzz
