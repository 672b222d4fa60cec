// Just enough JSON to write lines.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl {

/// A JSON string literal. Bytes that are not UTF-8 (containers log anything) become U+FFFD.
[[nodiscard]] std::string quote(std::string_view text);

/// An object, member by member.
class JsonObject {
 public:
  JsonObject &add(std::string_view key, std::string_view value) { return add_raw(key, quote(value)); }
  JsonObject &add(std::string_view key, const char *value) { return value ? add(key, std::string_view(value)) : add_raw(key, "null"); }
  JsonObject &add(std::string_view key, std::int64_t value) { return add_raw(key, std::to_string(value)); }
  JsonObject &add(std::string_view key, const std::vector<std::string> &values);
  JsonObject &add_raw(std::string_view key, std::string_view json);
  /// The members of another object, given as text.
  JsonObject &splice(std::string_view object);
  [[nodiscard]] std::string str() const { return "{" + members_ + "}"; }

 private:
  std::string members_;
};

/// [a,b] of texts that are JSON already.
[[nodiscard]] std::string json_array(const std::vector<std::string> &values);

}  // namespace deployctl
