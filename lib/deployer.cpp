// The front door: joins ports, journal and pipeline, and guards the running call.
#include "deploy/deployer.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <utility>

#include "deployer_adapters.hpp"
#include "deployer_redaction.hpp"
#include "ledger/chain.hpp"
#include "ledger/checkpoint.hpp"
#include "ledger/entry.hpp"
#include "model/text.hpp"
#include "promotion/doctor.hpp"
#include "promotion/pipeline.hpp"
#include "support/thread_workers.hpp"

namespace deploy {

namespace {
constexpr std::size_t kPage = 1000;

std::string checked(std::string actor) {
  constexpr std::size_t kLongestActor = 256;
  if (actor.empty()) throw Error(ErrorCode::invalid_argument, "deployer", "who acts has to be named: everything in the ledger is somebody's");
  if (!text::is_utf8(actor) || actor.size() > kLongestActor)
    throw Error(ErrorCode::invalid_argument, "deployer", "who acts is named in UTF-8, with 256 bytes at most, and not as " + text::quoted(actor));
  return actor;
}

/// What a person says is recorded as it is, or refused: bytes that are no text would be recorded as others.
const std::string& worded(const std::string& text) {
  constexpr std::size_t kLongest = 64u << 10;
  if (!text::is_utf8(text)) throw Error(ErrorCode::invalid_argument, "deployer", "the comment or reason is not UTF-8 text: " + text::quoted(text) + "; nothing was recorded");
  if (text.size() > kLongest) throw Error(ErrorCode::invalid_argument, "deployer", "the comment or reason is longer than " + std::to_string(kLongest) + " bytes; nothing was recorded");
  return text;
}
}  // namespace

struct Deployer::Impl {
  Impl(Config c, DeployerOptions options)
      : config(std::move(c)), actor(checked(std::move(options.actor))), composition(config, redactor, std::move(options.secrets)),
        secrets(config, redactor, [this](const SecretSource& source) { return composition.resolve(source); }), ports(std::move(options.ports)) {
    if (!ports.clock) ports.clock = make_system_clock();
    pace = make_pace(*ports.clock);
    if (!ports.store) ports.store = composition.make_store();
    ports.fleet = redacting(ports.fleet ? std::move(ports.fleet) : composition.make_fleet(), redactor);
    ports.registry = redacting(ports.registry ? std::move(ports.registry) : composition.make_registry(), redactor);
    ports.prober = redacting(ports.prober ? std::move(ports.prober) : composition.make_prober(*ports.fleet), redactor, [this] { secrets.learn_at_hand(); });
    ports.source = redacting(ports.source ? std::move(ports.source) : composition.make_source(), redactor);
    if (!ports.workers) ports.workers = std::make_unique<ThreadWorkers>();
    if (ports.builder) ports.builder = redacting(std::move(ports.builder), redactor);
    narrator = std::make_unique<Narrator>(std::move(options.on_event), *ports.clock, stop);
    state = load_checkpoint(*ports.store);
    checkpointed = state.head.seq;
    journal = std::make_unique<Journal>(*ports.store, *ports.clock, actor, [this](const LedgerEntry& entry) { fold(state, entry); }, state.head);
    around = std::make_unique<Surroundings>(Surroundings{config, *journal, *ports.fleet, *ports.registry, *ports.prober, *ports.source, *ports.clock, *narrator,
                                                         [this](const SecretSource& source) { return secrets.resolve(source); },
                                                         [this](const Environment& env, std::string text) { return secrets.redact(env, std::move(text)); }, actor, state,
                                                         read_whole_file, sign_decision, *ports.workers, ports.approval_check.get()});
    pipeline = std::make_unique<Pipeline>(*around, state, LeaseTerms{*ports.store, this_process(actor), is_dead, ports.clock->passes_by_itself() ? LeaseRenewal::background : LeaseRenewal::on_request, lease_timing(), pace.get()}, stop);
    journal->refresh();
  }

  ImageBuilder& builder() {
    if (!ports.builder) ports.builder = redacting(composition.make_builder(), redactor);
    return *ports.builder;
  }

