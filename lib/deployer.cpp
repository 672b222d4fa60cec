// The front door: joins ports, journal and pipeline, and guards the running call.
#include "deploy/deployer.hpp"

#include <mutex>
#include <utility>

#include "deployer_adapters.hpp"
#include "ledger/chain.hpp"
#include "ledger/entry.hpp"
#include "promotion/doctor.hpp"
#include "promotion/pipeline.hpp"
#include "support/thread_workers.hpp"

namespace deploy {

namespace {
constexpr std::size_t kPage = 1000;

std::string checked(std::string actor) {
  if (actor.empty()) throw Error(ErrorCode::invalid_argument, "deployer", "who acts has to be named: everything in the ledger is somebody's");
  return actor;
}
}  // namespace

struct Deployer::Impl {
  Impl(Config c, DeployerOptions options)
      : config(std::move(c)), actor(checked(std::move(options.actor))), virtual_time(options.ports.clock != nullptr), composition(config), ports(std::move(options.ports)) {
    if (!ports.clock) ports.clock = make_system_clock();
    if (!ports.store) ports.store = composition.make_store();
    if (!ports.fleet) ports.fleet = composition.make_fleet();
    if (!ports.registry) ports.registry = composition.make_registry();
    if (!ports.prober) ports.prober = composition.make_prober(*ports.fleet);
    if (!ports.source) ports.source = composition.make_source();
    if (!ports.workers) ports.workers = std::make_unique<ThreadWorkers>();
    secrets = std::move(options.secrets);
    if (!secrets) secrets = [this](const SecretSource& source) { return composition.resolve(source); };
    narrator = std::make_unique<Narrator>(std::move(options.on_event), *ports.clock, stop);
    journal = std::make_unique<Journal>(*ports.store, *ports.clock, actor, [this](const LedgerEntry& entry) { fold(state, entry); });
    around = std::make_unique<Surroundings>(Surroundings{config, *journal, *ports.fleet, *ports.registry, *ports.prober, *ports.source, *ports.clock, *narrator,
                                                         secrets, actor, *ports.workers});
    pipeline = std::make_unique<Pipeline>(*around, state, LeaseTerms{*ports.store, this_process(actor), is_dead, virtual_time ? LeaseRenewal::on_request : LeaseRenewal::background}, stop);
    journal->refresh();
  }

  ImageBuilder& builder() {
    if (!ports.builder) ports.builder = composition.make_builder();
    return *ports.builder;
  }

  /// Runs one call: cancel() reaches it, and what the event sink threw comes out of it.
  template <class F>
  auto call(F&& work) {
    {
      const std::lock_guard lock(mutex);
      stop = std::stop_source();
    }
    try {
      if constexpr (std::is_void_v<decltype(work())>) {
        work();
        narrator->rethrow();
      } else {
        auto result = work();
        narrator->rethrow();
        return result;
      }
    } catch (const Error&) {
      narrator->rethrow();  // a sink that threw has cancelled the call: its exception is the cause
      throw;
    }
  }

