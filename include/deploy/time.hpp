// Points in time and durations as text.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace deploy {

/// Wall-clock time with millisecond precision, UTC. Since: 0.9
using TimePoint = std::chrono::sys_time<std::chrono::milliseconds>;

/// RFC 3339 in UTC with milliseconds: 2026-11-22T22:26:53.123Z. Since: 0.9
[[nodiscard]] std::string to_rfc3339(TimePoint time);
/// Accepts fractional seconds of any length and numeric offsets. Throws Error{invalid_argument}. Since: 0.9
[[nodiscard]] TimePoint parse_rfc3339(std::string_view text);

/// "500ms", "30s", "5m", "24h", "7d"; also "1m30s". Throws Error{invalid_argument} on anything else, negatives and overflow included. Since: 0.9
[[nodiscard]] std::chrono::milliseconds parse_duration(std::string_view text);
/// The shortest exact form that parse_duration reads back: "90s" -> "1m30s", 1500 ms -> "1s500ms". Since: 0.9
[[nodiscard]] std::string to_string(std::chrono::milliseconds duration);

}  // namespace deploy
