// Values as people read them, and tables.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl {

[[nodiscard]] std::string when(std::int64_t time);          ///< local time, "2026-11-22 22:47:03"; "-" for none
[[nodiscard]] std::string duration(std::int64_t ms);        ///< "340 ms", "4.2 s", "3 min 20 s"; "-" for none
[[nodiscard]] std::string bytes(std::int64_t count);        ///< "12.3 MB"
[[nodiscard]] std::string short_digest(const char *digest); ///< the first 12 hex digits
[[nodiscard]] std::string or_dash(const char *text);
[[nodiscard]] std::vector<std::string> lines_of(std::string_view text);
/// Control characters but line feeds and tabs as \xNN: what others wrote must not steer the terminal.
[[nodiscard]] std::string harmless(std::string_view text);
/// As a shell would need it: quoted where there is something to quote.
[[nodiscard]] std::string shell_word(const std::string &word);

/// Columns as wide as their widest cell, two spaces between them.
class Table {
 public:
  explicit Table(std::vector<std::string> header) : rows_{std::move(header)} {}
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  [[nodiscard]] std::vector<std::string> lines() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace deployctl
