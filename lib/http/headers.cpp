#include <strings.h>

#include <algorithm>

#include "http/client.hpp"

namespace deploy::http {

namespace {
bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

bool unreserved(unsigned char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
}
}  // namespace

const std::string* find_header(const Headers& headers, std::string_view name) {
  const auto found = std::find_if(headers.begin(), headers.end(), [&](const auto& h) { return same_name(h.first, name); });
  return found == headers.end() ? nullptr : &found->second;
}

std::string Response::header(std::string_view name) const {
  const std::string* value = find_header(headers, name);
  return value ? *value : "";
}

std::string percent_encode(std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const unsigned char c : text) {
    if (unreserved(c)) out += static_cast<char>(c);
    else (((out += '%') += kHex[c >> 4]) += kHex[c & 15]);
  }
  return out;
}

}  // namespace deploy::http
