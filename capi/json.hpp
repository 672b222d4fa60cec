// Writes JSON: configurations that were built by setters, and records that C++ has no form for.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace deploy::capi {

[[nodiscard]] std::string quoted(std::string_view text);
[[nodiscard]] std::string array(const std::vector<std::string> &parts);  ///< of JSON
/// "1m30s" as configurations have it; what is less than nothing becomes a text that they refuse.
[[nodiscard]] std::string duration(std::int64_t ms);

/// One object, member by member. Members that are NULL are left away, and of text() also those that are "".
class Json {
 public:
  Json &raw(std::string_view key, std::string_view json);
  Json &text(std::string_view key, const char *value);
  Json &list(std::string_view key, const char *const *values);
  Json &map(std::string_view key, const char *const *pairs);
  Json &number(std::string_view key, std::int64_t value) { return raw(key, std::to_string(value)); }
  Json &real(std::string_view key, double value);
  Json &flag(std::string_view key, std::int32_t value) { return raw(key, value != 0 ? "true" : "false"); }
  Json &time(std::string_view key, std::int64_t ms) { return raw(key, quoted(duration(ms))); }
  /// The value's name, or its number where there is none: configurations refuse that, and say what they expect.
  Json &choice(std::string_view key, std::int32_t value, const std::vector<std::string_view> &names);
  [[nodiscard]] std::string str() const { return "{" + body_ + "}"; }

 private:
  std::string body_;
};

}  // namespace deploy::capi
