// A ledger's head as text: what is noted elsewhere to show later that nothing was cut off.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "deploy/error.hpp"
#include "deploy/ports/ledger_store.hpp"
#include "support/one_line.hpp"

namespace deploy {

std::string to_string(const LedgerHead& head) { return fmt::format("{}:{}", head.seq, head.hash); }

LedgerHead parse_ledger_head(std::string_view text) {
  LedgerHead head{-1, ""};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), head.seq);
  if (error == std::errc() && end != text.data() + text.size() && *end == ':') head.hash = text.substr(static_cast<std::size_t>(end - text.data()) + 1);
  const bool is_hash = head.hash.size() == 64 && std::all_of(head.hash.begin(), head.hash.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
  if (head.seq < 0 || !is_hash)
    throw Error(ErrorCode::invalid_argument, "ledger", fmt::format("'{}' is no ledger head: that is SEQ:HASH, a number and 64 lower-case hex digits, as `ledger head` prints it", one_line(text, 100)));
  return head;
}

}  // namespace deploy
