// What every fuzz target needs: properties that end the process when they break, and the one exception that is an answer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "deploy/error.hpp"
#include "model/text.hpp"

namespace deploy::fuzz {

/// Ends the process, which is what a fuzzer and the replay take for a finding.
inline void hold(bool property, std::string_view said) {
  if (property) return;
  std::fprintf(stderr, "broken property: %.*s\n", static_cast<int>(said.size()), said.data());
  std::abort();
}

/// An error may quote what a peer or a file said, but it must be fit for a terminal, a log and JSON: bounded, UTF-8, no
/// control characters but the line feeds between several faults.
inline void hold_presentable(const Error& error) {
  constexpr std::size_t kLongestMessage = 64u << 10;
  const std::string_view text = error.what();
  hold(!text.empty() && text.size() <= kLongestMessage, "an error has a message of bounded length");
  hold(text::is_utf8(text), "an error's message is UTF-8");
  hold(text::all_of(text, [](char c) { return c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f); }), "an error's message holds no control characters");
}

/// Runs the work. deploy::Error is an answer and is given back; anything else that escapes is a finding.
template <class Work>
std::optional<Error> refusal(Work work) {
  try {
    work();
    return std::nullopt;
  } catch (const Error& error) {
    hold_presentable(error);
    return error;
  }
}

/// The value, or nothing when the input was refused.
template <class Work>
auto accepted(Work work) {
  std::optional<decltype(work())> value;
  (void)refusal([&] { value.emplace(work()); });
  return value;
}

/// The input cut at lines of four dashes, so that corpora stay files that a person can read and write.
inline std::vector<std::string_view> parts_of(std::string_view input) {
  constexpr std::string_view kCut = "\n----\n";
  std::vector<std::string_view> out;
  for (std::size_t at = input.find(kCut); at != std::string_view::npos; at = input.find(kCut)) {
    out.push_back(input.substr(0, at));
    input.remove_prefix(at + kCut.size());
  }
  out.push_back(input);
  return out;
}

/// The part, "" when there are not so many.
inline std::string_view part(const std::vector<std::string_view>& parts, std::size_t index) { return index < parts.size() ? parts[index] : std::string_view(); }

/// What a target defines; the entry point that libFuzzer and the replay call stands in entry.cpp.
void try_input(std::string_view input);

}  // namespace deploy::fuzz
