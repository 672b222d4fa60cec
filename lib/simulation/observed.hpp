// The shared world with an observer at every door: what arrives here takes effect, whoever it came from.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "simulation/fake_prober.hpp"
#include "simulation/memory_store.hpp"
#include "simulation/oracle.hpp"

namespace deploy::simulation {

/// Whose call is on its way. Set when a call has passed the fault plan; nothing else runs between that and its effect.
struct Caller {
  std::string process;
};

class ObservedStore final : public LedgerStore {
 public:
  ObservedStore(MemoryStore& store, Oracle& oracle, const Caller& caller) : store_(store), oracle_(oracle), caller_(caller) {}

  LedgerHead head() override { return store_.head(); }
  std::vector<LedgerEntry> read(std::int64_t after, std::size_t limit) override { return store_.read(after, limit); }
  AppendResult append(const LedgerHead& expected, const std::optional<LeaseClaim>& claim, const std::vector<LedgerEntry>& entries) override;
  std::optional<Lease> acquire(const std::string& name, const LeaseHolder& holder, std::chrono::milliseconds ttl, TimePoint now,
                               const std::function<bool(const Lease&)>& may_take_over) override;
  bool renew(const LeaseClaim& claim, std::chrono::milliseconds ttl, TimePoint now) override { return store_.renew(claim, ttl, now); }
  void release(const LeaseClaim& claim) override;
  std::optional<Lease> lease(const std::string& name) override { return store_.lease(name); }
  std::optional<Checkpoint> checkpoint() override { return store_.checkpoint(); }
  void save_checkpoint(const Checkpoint& checkpoint) override { store_.save_checkpoint(checkpoint); }

  /// Called with every lease that was given out, so that somebody keeps it alive.
  std::function<void(const LeaseClaim&, const std::string& process)> on_lease;

 private:
  MemoryStore& store_;
  Oracle& oracle_;
  const Caller& caller_;
};

class ObservedEngine final : public Engine {
 public:
  ObservedEngine(std::string host, FakeEngine& engine, Oracle& oracle, const Caller& caller) : host_(std::move(host)), engine_(engine), oracle_(oracle), caller_(caller) {}

  EngineInfo info(const CallLimits& limits) override { return engine_.info(limits); }
  void pull(const ImageReference& image, const std::function<void(const PullProgress&)>& progress, const CallLimits& limits) override;
  std::optional<ImageInfo> find_image(const std::string& reference, const CallLimits& limits) override { return engine_.find_image(reference, limits); }
  std::vector<ImageInfo> list_images(const ImageReference& repository, const CallLimits& limits) override { return engine_.list_images(repository, limits); }
  void remove_image(const std::string& reference, const CallLimits& limits) override { engine_.remove_image(reference, limits); }
  std::string create(const ContainerRequest& request, const CallLimits& limits) override;
  void start(const std::string& id, const CallLimits& limits) override;
  void stop(const std::string& id, std::chrono::milliseconds grace, const CallLimits& limits) override;
  void rename(const std::string& id, const std::string& name, const CallLimits& limits) override;
  void set_restart_policy(const std::string& id, const std::string& policy, const CallLimits& limits) override;
  void remove(const std::string& id, const CallLimits& limits) override;
  std::optional<ContainerInfo> inspect(const std::string& id_or_name, const CallLimits& limits) override { return engine_.inspect(id_or_name, limits); }
  std::vector<ContainerInfo> list(const std::map<std::string, std::string>& labels, const CallLimits& limits) override { return engine_.list(labels, limits); }
  std::vector<ContainerInfo> list_publishing(const std::vector<PortBinding>& ports, const CallLimits& limits) override { return engine_.list_publishing(ports, limits); }
  std::string logs(const std::string& id, int lines, const CallLimits& limits) override { return engine_.logs(id, lines, limits); }
  void follow_logs(const std::string& id, int lines, const std::function<void(std::string_view)>& sink, const CallLimits& limits) override { engine_.follow_logs(id, lines, sink, limits); }
  ExecOutcome exec(const std::string& id, const std::vector<std::string>& command, const CallLimits& limits) override { return engine_.exec(id, command, limits); }

 private:
  std::string host_;
  FakeEngine& engine_;
  Oracle& oracle_;
  const Caller& caller_;
};

class ObservedFleet final : public Fleet {
 public:
  ObservedFleet(FakeFleet& fleet, Oracle& oracle, const Caller& caller) : fleet_(fleet), oracle_(oracle), caller_(caller) {}
  Engine& engine(const Host& host) override;

 private:
  FakeFleet& fleet_;
  Oracle& oracle_;
  const Caller& caller_;
  std::map<std::string, std::unique_ptr<ObservedEngine>> engines_;
};

class ObservedProber final : public Prober {
 public:
  ObservedProber(FakeProber& prober, Oracle& oracle) : prober_(prober), oracle_(oracle) {}
  ProbeTry attempt(const HealthProbe& probe, const ProbeTarget& target, const CallLimits& limits) override;

 private:
  FakeProber& prober_;
  Oracle& oracle_;
};

}  // namespace deploy::simulation
