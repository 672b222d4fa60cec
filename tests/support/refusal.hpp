// Checks that a call is refused, and that the refusal says what a person needs.
#pragma once

#include <string>
#include <string_view>

#include "deploy/error.hpp"

namespace deploy::test {

/// The message of the Error that `call` throws; "(accepted)" when it throws none.
template <class Call>
std::string refusal(Call call) {
  try {
    (void)call();
  } catch (const Error& error) {
    return error.what();
  }
  return "(accepted)";
}

inline bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace deploy::test
