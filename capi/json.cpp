#include "capi/json.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>

#include "capi/lists.hpp"
#include "deploy/time.hpp"

namespace deploy::capi {

namespace {
void add_escaped(std::string &out, char c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  if (c == '"' || c == '\\') {
    out += '\\';
    out += c;
  } else if (byte < 0x20) {
    out += "\\u00";
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
  } else {
    out += c;
  }
}
}  // namespace

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) add_escaped(out, c);
  return out + "\"";
}

std::string array(const std::vector<std::string> &parts) {
  std::string out;
  for (const auto &part : parts) out += (out.empty() ? "[" : ",") + part;
  return out.empty() ? "[]" : out + "]";
}

std::string duration(std::int64_t ms) { return ms < 0 ? std::to_string(ms) + "ms" : to_string(std::chrono::milliseconds(ms)); }

Json &Json::raw(std::string_view key, std::string_view json) {
  if (!body_.empty()) body_ += ',';
  body_ += quoted(key) + ":";
  body_ += json;
  return *this;
}

Json &Json::text(std::string_view key, const char *value) { return value && *value ? raw(key, quoted(value)) : *this; }

Json &Json::list(std::string_view key, const char *const *values) {
  if (!values) return *this;
  std::vector<std::string> parts;
  for (const auto &value : texts_of(values)) parts.push_back(quoted(value));
  return raw(key, array(parts));
}

Json &Json::map(std::string_view key, const char *const *pairs) {
  if (!pairs) return *this;
  Json object;
  for (const auto &[name, value] : map_of(pairs)) object.raw(name, quoted(value));
  return raw(key, object.str());
}

Json &Json::real(std::string_view key, double value) {
  std::array<char, 32> digits{};
  if (!std::isfinite(value)) return raw(key, "null");
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return raw(key, std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data())));
}

Json &Json::choice(std::string_view key, std::int32_t value, const std::vector<std::string_view> &names) {
  const bool known = value >= 0 && static_cast<std::size_t>(value) < names.size();
  return raw(key, quoted(known ? std::string(names[static_cast<std::size_t>(value)]) : std::to_string(value)));
}

}  // namespace deploy::capi
