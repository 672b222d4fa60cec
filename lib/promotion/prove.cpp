#include "promotion/prove.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "deploy/error.hpp"
#include "promotion/execute.hpp"
#include "promotion/probe_tracker.hpp"

namespace deploy {

namespace {
using std::chrono::milliseconds;

[[noreturn]] void cancelled() { throw Error(ErrorCode::cancelled, "probe", "stopped on request while probing"); }

/// One subject under watch: asks, counts, and looks after the container itself.
class Watch {
 public:
  Watch(Surroundings& around, const Environment& env, const std::string& deployment, Subject subject)
      : around_(around), env_(env), deployment_(deployment), subject_(std::move(subject)), tracker_(env.probe, around.clock.elapsed()), began_(around.clock.elapsed()) {
    restarts_before_ = is_candidate() ? 0 : count_restarts();
  }

  void begin_bake() {
    bakes_ = true;
    tracker_.begin_bake(env_.rollback.bake, around_.clock.elapsed());
  }
  [[nodiscard]] const std::string& host() const { return subject_.run.host().url(); }

  /// One try. Returns the verdict when there is one.
  std::optional<Verdict> look(const std::stop_token& stop) {
    const ProbeTry found = ask(stop);
    const milliseconds now = around_.clock.elapsed();  // an answer speaks of its own moment, however long the Engine takes to say more
    tracker_.record(found.answer, now);
    const int revivals = subject_.run.revivals();
    const std::string trouble = look_after_container(stop);
    if (!trouble.empty()) return decide(Verdict::unhealthy, trouble);
    if (subject_.run.revivals() != revivals) {  // what failed until now was not its own doing: it gets its time anew
      tracker_ = ProbeTracker(env_.probe, around_.clock.elapsed());
      return std::nullopt;
    }
    if (found.answer == ProbeAnswer::success) subject_.run.note_up(now);
    return conclude(found, now);
  }

  [[nodiscard]] milliseconds next_delay() const { return tracker_.next_delay(around_.clock.elapsed()); }
  [[nodiscard]] ProbeReport report() const {
    ProbeReport report = report_;
    report.waited = around_.clock.elapsed() - began_;
    return report;
  }

 private:
  std::optional<Verdict> conclude(const ProbeTry& found, milliseconds now) {
    const auto verdict = tracker_.verdict(now);
    if (!verdict) return std::nullopt;
    if (*verdict == Verdict::healthy && bakes_ && !tracker_.baking()) {
      begin_bake();
      return std::nullopt;
    }
    const std::string why = tracker_.reason(now) + (*verdict == Verdict::healthy ? "" : "; the last one: " + found.detail);
    if (*verdict != Verdict::unhealthy || silence_.empty()) return decide(*verdict, why);
    // Without its Engine a container loses its published ports, and a good one looks like a bad one. The Engine may come back and tell.
    if (around_.clock.elapsed() - silent_since_ < kPatience) return std::nullopt;
    return decide(Verdict::unknown, fmt::format("{}; and what became of the container is not known: {}", why, silence_));
  }

  [[nodiscard]] bool is_candidate() const { return subject_.container == subject_.run.candidate(); }

  std::int64_t count_restarts() {
    try {
      const auto info = subject_.run.inspect(subject_.container);
      return info ? info->restart_count : 0;
    } catch (const Error& error) {
      if (error.outcome_unknown() || error.code() == ErrorCode::unreachable) return 0;  // the first look says the same, as an unknown answer
      throw;
    }
  }

  /// The last try before the deadline takes no longer than the time that is left. A bake has no deadline: cutting its last try
  /// short would take a healthy service for one that cannot be asked.
  [[nodiscard]] HealthProbe bounded() const {
    HealthProbe probe = env_.probe;
    if (tracker_.baking()) return probe;
    const milliseconds left = tracker_.time_left(around_.clock.elapsed());
    if (left.count() > 0) probe.timeout = std::min(probe.timeout, left);
    return probe;
  }

  ProbeTry ask(const std::stop_token& stop) {
    const HealthProbe probe = bounded();
    const milliseconds begin = around_.clock.elapsed();
    const TimePoint time = around_.clock.now();
    ProbeTry found = around_.prober.attempt(probe, {subject_.run.host(), subject_.container}, {probe.timeout + milliseconds{1000}, stop});
    found.time = time;
    if (found.latency.count() == 0) found.latency = around_.clock.elapsed() - begin;
    note(found);
    return found;
  }

  void note(const ProbeTry& found) {
    if (report_.tries.size() == kProbeTraceLimit) report_.tries.erase(report_.tries.begin());
    report_.tries.push_back(found);
    around_.narrator.say(EventKind::probe_tried, {env_.name, deployment_, host(), "probe"}, found.detail,
                         {{"answer", std::string(to_string(found.answer))}, {"detail", found.detail}});
  }

  std::string look_after_container(const std::stop_token& stop) {
    try {
      std::string trouble = subject_.run.trouble(subject_.container, subject_.digest, restarts_before_, stop);
      silence_.clear();
      return trouble;
    } catch (const Error& error) {
      // The Engine cannot be asked just now: that says nothing about the service.
      if (!error.outcome_unknown() && error.code() != ErrorCode::unreachable) throw;
      if (silence_.empty()) silent_since_ = around_.clock.elapsed();
      silence_ = error.what();
      return "";
    }
  }

  std::optional<Verdict> decide(Verdict verdict, std::string reason) {
    report_.verdict = verdict;
    report_.reason = std::move(reason);
    return verdict;
  }

  Surroundings& around_;
  const Environment& env_;
  const std::string& deployment_;
  Subject subject_;
  ProbeTracker tracker_;
  milliseconds began_;
  std::int64_t restarts_before_ = 0;
  bool bakes_ = false;
  std::string silence_;  ///< why the Engine could not be asked the last time; "" when it could
  milliseconds silent_since_{0};
  ProbeReport report_;
};
}  // namespace

ProbeReport prove(Surroundings& around, const Environment& env, const std::string& deployment, const Subject& subject, const std::stop_token& stop) {
  Watch watch(around, env, deployment, subject);
  while (!watch.look(stop)) {
    around.clock.sleep(watch.next_delay(), stop);
    if (stop.stop_requested()) cancelled();
  }
  return watch.report();
}

BakeResult bake(Surroundings& around, const Environment& env, const std::string& deployment, const std::vector<Subject>& subjects, const std::stop_token& stop) {
  if (env.rollback.bake.count() == 0) return {};
  around.narrator.say(EventKind::baking, {env.name, deployment, "", "bake"}, fmt::format("baking for {}", to_string(env.rollback.bake)),
                      {{"bake_ms", std::to_string(env.rollback.bake.count())}});
  std::vector<Watch> watches;
  watches.reserve(subjects.size());
  for (const Subject& subject : subjects) watches.emplace_back(around, env, deployment, subject).begin_bake();
  for (std::size_t done = 0; done < watches.size();) {
    done = 0;
    milliseconds delay = env.probe.interval;
    for (Watch& watch : watches) {
      const auto verdict = watch.look(stop);
      if (verdict && *verdict != Verdict::healthy) return {false, watch.host(), watch.report()};
      done += verdict ? 1 : 0;
      delay = std::min(delay, std::max(watch.next_delay(), milliseconds{1}));
    }
    if (done < watches.size()) around.clock.sleep(delay, stop);
    if (stop.stop_requested()) cancelled();
  }
  return {};
}

}  // namespace deploy
