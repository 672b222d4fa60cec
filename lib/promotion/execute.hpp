// The story of one deployment. A newcomer reads execute.cpp first.
#pragma once

#include <chrono>
#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "deploy/deployment.hpp"
#include "deploy/error.hpp"
#include "ledger/lease.hpp"
#include "ledger/state.hpp"
#include "promotion/finish.hpp"
#include "promotion/host_run.hpp"
#include "promotion/surroundings.hpp"
#include "support/json.hpp"

namespace deploy {

/// How long a step is repeated whose outcome is unknown. Steps look first what is there, so repeating one is safe.
inline constexpr std::chrono::milliseconds kPatience{8'000};

/// Why a deployment does not go on.
struct Failure {
  std::string reason;
  std::string host, step;
  bool unknown = false;    ///< we could not find out, rather than: it failed
  bool blame = false;      ///< the digest itself is at fault: it is quarantined
  bool cancelled = false;
  ProbeReport probe;       ///< of the host, when a probe decided
};

/// Brings another verified version up when the last one does not come back. Returns what is live then, or nothing.
using FallBack = std::function<std::optional<LiveVersion>(const std::string& deployment, std::vector<std::string>& reasons)>;

class Execution {
 public:
  /// `lease`: held under it everything is done and recorded; outlives this. `parent`: the deployment whose failure this one mends, or "".
  Execution(Surroundings& around, const Environment& environment, Plan plan, std::string id, HeldLease& lease, std::stop_token stop);

  /// Something the record should carry though it changes nothing.
  void add_warning(std::string warning) { warnings_.push_back(std::move(warning)); }

  /// Carries the plan out, to whichever end. Throws only what leaves nothing to be decided here: {fenced} and errors of the ledger.
  /// `still_allowed` is asked when others wrote to the ledger since the gates answered: false is Error{conflict}, and nothing was begun.
  Deployment run(const std::vector<GateAnswer>& gates, const FallBack& fall_back, const std::string& parent = "", const std::function<bool()>& still_allowed = {});
  /// Finishes, or undoes, what an earlier process began.
  Deployment resume(const OpenDeployment& open, bool undo, const FallBack& fall_back);

 private:
  void begin(const std::vector<GateAnswer>& gates, const std::string& parent, const std::function<bool()>& still_allowed);
  [[nodiscard]] std::optional<Failure> forward();
  [[nodiscard]] std::optional<Failure> on_hosts(const std::vector<HostRun*>& hosts, const std::function<std::optional<Failure>(HostRun&)>& work);
  [[nodiscard]] std::optional<Failure> take_steps(HostRun& run, std::span<const StepKind> kinds);
  [[nodiscard]] std::optional<Failure> take_step(HostRun& run, const Step& step, std::vector<EntryDraft>& pending);
  [[nodiscard]] std::optional<Failure> prove_candidate(HostRun& run, const Step& step, HostRun::Result& result);
  [[nodiscard]] std::optional<Failure> bake_all();
  HostRun::Result act_with_patience(HostRun& run, const Step& step);
  void repeat(const Step& step, const std::stop_token& stop, std::chrono::milliseconds& patience, const std::function<void()>& act);

  Deployment conclude(const std::optional<Failure>& failure, const FallBack& fall_back);
  Deployment succeed();
  Deployment fail(const Failure& failure, const FallBack& fall_back);
  Deployment hold(Deployment record, std::string reason);
  Deployment mended(const LiveVersion& live);
  void collect_evidence(const Failure& failure, Deployment& record);
  void quarantine(const Failure& failure);
  [[nodiscard]] EntryDraft quarantine_draft(const Failure& failure);
  void undo_all(const Failure& failure, std::vector<std::string>& reasons);
  void undo_host(HostRun& run, const Failure& failure, std::vector<std::string>& reasons);
  [[nodiscard]] bool prove_old(std::vector<std::string>& reasons);
  Deployment finish(Deployment record);

  [[nodiscard]] bool switched() const;
  [[nodiscard]] const Release* irreversible() const;
  [[nodiscard]] std::optional<LiveVersion> observe_live();
  [[nodiscard]] std::optional<LiveVersion> live_before() const;
  [[nodiscard]] const Step* find_step(const std::string& host, StepKind kind) const;
  [[nodiscard]] std::vector<HostRun*> batch(int number);
  [[nodiscard]] std::vector<HostRun*> all_hosts();
  [[nodiscard]] Where where(const Step& step) const;
  [[nodiscard]] EntryDraft draft(std::string kind, const json::Object& data) const;
  void append(std::vector<EntryDraft> drafts);
  void mark(int step);

  Surroundings& around_;
  const Environment& env_;
  Plan plan_;
  std::string id_;
  HeldLease& lease_;
  std::stop_token stop_;
  std::vector<HostRun> hosts_;
  std::mutex mutex_;             // guards begun_ while hosts are worked on in parallel
  std::set<int> begun_;          // steps that were intended, by index: what the way back has to undo
  std::set<int> recalled_;       // steps whose recorded result is taken over on resume
  TimePoint started_{};
  std::chrono::milliseconds began_{0};
  std::vector<GateAnswer> gates_;
  std::atomic<bool> quarantined_{false};  // recorded already
  std::vector<std::string> warnings_;
  Retained retained_;            // after a success
};

/// True for errors after which this process must not act any more (fenced), or that are the ledger's own.
[[nodiscard]] bool must_leave(const Error& error);

/// 16 random hex digits.
[[nodiscard]] std::string new_deployment_id();

}  // namespace deploy
