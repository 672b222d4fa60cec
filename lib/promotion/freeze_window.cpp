#include "promotion/freeze_window.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <array>

#include "deploy/error.hpp"

namespace deploy {

namespace {
using std::chrono::minutes;

constexpr minutes kWeek{7 * 24 * 60};
/// Longer than that no windows of a week can reach without covering the whole of it, changes of the clock included.
constexpr std::chrono::hours kLongest{15 * 24};

/// A zone's wall clock. UTC works without the system's time zone files, which small containers lack.
class WallClock {
 public:
  explicit WallClock(const FreezeWindow& window) {
    if (window.timezone == "UTC") return;
    try {
      zone_ = date::locate_zone(window.timezone);
    } catch (const std::runtime_error&) {
      throw Error(ErrorCode::invalid_argument, "promotion",
                  fmt::format("the freeze window {} to {} names the time zone '{}', which this system does not know; write for example \"Europe/Berlin\" (package tzdata)", window.from, window.to, window.timezone),
                  {{"timezone", window.timezone}});
    }
  }
  [[nodiscard]] date::local_time<std::chrono::milliseconds> local(TimePoint time) const {
    return zone_ != nullptr ? zone_->to_local(time) : date::local_time<std::chrono::milliseconds>{time.time_since_epoch()};
  }
  [[nodiscard]] TimePoint moment(date::local_time<minutes> time, date::choose which) const {
    return zone_ != nullptr ? zone_->to_sys(time, which) : TimePoint{time.time_since_epoch()};
  }

 private:
  const date::time_zone* zone_ = nullptr;
};

struct Span {
  TimePoint begin, end;  // end exclusive
};

/// The window in the week that begins `weeks` weeks after the one that `now` is in.
Span occurrence(const FreezeWindow& window, const WallClock& clock, TimePoint now, int weeks) {
  const auto today = date::floor<date::days>(clock.local(now));
  const auto monday = today - (date::weekday(today) - date::Monday) + kWeek * weeks;
  const minutes length = minutes{window.to_minute - window.from_minute} + (window.to_minute < window.from_minute ? kWeek : minutes{0});
  const auto begin = monday + minutes{window.from_minute};
  return {clock.moment(begin, date::choose::earliest), clock.moment(begin + length, date::choose::latest)};
}

/// When this window ends, `now` being in it; nullopt when it is not.
std::optional<TimePoint> end_of(const FreezeWindow& window, TimePoint now) {
  if (window.from_minute == window.to_minute) return std::nullopt;
  const WallClock clock(window);
  for (const int weeks : std::array{-1, 0, 1}) {  // 1: a clock set back over Monday's midnight
    const Span span = occurrence(window, clock, now, weeks);
    if (span.begin <= now && now < span.end) return span.end;
  }
  return std::nullopt;
}

/// The latest end among the windows that `now` is in.
std::optional<TimePoint> latest_end(const std::vector<FreezeWindow>& windows, TimePoint now) {
  std::optional<TimePoint> latest;
  for (const FreezeWindow& window : windows)
    if (const auto end = end_of(window, now); end && (!latest || *end > *latest)) latest = end;
  return latest;
}
}  // namespace

std::optional<TimePoint> frozen_until(const std::vector<FreezeWindow>& windows, TimePoint now) {
  std::optional<TimePoint> until = latest_end(windows, now);
  // Another window may go on where this one ends.
  for (auto next = until; next; next = latest_end(windows, *until)) {
    until = next;
    if (*until - now > kLongest) return kNeverOpens;
  }
  return until;
}

}  // namespace deploy
