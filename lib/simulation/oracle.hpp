// Checks the nine promises from outside: it is told of every ledger entry, every call and every event, and looks at the
// machines itself. It asks nothing of the code that it judges.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "deploy/config.hpp"
#include "deploy/event.hpp"
#include "deploy/ports/ledger_store.hpp"
#include "deploy/ports/prober.hpp"
#include "deploy/simulation.hpp"
#include "simulation/facts.hpp"
#include "simulation/fake_fleet.hpp"
#include "support/json.hpp"

namespace deploy::simulation {

/// Part of every placeholder that stands for a secret.
inline constexpr std::string_view kPlantedSecret = "planted-secret";

class Oracle {
 public:
  Oracle(const Config& config, FakeFleet& fleet, VirtualClock& clock)
      : config_(config), fleet_(fleet), clock_(clock) {}

  // The ledger and its leases
  void lease_taken(const std::string& environment, std::int64_t token, const std::string& process);
  void lease_given_back(const std::string& environment, std::int64_t token);
  void appended(const std::string& process, const std::optional<LeaseClaim>& claim, const std::vector<LedgerEntry>& entries);
  void refused(const std::string& process, const std::string& environment);

  // Calls that change a host, before they take effect
  void before_pull(const std::string& process, const std::string& host, const ImageReference& image);
  void before_create(const std::string& process, const std::string& host, const ContainerRequest& request);
  void before_act(const std::string& process, const std::string& host, const std::string& method, const std::string& id);
  void probed(const std::string& host, const std::string& container, ProbeAnswer answer);

  /// Somebody else changed this host: what was proven there holds no more.
  void touched(const std::string& host) { ++touched_[host]; }
  void said(const Event& event);
  void check_text(const std::string& text, const std::string& where);  ///< no secret in it
  /// To be called when nobody acts: what the ledger says is what the machines do.
  void check_settled();
  /// A promise was broken; the first one counts.
  void report(int invariant, const std::string& sentence);

  [[nodiscard]] const std::optional<Violation>& violation() const noexcept { return violation_; }
  [[nodiscard]] std::int64_t events() const noexcept { return events_; }
  /// Calls that changed a host: of all processes, or of one.
  [[nodiscard]] std::int64_t changes() const noexcept { return changes_; }
  [[nodiscard]] std::int64_t changes(const std::string& process) { return changes_by_[process]; }
  [[nodiscard]] const EnvironmentFacts& facts(const std::string& environment) { return facts_[environment]; }
  void passed() noexcept { ++events_; }

 private:
  using Data = std::map<std::string, std::string>;
  void take_in(const std::string& process, const LedgerEntry& entry);
  void started(const LedgerEntry& entry, const json::Value& data);
  void lifted(const std::string& digest);
  void intended(OpenFacts& open, const json::Value& data);
  void done(const EnvironmentFacts& facts, const OpenFacts& open, const LedgerEntry& entry, const json::Value& data);
  void undone(OpenFacts& open, const LedgerEntry& entry, const json::Value& data);
  void failed(OpenFacts& open, const json::Value& data);
  void verified(EnvironmentFacts& facts, const LedgerEntry& entry, const json::Value& data);
  void decided(EnvironmentFacts& facts, const LedgerEntry& entry, const json::Value& data);
  void finished(EnvironmentFacts& facts, const LedgerEntry& entry, const json::Value& data);

  // oracle_gates.cpp: what each gate should have said
  void check_gates(const EnvironmentFacts& facts, const Environment& env, const OpenFacts& open, const json::Value& data, const std::string& creator);
  [[nodiscard]] std::string closed_gate(const EnvironmentFacts& facts, const Environment& env, const OpenFacts& open, const std::string& creator);
  void check_target(const EnvironmentFacts& facts, const Environment& env, const OpenFacts& open);

  // oracle_hosts.cpp: what the machines do
  [[nodiscard]] bool may_act(const std::string& process, const std::string& host, EnvironmentFacts& facts, const std::string& what);
  void check_intent(const EnvironmentFacts& facts, const std::string& host, const std::string& method, const std::string& what);
  [[nodiscard]] bool was_on_the_way(EnvironmentFacts& facts, const std::string& host) const;
  [[nodiscard]] bool is_stock(const EnvironmentFacts& facts, const std::string& digest, const std::string& live) const;
  void check_removal(const EnvironmentFacts& facts, const Environment& env, const std::string& host, const FakeContainer& container);
  void check_serving(const Environment& env, const EnvironmentFacts& facts, const std::optional<LiveVersion>& live, const std::string& when, bool proven);
  void check_host(const Environment& env, const EnvironmentFacts& facts, const std::string& host, const std::optional<LiveVersion>& live, const std::string& when, bool proven);
  [[nodiscard]] bool untouched(const EnvironmentFacts& facts, const std::string& host) const;
  [[nodiscard]] std::vector<FakeContainer> containers(const Environment& env, const std::string& host);
  [[nodiscard]] std::optional<FakeContainer> live_container(const Environment& env, const std::string& host);
  [[nodiscard]] std::optional<FakeContainer> served_by(const Environment& env, const std::string& host);
  [[nodiscard]] std::int64_t touches(const std::string& host) const;

  const Config& config_;
  FakeFleet& fleet_;
  VirtualClock& clock_;
  std::map<std::string, EnvironmentFacts> facts_;
  std::map<std::string, std::string> quarantined_;   // digest -> reason
  std::map<std::string, std::string> creators_;      // digest -> who made it
  std::map<std::string, std::int64_t> touched_;      // by host
  std::map<std::string, std::int64_t> seen_;         // touched_ at the last call that changed the host
  std::optional<Violation> violation_;
  std::int64_t events_ = 0, changes_ = 0;
  std::map<std::string, std::int64_t> changes_by_;   // by process
};

}  // namespace deploy::simulation
