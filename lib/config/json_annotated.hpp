// JSON as people write it (comments, trailing commas), with the place of every value in the text.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "support/json.hpp"

namespace deploy::json {

/// A line and a column, both from 1; columns count characters, not bytes.
struct Place {
  std::size_t line = 1, column = 1;
};
[[nodiscard]] Place place_of(std::string_view text, std::size_t offset);

/// Byte offsets of a value and of its key; for the root and for elements of lists both are the value's.
struct Spot {
  std::size_t key = 0, value = 0;
};

/// Something wrong with the text itself.
struct TextFault {
  std::size_t offset = 0;
  std::string pointer, message;
};

struct Annotated {
  Document document;  ///< null unless the whole text could be read
  bool complete = false;
  std::map<std::string, Spot, std::less<>> spots;  ///< by JSON pointer
  std::vector<TextFault> faults;                   ///< syntax, keys that stand twice, over-long strings, NUL characters ...
};

inline constexpr std::size_t kLongestText = 1 << 20, kLongestString = 64 << 10;
inline constexpr std::size_t kMostElements = 1000;      ///< of a list, and members of an object
inline constexpr std::size_t kMostPlaceBytes = 32 << 20;  ///< of all pointers together: long keys around many values
inline constexpr std::size_t kMostTextFaults = 100;     ///< then the rest is not read

/// Never throws on bad text: the faults say what is wrong.
[[nodiscard]] Annotated parse_annotated(std::string_view text);

/// The pointer of a member or element (RFC 6901).
[[nodiscard]] std::string child_pointer(std::string_view parent, std::string_view key);

}  // namespace deploy::json