  Config config;
  std::string actor;
  bool virtual_time;
  std::mutex mutex;  // guards stop between call() and cancel()
  std::stop_source stop;
  Composition composition;
  Ports ports;
  std::function<Secret(const SecretSource&)> secrets;
  State state;
  std::unique_ptr<Narrator> narrator;
  std::unique_ptr<Journal> journal;
  std::unique_ptr<Surroundings> around;
  std::unique_ptr<Pipeline> pipeline;
};

Deployer::Deployer(Config config, DeployerOptions options) : impl_(std::make_unique<Impl>(std::move(config), std::move(options))) {}
Deployer::~Deployer() = default;
Deployer::Deployer(Deployer&&) noexcept = default;
Deployer& Deployer::operator=(Deployer&&) noexcept = default;

const Config& Deployer::config() const noexcept { return impl_->config; }

Release Deployer::build(const BuildOptions& options) {
  return impl_->call([&] { return impl_->pipeline->build(impl_->builder(), options); });
}

Release Deployer::add_release(const ImageReference& image, const Version& version) {
  return impl_->call([&] { return impl_->pipeline->add_release(image, version); });
}

std::vector<Release> Deployer::releases() {
  impl_->journal->refresh();
  return {impl_->state.releases.rbegin(), impl_->state.releases.rend()};
}

Release Deployer::find_release(std::string_view selector) { return impl_->pipeline->find_release(selector); }

PlanReport Deployer::plan(const Release& release, std::string_view environment, const PromoteOptions& options) {
  return impl_->call([&] { return impl_->pipeline->plan(release, impl_->config.environment(environment), options.allow_downgrade); });
}

Deployment Deployer::promote(const Release& release, std::string_view environment, const PromoteOptions& options) {
  return impl_->call([&] { return impl_->pipeline->promote(release, impl_->config.environment(environment), options.allow_downgrade); });
}

std::vector<Deployment> Deployer::run(const BuildOptions& options) {
  return impl_->call([&] {
    const Release release = impl_->pipeline->build(impl_->builder(), options);
    std::vector<Deployment> done;
    for (const Environment& environment : impl_->config.environments) {
      done.push_back(impl_->pipeline->promote(release, environment, false));
      if (done.back().outcome != Outcome::succeeded) break;
    }
    return done;
  });
}

void Deployer::approve(const Release& release, std::string_view environment, const std::string& comment) {
  impl_->call([&] { impl_->pipeline->decide(release, impl_->config.environment(environment), comment, true); });
}

void Deployer::deny(const Release& release, std::string_view environment, const std::string& comment) {
  impl_->call([&] { impl_->pipeline->decide(release, impl_->config.environment(environment), comment, false); });
}

Deployment Deployer::rollback(std::string_view environment, const RollbackOptions& options) {
  return impl_->call([&] { return impl_->pipeline->rollback(impl_->config.environment(environment), options); });
}

std::vector<Deployment> Deployer::resume(std::string_view environment, bool undo) {
  return impl_->call([&] {
    std::vector<Deployment> done;
    for (const Environment& env : impl_->config.environments) {
      if (!environment.empty() && env.name != impl_->config.environment(environment).name) continue;
      for (Deployment& deployment : impl_->pipeline->resume(env, undo)) done.push_back(std::move(deployment));
    }
    return done;
  });
}

EnvironmentStatus Deployer::status(std::string_view environment) { return impl_->pipeline->status(impl_->config.environment(environment)); }

std::vector<Deployment> Deployer::history(std::string_view environment) {
  if (!environment.empty()) static_cast<void>(impl_->config.environment(environment));
  return impl_->pipeline->history(environment);
}

Deployment Deployer::show(std::string_view deployment) { return impl_->pipeline->show(deployment); }

void Deployer::logs(std::string_view environment, const LogOptions& options) {
  impl_->call([&] { impl_->pipeline->logs(impl_->config.environment(environment), options); });
}

DriftReport Deployer::verify(std::string_view environment) {
  return impl_->call([&] { return impl_->pipeline->verify(impl_->config.environment(environment)); });
}

std::vector<std::string> Deployer::adopt(std::string_view environment) {
  return impl_->call([&] { return impl_->pipeline->adopt(impl_->config.environment(environment)); });
}

std::vector<DoctorCheck> Deployer::doctor() {
  return impl_->call([&] { return examine(*impl_->around, impl_->stop.get_token()); });
}

void Deployer::freeze(std::string_view environment, const std::string& reason) {
  impl_->call([&] { impl_->pipeline->freeze(impl_->config.environment(environment), reason); });
}

void Deployer::unfreeze(std::string_view environment) {
  impl_->call([&] { impl_->pipeline->unfreeze(impl_->config.environment(environment)); });
}

void Deployer::lift_quarantine(const Digest& digest, const std::string& reason) {
  impl_->call([&] { impl_->pipeline->lift_quarantine(digest, reason); });
}

std::int64_t Deployer::ledger_verify() {
  ChainVerifier chain;
  std::int64_t count = 0;
  for (auto page = impl_->ports.store->read(0, kPage); !page.empty(); page = impl_->ports.store->read(page.back().seq, kPage)) {
    chain.add_all(page);
    count += static_cast<std::int64_t>(page.size());
  }
  chain.finish();
  return count;
}

void Deployer::ledger_export(const std::function<void(std::string_view line)>& sink) {
  for (auto page = impl_->ports.store->read(0, kPage); !page.empty(); page = impl_->ports.store->read(page.back().seq, kPage))
    for (const LedgerEntry& entry : page) sink(to_json_line(entry));
}

void Deployer::cancel() noexcept {
  const std::lock_guard lock(impl_->mutex);
  impl_->stop.request_stop();
}

}  // namespace deploy
