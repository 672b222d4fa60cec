// What is wrong with a configuration: every fault, with its place.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/json_annotated.hpp"

namespace deploy::config {

struct Fault {
  std::string pointer;  ///< of the value, or of the member whose key is wrong
  std::string message;  ///< what was found and what was expected
  bool at_key = false;  ///< the key is at fault, not its value
};

inline constexpr std::size_t kMostFaults = 100;

/// Thrown by Faults::add: a text with so many is not worth reading on.
struct TooManyFaults {};

/// Collects faults, so that all are told at once.
class Faults {
 public:
  /// Throws TooManyFaults after the last that is kept.
  void add(std::string pointer, std::string message, bool at_key = false) {
    list_.push_back({std::move(pointer), std::move(message), at_key});
    if (list_.size() >= kMostFaults) throw TooManyFaults{};
  }
  [[nodiscard]] bool empty() const noexcept { return list_.empty(); }
  [[nodiscard]] const std::vector<Fault>& list() const noexcept { return list_; }
  /// True when something was said about this very value: a second complaint would only be noise.
  [[nodiscard]] bool mentions(std::string_view pointer) const noexcept;

 private:
  std::vector<Fault> list_;
};

/// Throws Error{invalid_config} that lists all faults in the order of the text, one per line as
/// `file:line:column: pointer: message`; the details are those of the first. Does nothing when there are none.
void throw_if_any(const Faults& faults, const json::Annotated& annotated, std::string_view text, std::string_view file);

}  // namespace deploy::config
