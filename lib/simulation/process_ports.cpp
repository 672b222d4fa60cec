#include "simulation/process_ports.hpp"

#include "simulation/process_engine.hpp"
#include "simulation/process_store.hpp"

namespace deploy::simulation {

namespace {
using ProcessPtr = std::shared_ptr<Process>;

class ProcessClock final : public Clock {
 public:
  explicit ProcessClock(ProcessPtr process) : process_(std::move(process)) {}
  TimePoint now() override { return process_->clock().now(); }
  std::chrono::milliseconds elapsed() override { return process_->clock().elapsed(); }
  void sleep(std::chrono::milliseconds duration, const std::stop_token& stop) override {
    if (process_->alive()) process_->clock().sleep(duration, stop);  // the dead do not make others wait
  }
  [[nodiscard]] bool passes_by_itself() const noexcept override { return false; }

 private:
  ProcessPtr process_;
};

class ProcessRegistry final : public Registry {
 public:
  ProcessRegistry(ProcessPtr process, Registry& registry) : process_(std::move(process)), registry_(registry) {}
  std::optional<Manifest> find(const ImageReference& reference, const CallLimits& limits) override {
    return process_->call({.port = "registry", .method = "find", .subject = reference.str()}, limits, [&] { return registry_.find(reference, limits); });
  }
  void tag(const ImageReference& reference, const std::string& tag, TagMove move, const CallLimits& limits) override {
    process_->call({.port = "registry", .method = "tag", .subject = tag, .mutating = true}, limits, [&] { registry_.tag(reference, tag, move, limits); });
  }

 private:
  ProcessPtr process_;
  Registry& registry_;
};

class ProcessProber final : public Prober {
 public:
  ProcessProber(ProcessPtr process, Prober& prober) : process_(std::move(process)), prober_(prober) {}

  /// What goes wrong on the way says nothing about the service: unknown.
  ProbeTry attempt(const HealthProbe& probe, const ProbeTarget& target, const CallLimits& limits) override {
    const bool direct = probe.from == ProbeFrom::controller && (kind_of(probe) == "http" || kind_of(probe) == "tcp");
    PortCall what{.port = "prober", .host = target.host.url(), .method = "attempt", .subject = std::string(kind_of(probe)), .direct = direct};
    const auto begun = process_->clock().elapsed();
    try {
      return process_->call(std::move(what), {probe.timeout, limits.stop}, [&] { return prober_.attempt(probe, target, limits); });
    } catch (const Error& error) {
      if (error.code() == ErrorCode::cancelled) throw;
      return {{}, process_->clock().elapsed() - begun, ProbeAnswer::unknown, error.what()};
    }
  }

 private:
  ProcessPtr process_;
  Prober& prober_;
};

class ProcessBuilder final : public ImageBuilder {
 public:
  ProcessBuilder(ProcessPtr process, ImageBuilder& builder) : process_(std::move(process)), builder_(builder) {}
  std::vector<std::string> lint(const BuildRequest& request) override { return builder_.lint(request); }  // the local disk only
  std::string build(const BuildRequest& request, const std::function<void(std::string_view)>& output, const CallLimits& limits) override {
    return process_->call({.port = "builder", .method = "build", .mutating = true}, limits, [&] { return builder_.build(request, output, limits); });
  }
  void tag(const std::string& image_id, const ImageReference& reference, const CallLimits& limits) override {
    process_->call({.port = "builder", .method = "tag", .subject = reference.str(), .mutating = true}, limits, [&] { builder_.tag(image_id, reference, limits); });
  }
  Digest push(const ImageReference& reference, const std::function<void(std::string_view)>& output, const CallLimits& limits) override {
    return process_->call({.port = "builder", .method = "push", .subject = reference.str(), .mutating = true}, limits, [&] { return builder_.push(reference, output, limits); });
  }

 private:
  ProcessPtr process_;
  ImageBuilder& builder_;
};

class ProcessSource final : public Source {
 public:
  ProcessSource(ProcessPtr process, Source& source) : process_(std::move(process)), source_(source) {}
  std::optional<SourceState> state(const CallLimits& limits) override {
    return process_->call({.port = "source", .method = "state"}, limits, [&] { return source_.state(limits); });
  }
  std::optional<SourceTag> find_tag(const std::string& name, const std::string& remote, const CallLimits& limits) override {
    return process_->call({.port = "source", .method = "find_tag", .subject = name}, limits, [&] { return source_.find_tag(name, remote, limits); });
  }
  void tag(const std::string& name, const std::string& commit, const std::string& message, const std::string& remote, const CallLimits& limits) override {
    process_->call({.port = "source", .method = "tag", .subject = name, .mutating = true}, limits, [&] { source_.tag(name, commit, message, remote, limits); });
  }

 private:
  ProcessPtr process_;
  Source& source_;
};
}  // namespace

void LeaseBook::note(const Lease& lease, std::shared_ptr<Process> holder) {
  const std::lock_guard lock(mutex_);
  holders_[{lease.name, lease.token}] = std::move(holder);
}

std::shared_ptr<Process> LeaseBook::holder(const Lease& lease) const {
  const std::lock_guard lock(mutex_);
  const auto found = holders_.find({lease.name, lease.token});
  return found == holders_.end() ? nullptr : found->second;
}

Ports make_ports(const std::shared_ptr<Process>& process, const SharedWorld& world, LeaseBook& leases) {
  Ports ports;
  ports.store = std::make_unique<ProcessStore>(process, *world.store, leases);
  ports.fleet = std::make_unique<ProcessFleet>(process, *world.fleet);
  ports.builder = std::make_unique<ProcessBuilder>(process, *world.builder);
  ports.registry = std::make_unique<ProcessRegistry>(process, *world.registry);
  ports.prober = std::make_unique<ProcessProber>(process, *world.prober);
  ports.source = std::make_unique<ProcessSource>(process, *world.source);
  ports.clock = std::make_unique<ProcessClock>(process);
  if (process->turns()) ports.workers = std::make_unique<TakingTurns>(*process->turns());
  return ports;
}

}  // namespace deploy::simulation