  [[nodiscard]] std::string environment_or_all(std::string_view name) const { return name.empty() ? std::string(kEveryEnvironment) : config.environment(name).name; }

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
        keep_checkpoint();
      } else {
        auto result = work();
        narrator->rethrow();
        keep_checkpoint();
        return result;
      }
    } catch (const Error&) {
      narrator->rethrow();  // a sink that threw has cancelled the call: its exception is the cause
      throw;
    }
  }

  /// Only what is written grows, so only writers keep one; it makes the next opening quick, and failing it fails nothing.
  void keep_checkpoint() {
    if (!journal->has_written() || state.head.seq - checkpointed < kCheckpointEvery) return;
    try {
      save_checkpoint(*ports.store, state);
      checkpointed = state.head.seq;
    } catch (const Error& error) {
      narrator->warn({}, std::string("the ledger's checkpoint was not written, everything else was: ") + error.what());
    }
  }

  Config config;
  std::string actor;
  std::int64_t checkpointed = 0;  // the entry at which the newest checkpoint stands that we know of
  std::mutex mutex;  // guards stop between call() and cancel()
  std::stop_source stop;
  Redactor redactor;
  Composition composition;
  KnownSecrets secrets;
  Ports ports;
  std::unique_ptr<Clock> pace;  // refers to ports.clock
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

Release Deployer::add_release(const ImageReference& image, const Version& version, const AddReleaseOptions& options) {
  return impl_->call([&] { return impl_->pipeline->add_release(image, version, options); });
}

std::vector<Release> Deployer::releases() {
  impl_->journal->refresh();
  return {impl_->state.releases.rbegin(), impl_->state.releases.rend()};
}

Release Deployer::find_release(std::string_view selector) { return impl_->pipeline->find_release(selector); }

PlanReport Deployer::plan(const Release& release, std::string_view environment, const PromoteOptions& options) {
  return impl_->call([&] { return impl_->pipeline->plan(release, impl_->config.environment(environment), options.allow_downgrade); });
}

std::vector<GateAnswer> Deployer::gates(const Release& release, std::string_view environment, const PromoteOptions& options) {
  return impl_->call([&] { return impl_->pipeline->gates(release, impl_->config.environment(environment), options.allow_downgrade); });
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

Decision Deployer::draft_decision(const Release& release, std::string_view environment, const DecisionOptions& options) {
  static_cast<void>(worded(options.comment));
  return impl_->call([&] { return impl_->pipeline->draft_decision(release, impl_->config.environment(environment), options); });
}

Decision Deployer::decide(const Release& release, std::string_view environment, const DecisionOptions& options) {
  static_cast<void>(worded(options.comment));
  return impl_->call([&] { return impl_->pipeline->decide(release, impl_->config.environment(environment), options); });
}

void Deployer::approve(const Release& release, std::string_view environment, const std::string& comment) {
  decide(release, environment, {true, comment, "", "", ""});
}

void Deployer::deny(const Release& release, std::string_view environment, const std::string& comment) {
  decide(release, environment, {false, comment, "", "", ""});
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

EnvironmentStatus Deployer::status(std::string_view environment) {
  return impl_->call([&] { return impl_->pipeline->status(impl_->config.environment(environment)); });
}

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
  impl_->call([&] { impl_->pipeline->freeze(impl_->environment_or_all(environment), worded(reason)); });
}

void Deployer::unfreeze(std::string_view environment) {
  impl_->call([&] { impl_->pipeline->unfreeze(impl_->environment_or_all(environment)); });
}

void Deployer::lift_quarantine(const Digest& digest, const std::string& reason) {
  impl_->call([&] { impl_->pipeline->lift_quarantine(digest, worded(reason)); });
}

std::int64_t Deployer::ledger_verify(const std::optional<LedgerHead>& expected) { return verify_ledger(*impl_->ports.store, expected).seq; }

LedgerHead Deployer::ledger_head() { return impl_->journal->refresh(); }

void Deployer::ledger_entries(std::int64_t after, const std::function<void(const LedgerEntry&)>& sink) {
  for (auto page = impl_->ports.store->read(after, kPage); !page.empty(); page = impl_->ports.store->read(page.back().seq, kPage))
    for (const LedgerEntry& entry : page) sink(entry);
}

void Deployer::ledger_export(const std::function<void(std::string_view line)>& sink) {
  ledger_entries(0, [&](const LedgerEntry& entry) { sink(to_json_line(entry)); });
}

LedgerHead verify_exported_ledger(const std::string& path, const std::optional<LedgerHead>& expected) {
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path))
    throw Error(ErrorCode::io, "ledger", fmt::format("cannot read {}: {}", path, file ? "it is a folder" : std::strerror(errno)), {{"path", path}});
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return verify_export(text, expected);
}

void Deployer::cancel() noexcept {
  const std::lock_guard lock(impl_->mutex);
  impl_->stop.request_stop();
}

}  // namespace deploy
