// Short ledgers, and a clock that stands still.
#pragma once

#include <string>
#include <vector>

#include "deploy/error.hpp"
#include "deploy/ports/clock.hpp"
#include "deploy/ports/ledger_store.hpp"
#include "ledger/entry.hpp"

namespace deploy::test {

/// `count` sound entries, each with something of its own.
inline std::vector<LedgerEntry> sound_chain(int count) {
  std::vector<LedgerEntry> entries;
  LedgerHead head;
  for (int i = 1; i <= count; ++i) {
    LedgerEntry e{i, "2026-11-22T22:26:53.123Z", "step_done", "alice", "staging", "d" + std::to_string(i), 7, R"({"step":")" + std::to_string(i) + R"("})", head.hash, ""};
    e.hash = entry_hash(e);
    head = {e.seq, e.hash};
    entries.push_back(e);
  }
  return entries;
}

/// Moves only when told to; sleeping moves it.
class ManualClock final : public Clock {
 public:
  TimePoint now() override { return TimePoint{start + elapsed_}; }
  std::chrono::milliseconds elapsed() override { return elapsed_; }
  void sleep(std::chrono::milliseconds duration, const std::stop_token&) override { elapsed_ += duration; }
  void advance(std::chrono::milliseconds duration) { elapsed_ += duration; }

 private:
  static constexpr std::chrono::milliseconds start{1'795'390'000'000};
  std::chrono::milliseconds elapsed_{0};
};

template <class F>
Error error_of(F f) {
  try {
    f();
  } catch (const Error& e) {
    return e;
  }
  return Error(ErrorCode::internal, "test", "there was no error");
}

inline bool mentions(const Error& e, const std::string& text) { return std::string(e.what()).find(text) != std::string::npos; }

}  // namespace deploy::test
