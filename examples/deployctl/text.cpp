#include "text.hpp"

#include <algorithm>
#include <cstdio>
#include <ctime>

#include "deploy.h"

namespace deployctl {

namespace {

std::string one_decimal(double value, const char *unit) {
  char text[48];
  std::snprintf(text, sizeof text, "%.1f %s", value, unit);
  return text;
}

}  // namespace

std::string when(std::int64_t time) {
  if (time == DEPLOY_NONE) return "-";
  const std::time_t seconds = static_cast<std::time_t>(time / 1000);
  std::tm local{};
  char text[32];
  if (!::localtime_r(&seconds, &local) || std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &local) == 0) return "-";
  return text;
}

std::string duration(std::int64_t ms) {
  if (ms < 0) return "-";
  if (ms < 1000) return std::to_string(ms) + " ms";
  if (ms < 60'000) return one_decimal(static_cast<double>(ms) / 1000, "s");
  if (ms < 3'600'000) return std::to_string(ms / 60'000) + " min " + std::to_string(ms / 1000 % 60) + " s";
  return std::to_string(ms / 3'600'000) + " h " + std::to_string(ms / 60'000 % 60) + " min";
}

std::string bytes(std::int64_t count) {
  if (count < 1000) return std::to_string(count) + " B";
  const double value = static_cast<double>(count);
  if (count < 1'000'000) return one_decimal(value / 1e3, "kB");
  if (count < 1'000'000'000) return one_decimal(value / 1e6, "MB");
  return one_decimal(value / 1e9, "GB");
}

std::string short_digest(const char *digest) {
  const std::string_view text = digest ? digest : "";
  const auto hex = text.substr(text.find(':') + 1);
  return hex.empty() ? "-" : std::string(hex.substr(0, 12));
}

std::string or_dash(const char *text) { return text && *text ? text : "-"; }

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string harmless(std::string_view text) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : '\0');
    const bool c1 = byte == 0xc2 && next >= 0x80 && next < 0xa0;  // U+0080 to U+009F are escape sequences to some terminals
    const bool control = (byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7f;
    if (!c1 && !control) {
      out += text[i];
      continue;
    }
    const auto shown = c1 ? static_cast<unsigned char>(text[++i]) : byte;
    out.append("\\x").append(1, kHex[shown >> 4]).append(1, kHex[shown & 15]);
  }
  return out;
}

std::string shell_word(const std::string &word) {
  constexpr std::string_view harmless = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:@+=,";
  if (!word.empty() && word.find_first_not_of(harmless) == std::string::npos) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::vector<std::string> Table::lines() const {
  std::vector<std::size_t> widths;
  for (const auto &row : rows_) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::vector<std::string> lines;
  for (const auto &row : rows_) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      if (i + 1 < row.size()) line.append(widths[i] - row[i].size() + 2, ' ');
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace deployctl
