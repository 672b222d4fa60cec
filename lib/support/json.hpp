// The one door to RapidJSON: parsing with limits, reading with fallbacks, writing, canonical form.
#pragma once

#include <rapidjson/document.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace deploy::json {

using Value = rapidjson::Value;
using Document = rapidjson::Document;

/// Parses strict JSON. Throws Error{protocol} that names `what` and the byte offset. Depth is limited (kMaxDepth).
[[nodiscard]] Document parse(std::string_view text, std::string_view what);
inline constexpr int kMaxDepth = 64;

/// The member, or nullptr when `object` is no object or has no such member.
[[nodiscard]] const Value* find(const Value& object, std::string_view key);

/// The value at a JSON pointer (RFC 6901), nullptr when there is none. Throws Error{invalid_argument} when it is no pointer.
[[nodiscard]] const Value* at(const Value& root, std::string_view pointer);
/// Equal as JSON: the order of members does not count, and 1 equals 1.0.
[[nodiscard]] bool equal(const Value& a, const Value& b);

/// Members by type; the fallback when absent or of another type.
[[nodiscard]] std::string string(const Value& object, std::string_view key, std::string_view fallback = "");
[[nodiscard]] std::int64_t integer(const Value& object, std::string_view key, std::int64_t fallback = 0);
[[nodiscard]] bool boolean(const Value& object, std::string_view key, bool fallback = false);
[[nodiscard]] std::vector<std::string> strings(const Value& object, std::string_view key);
[[nodiscard]] std::map<std::string, std::string> string_map(const Value& object, std::string_view key);

[[nodiscard]] std::string_view view(const Value& string_value);
[[nodiscard]] std::string dump(const Value& value);
/// No white space, object keys sorted by bytes, duplicate keys refused: the same value gives the same bytes.
[[nodiscard]] std::string canonical(const Value& value);

/// Text as a JSON string literal, with quotes. A byte that is no UTF-8 (log lines of a container may be anything) becomes U+FFFD.
[[nodiscard]] std::string quote(std::string_view text);

class Array;

/// Builds an object member by member: Object().add("a", 1).add("b", "x").str()
class Object {
 public:
  Object& add(std::string_view key, std::string_view value);
  Object& add(std::string_view key, const char* value) { return add(key, std::string_view(value)); }
  Object& add(std::string_view key, const std::string& value) { return add(key, std::string_view(value)); }
  Object& add(std::string_view key, std::int64_t value);
  Object& add(std::string_view key, int value) { return add(key, static_cast<std::int64_t>(value)); }
  Object& add(std::string_view key, unsigned value) { return add(key, static_cast<std::int64_t>(value)); }
  Object& add(std::string_view key, std::uint64_t value) { return add(key, static_cast<std::int64_t>(value)); }
  Object& add(std::string_view key, double value);
  Object& add(std::string_view key, bool value);
  Object& add(std::string_view key, const Object& value);
  Object& add(std::string_view key, const Array& value);
  Object& add(std::string_view key, const std::vector<std::string>& value);
  Object& add(std::string_view key, const std::map<std::string, std::string>& value);
  Object& add_null(std::string_view key);
  Object& add_raw(std::string_view key, std::string_view json_text);  ///< the text must be JSON
  [[nodiscard]] bool empty() const { return body_.empty(); }
  [[nodiscard]] std::string str() const { return "{" + body_ + "}"; }

 private:
  void begin(std::string_view key);

  std::string body_;
};

class Array {
 public:
  Array& add(std::string_view value) { return add_raw(quote(value)); }
  Array& add(const char* value) { return add(std::string_view(value)); }
  Array& add(std::int64_t value) { return add_raw(std::to_string(value)); }
  Array& add(const Object& value) { return add_raw(value.str()); }
  Array& add_raw(std::string_view json_text);
  [[nodiscard]] bool empty() const { return body_.empty(); }
  [[nodiscard]] std::string str() const { return "[" + body_ + "]"; }

 private:
  std::string body_;
};

}  // namespace deploy::json
