#include "promotion/probe_tracker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "deploy/time.hpp"

namespace deploy {

namespace {
using std::chrono::milliseconds;

constexpr milliseconds kFirstDelay{10};
constexpr double kDelayGrowth = 1.6;
constexpr milliseconds kConfirmDelay{50};  ///< between the successes of a row, so that a threshold of 2 costs little

milliseconds grown(milliseconds delay) {
  return milliseconds{static_cast<milliseconds::rep>(std::llround(static_cast<double>(delay.count()) * kDelayGrowth))};
}

std::string counted(int n, std::string_view noun) {
  if (n == 1) return fmt::format("1 {}", noun);
  if (noun == "try") return fmt::format("{} tries", n);
  return fmt::format("{} {}{}", n, noun, noun.ends_with('s') ? "es" : "s");
}
}  // namespace

ProbeTracker::ProbeTracker(const HealthProbe& probe, milliseconds now)
    : probe_(probe), start_(now), newest_(now), end_(now + probe.start_period + probe.deadline), backoff_(std::min(kFirstDelay, probe.interval)) {
  probe_.success_threshold = std::max(1, probe.success_threshold);
  probe_.failure_threshold = std::max(1, probe.failure_threshold);
}

void ProbeTracker::begin_bake(milliseconds bake, milliseconds now) {
  baking_ = true;
  start_ = newest_ = now;
  end_ = now + bake;
  tries_ = failures_ = successes_in_row_ = failures_in_row_ = unknowns_in_row_ = 0;
}

void ProbeTracker::record(ProbeAnswer answer, milliseconds now) {
  newest_ = now;
  if (tries_++ > 0) backoff_ = std::min(grown(backoff_), probe_.interval);
  switch (answer) {
    case ProbeAnswer::success:
      ++successes_in_row_;
      failures_in_row_ = unknowns_in_row_ = 0;
      break;
    case ProbeAnswer::failure:
      ++failures_;
      ++failures_in_row_;
      successes_in_row_ = unknowns_in_row_ = 0;
      break;
    case ProbeAnswer::unknown:
      ++unknowns_in_row_;
      successes_in_row_ = 0;
      break;
  }
}

bool ProbeTracker::lost_sight() const {
  return unknowns_in_row_ > 0 && (unknowns_in_row_ == tries_ || unknowns_in_row_ >= probe_.failure_threshold);
}

std::optional<Verdict> ProbeTracker::verdict(milliseconds now) const {
  return baking_ ? baking_verdict(now) : waiting_verdict(now);
}

std::optional<Verdict> ProbeTracker::waiting_verdict(milliseconds now) const {
  if (successes_in_row_ >= probe_.success_threshold) return Verdict::healthy;
  if (now < end_) return std::nullopt;
  if (lost_sight()) return Verdict::unknown;
  // Never wrong, only too few answers: nothing speaks against the service.
  return failures_ > 0 ? Verdict::unhealthy : Verdict::unknown;
}

std::optional<Verdict> ProbeTracker::baking_verdict(milliseconds now) const {
  if (failures_in_row_ >= probe_.failure_threshold) return Verdict::unhealthy;
  if (now < end_) return std::nullopt;
  if (unknowns_in_row_ >= probe_.failure_threshold) return Verdict::unknown;
  if (failures_in_row_ > 0 || unknowns_in_row_ > 0) return std::nullopt;
  return Verdict::healthy;
}

std::string ProbeTracker::reason(milliseconds now) const {
  const auto decided = verdict(now);
  if (!decided) return progress();
  switch (*decided) {
    case Verdict::healthy: return why_healthy();
    case Verdict::unhealthy: return why_unhealthy();
    case Verdict::unknown: return why_unknown();
  }
  return progress();
}

std::string ProbeTracker::progress() const {
  if (baking_) return fmt::format("still watching; {} in a row", counted(failures_in_row_, "failure"));
  return fmt::format("{} of {} in a row so far", successes_in_row_, counted(probe_.success_threshold, "success"));
}

std::string ProbeTracker::why_healthy() const {
  const std::string span = to_string(newest_ - start_);
  if (baking_) return fmt::format("stayed healthy over {} in {}", counted(tries_, "try"), span);
  return fmt::format("{} in a row after {}", counted(successes_in_row_, "success"), span);
}

std::string ProbeTracker::why_unhealthy() const {
  if (baking_) return fmt::format("{} in a row while it was watched", counted(failures_in_row_, "failure"));
  return fmt::format("never {} in a row within {}; {} of {} failed", counted(probe_.success_threshold, "success"),
                     to_string(end_ - start_), failures_, counted(tries_, "try"));
}

std::string ProbeTracker::why_unknown() const {
  if (unknowns_in_row_ > 0) return fmt::format("the service could not be asked; {} in a row brought no answer", counted(unknowns_in_row_, "try"));
  return fmt::format("too few answers within {}: {}", to_string(end_ - start_), counted(tries_, "try"));
}

milliseconds ProbeTracker::next_delay() const {
  if (baking_) return probe_.interval;
  if (successes_in_row_ > 0) return std::min(kConfirmDelay, probe_.interval);
  return backoff_;
}

milliseconds ProbeTracker::next_delay(milliseconds now) const {
  const milliseconds left = time_left(now);
  return left > milliseconds{0} ? std::min(next_delay(), left) : next_delay();
}

milliseconds ProbeTracker::time_left(milliseconds now) const { return std::max(milliseconds{0}, end_ - now); }

}  // namespace deploy
