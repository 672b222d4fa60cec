#include "json.hpp"

#include <cstdio>

namespace deployctl {

namespace {

/// Length of the UTF-8 sequence at the beginning of `text`, 0 when there is none.
std::size_t sequence(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  const std::size_t length = first < 0x80 ? 1 : first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xc0) != 0x80) return 0;
  const bool overlong = (first == 0xe0 && byte(1) < 0xa0) || (first == 0xf0 && byte(1) < 0x90);
  const bool beyond = (first == 0xed && byte(1) >= 0xa0) || (first == 0xf4 && byte(1) >= 0x90);
  return overlong || beyond ? 0 : length;
}

std::string escaped(char c) {
  switch (c) {
    case '"': return "\\\"";
    case '\\': return "\\\\";
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\t': return "\\t";
    default: break;
  }
  if (static_cast<unsigned char>(c) >= 0x20) return std::string(1, c);
  char code[8];
  std::snprintf(code, sizeof code, "\\u%04x", static_cast<unsigned>(c));
  return code;
}

}  // namespace

std::string quote(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const std::size_t length = sequence(text);
    if (length == 0) out += "\xef\xbf\xbd";
    else if (length == 1) out += escaped(text[0]);
    else out += text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out + "\"";
}

JsonObject &JsonObject::add_raw(std::string_view key, std::string_view json) {
  if (!members_.empty()) members_ += ',';
  members_.append(quote(key)).append(":").append(json);
  return *this;
}

JsonObject &JsonObject::add(std::string_view key, const std::vector<std::string> &values) {
  std::vector<std::string> quoted;
  for (const auto &value : values) quoted.push_back(quote(value));
  return add_raw(key, json_array(quoted));
}

JsonObject &JsonObject::splice(std::string_view object) {
  const auto members = object.substr(1, object.size() - 2);
  if (members.empty()) return *this;
  if (!members_.empty()) members_ += ',';
  members_ += members;
  return *this;
}

std::string json_array(const std::vector<std::string> &values) {
  std::string out;
  for (const auto &value : values) out += (out.empty() ? "" : ",") + value;
  return "[" + out + "]";
}

}  // namespace deployctl
