#include "deploy/environment.hpp"

#include <array>

#include "deploy/error.hpp"
#include "model/text.hpp"

namespace deploy {

namespace {
constexpr std::size_t kLongestName = 63;
constexpr int kMinutesPerDay = 24 * 60;
constexpr std::array<std::string_view, 7> kDays = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};

[[noreturn]] void bad_time(std::string_view text, std::string_view why) {
  throw Error(ErrorCode::invalid_argument, "config",
              text::quoted(text) + " is not a time of the week: " + std::string(why) + " (expected for example \"Fri 16:00\")");
}

int read_day(std::string_view text, std::string_view word) {
  const std::string day = text::lower(word);
  for (std::size_t i = 0; i < kDays.size(); ++i)
    if (day == kDays[i] || day == kDays[i].substr(0, 3)) return static_cast<int>(i);
  bad_time(text, "the day is not one of Mon, Tue, Wed, Thu, Fri, Sat, Sun");
}

int read_clock(std::string_view text, std::string_view clock) {
  const bool shaped = clock.size() == 5 && clock[2] == ':';
  const auto hour = shaped ? text::number(clock.substr(0, 2)) : std::nullopt;
  const auto minute = shaped ? text::number(clock.substr(3)) : std::nullopt;
  if (!hour || !minute || *minute > 59 || *hour > 24 || (*hour == 24 && *minute > 0)) bad_time(text, "the time of day is not HH:MM");
  return static_cast<int>(*hour) * 60 + static_cast<int>(*minute);
}
}  // namespace

int parse_week_minute(std::string_view text) {
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos) bad_time(text, "a day and a time of day are needed");
  const int day = read_day(text, text.substr(0, space));
  return (day * kMinutesPerDay + read_clock(text, text.substr(space + 1))) % (7 * kMinutesPerDay);
}

bool is_valid_name(std::string_view name) noexcept {
  return !name.empty() && name.size() <= kLongestName && text::is_alnum(name.front()) &&
         text::all_of(name, [](char c) { return text::is_alnum(c) || c == '_' || c == '.' || c == '-'; });
}

std::string_view to_string(StrategyType type) {
  switch (type) {
    case StrategyType::recreate: return "recreate";
    case StrategyType::blue_green: return "blue_green";
    case StrategyType::canary: return "canary";
  }
  return "recreate";
}

std::string_view to_string(OnUnknown action) {
  switch (action) {
    case OnUnknown::hold: return "hold";
    case OnUnknown::rollback: return "rollback";
  }
  return "hold";
}

}  // namespace deploy
