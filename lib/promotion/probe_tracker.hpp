// The arithmetic of probing: when is it healthy, when has it failed, and when to ask next. No clock, no I/O.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "deploy/health_probe.hpp"

namespace deploy {

/// Counts the answers of one probe and says when they make a verdict. All times are readings of one monotonic clock
/// (Clock::elapsed). Two phases:
///
/// *Waiting*, from construction: `success_threshold` successes in a row are healthy; failures decide nothing before
/// `start_period + deadline` have passed, so that a slow starter is not failed by its first refusals.
/// *Baking*, from begin_bake(): `failure_threshold` failures in a row are unhealthy at once; else the bake's end decides.
///
/// Unknown answers say nothing about the service: they neither count as failures nor end a row of them, and they do
/// end a row of successes. When a phase ends on `failure_threshold` unknowns in a row (waiting: or had nothing else), the
/// verdict is unknown: what was seen before the connection went away is no judgement of what is there now.
///
///   ProbeTracker tracker(probe, clock.elapsed());
///   while (!(verdict = tracker.verdict(clock.elapsed()))) { attempt, record, sleep next_delay }
class ProbeTracker {
 public:
  explicit ProbeTracker(const HealthProbe& probe, std::chrono::milliseconds now = std::chrono::milliseconds{0});

  /// Starts the second phase: it was healthy, and stays under watch for `bake`. All counters begin anew.
  void begin_bake(std::chrono::milliseconds bake, std::chrono::milliseconds now);

  [[nodiscard]] bool baking() const noexcept { return baking_; }

  void record(ProbeAnswer answer, std::chrono::milliseconds now);

  /// nullopt while the phase goes on. A bake does not end on a failure that is not yet decided: it goes on until the
  /// next success, or until the failures (or unknowns) in a row reach `failure_threshold`.
  [[nodiscard]] std::optional<Verdict> verdict(std::chrono::milliseconds now) const;

  /// One sentence for the verdict that `verdict(now)` gives, or on what is still missing.
  [[nodiscard]] std::string reason(std::chrono::milliseconds now) const;

  /// How long to wait before the next try. Waiting: 10 ms, growing by 1.6 up to `interval`; quickly again after a
  /// success. Baking: `interval`.
  [[nodiscard]] std::chrono::milliseconds next_delay() const;
  /// The same, but never past the end of the phase.
  [[nodiscard]] std::chrono::milliseconds next_delay(std::chrono::milliseconds now) const;
  /// Until the phase ends by time; 0 afterwards. The last try of the waiting should take no longer.
  [[nodiscard]] std::chrono::milliseconds time_left(std::chrono::milliseconds now) const;

 private:
  [[nodiscard]] std::optional<Verdict> waiting_verdict(std::chrono::milliseconds now) const;
  [[nodiscard]] std::optional<Verdict> baking_verdict(std::chrono::milliseconds now) const;
  [[nodiscard]] bool lost_sight() const;

  [[nodiscard]] std::string progress() const;
  [[nodiscard]] std::string why_healthy() const;
  [[nodiscard]] std::string why_unhealthy() const;
  [[nodiscard]] std::string why_unknown() const;

  HealthProbe probe_;
  std::chrono::milliseconds start_, newest_, end_;  // of this phase; newest_ is the latest answer's
  std::chrono::milliseconds backoff_;
  bool baking_ = false;
  int tries_ = 0, failures_ = 0;                                       // of this phase
  int successes_in_row_ = 0, failures_in_row_ = 0, unknowns_in_row_ = 0;
};

}  // namespace deploy
