// Lists and maps of texts as they stand in records: arrays ended by NULL.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace deploy::capi {

/// Empty for NULL.
[[nodiscard]] inline std::vector<std::string> texts_of(const char *const *list) {
  std::vector<std::string> texts;
  for (; list && *list; ++list) texts.emplace_back(*list);
  return texts;
}

/// Names and values in turn; a name without a value has "".
[[nodiscard]] inline std::map<std::string, std::string> map_of(const char *const *pairs) {
  std::map<std::string, std::string> values;
  while (pairs && *pairs) {
    const char *name = *pairs++;
    values.insert_or_assign(name, *pairs ? *pairs++ : "");
  }
  return values;
}

}  // namespace deploy::capi
