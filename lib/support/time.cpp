#include "deploy/time.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <limits>
#include <optional>

#include "deploy/error.hpp"
#include "support/one_line.hpp"

namespace deploy {

namespace {
using std::chrono::milliseconds;

constexpr std::size_t kShownBytes = 100;

[[noreturn]] void bad_time(std::string_view text) {
  throw Error(ErrorCode::invalid_argument, "time", fmt::format("'{}' is not an RFC 3339 time like 2026-01-31T12:00:00Z", one_line(text, kShownBytes)));
}

[[noreturn]] void bad_duration(std::string_view text) {
  throw Error(ErrorCode::invalid_argument, "time",
              fmt::format("'{}' is not a duration; write for example \"500ms\", \"30s\", \"5m\" or \"24h\"", one_line(text, kShownBytes)));
}

/// Reads digits off the front of a text.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}
  std::optional<int> number(std::size_t digits) {
    if (rest_.size() < digits) return std::nullopt;
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (rest_[i] < '0' || rest_[i] > '9') return std::nullopt;
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(digits);
    return value;
  }
  bool take(std::string_view any_of) {
    if (rest_.empty() || any_of.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }
  [[nodiscard]] char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
  [[nodiscard]] bool done() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

milliseconds fraction(Reader& in) {
  if (!in.take(".,")) return milliseconds{0};
  int scale = 100, value = 0;
  while (auto digit = in.number(1)) {
    value += *digit * scale;
    scale /= 10;
  }
  return milliseconds{value};
}

std::optional<std::chrono::minutes> offset(Reader& in) {
  if (in.take("Zz")) return std::chrono::minutes{0};
  const int sign = in.peek() == '-' ? -1 : 1;
  if (!in.take("+-")) return std::nullopt;
  const auto h = in.number(2);
  if (!h || !in.take(":")) return std::nullopt;
  const auto m = in.number(2);
  if (!m) return std::nullopt;
  return std::chrono::minutes{sign * (*h * 60 + *m)};
}

struct Unit { std::string_view name; std::int64_t ms; };
constexpr std::array<Unit, 5> kUnits{{{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1000}, {"ms", 1}}};
}  // namespace

std::string to_rfc3339(TimePoint time) {
  using namespace std::chrono;
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{time - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()), clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

TimePoint parse_rfc3339(std::string_view text) {
  using namespace std::chrono;
  Reader in(text);
  const auto y = in.number(4);
  if (!y || !in.take("-")) bad_time(text);
  const auto mo = in.number(2);
  if (!mo || !in.take("-")) bad_time(text);
  const auto d = in.number(2);
  if (!d || !in.take("Tt ")) bad_time(text);
  const auto h = in.number(2);
  if (!h || !in.take(":")) bad_time(text);
  const auto mi = in.number(2);
  if (!mi || !in.take(":")) bad_time(text);
  const auto s = in.number(2);
  if (!s) bad_time(text);
  const milliseconds ms = fraction(in);
  const auto zone = offset(in);
  const year_month_day date{year{*y}, month{static_cast<unsigned>(*mo)}, day{static_cast<unsigned>(*d)}};
  if (!zone || !in.done() || !date.ok() || *h > 23 || *mi > 59 || *s > 60) bad_time(text);
  return time_point_cast<milliseconds>(sys_days{date}) + hours{*h} + minutes{*mi} + seconds{*s} + ms - *zone;
}

milliseconds parse_duration(std::string_view text) {
  std::int64_t total = 0;
  std::string_view rest = text;
  if (rest.empty()) bad_duration(text);
  while (!rest.empty()) {
    std::size_t digits = 0;
    std::int64_t value = 0;
    while (digits < rest.size() && rest[digits] >= '0' && rest[digits] <= '9') {
      if (digits > 12) bad_duration(text);
      value = value * 10 + (rest[digits++] - '0');
    }
    std::size_t end = digits;
    while (end < rest.size() && (rest[end] < '0' || rest[end] > '9')) ++end;
    const std::string_view unit = rest.substr(digits, end - digits);
    const Unit* found = nullptr;
    for (const Unit& u : kUnits)
      if (u.name == unit) found = &u;
    if (digits == 0 || found == nullptr || value > (std::numeric_limits<std::int64_t>::max() - total) / found->ms) bad_duration(text);
    total += value * found->ms;
    rest.remove_prefix(end);
  }
  return milliseconds{total};
}

std::string to_string(milliseconds duration) {
  std::int64_t left = duration.count();
  if (left == 0) return "0s";
  std::string out;
  for (const Unit& u : kUnits) {
    if (u.name == "d") continue;  // hours read better: "24h", "72h"
    if (left / u.ms > 0) out += fmt::format("{}{}", left / u.ms, u.name);
    left %= u.ms;
  }
  return out;
}

}  // namespace deploy
