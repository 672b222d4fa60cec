#include "capi/ports.hpp"

#include <condition_variable>
#include <mutex>

#include "capi/guard.hpp"

namespace deploy::capi {

namespace {

class ProberPort final : public Prober {
 public:
  ProberPort(const deploy_prober &given, Owner owner) : owner_(std::move(owner)), table_(options<deploy_prober>(&given, DEPLOY_PROBER_INIT)) {
    demand(table_.attempt, "prober.attempt");
  }

  ProbeTry attempt(const HealthProbe &probe, const ProbeTarget &target, const CallLimits &limits) override {
    const deploy_health_probe lent(probe);
    ProbeTry found;
    deploy_call call = limited(limits);
    call.text = &found.detail;
    deploy_probe_answer answer = DEPLOY_PROBE_UNKNOWN;
    deploy_error *error = nullptr;
    const deploy_status status = table_.attempt(table_.user_data, &lent, target.host.url().c_str(), target.container.c_str(), &answer, &call, &error);
    conclude("prober.attempt", status, error, &call);
    if (answer == DEPLOY_PROBE_SUCCESS) found.answer = ProbeAnswer::success;
    if (answer == DEPLOY_PROBE_FAILURE) found.answer = ProbeAnswer::failure;
    return found;
  }

 private:
  Owner owner_;
  deploy_prober table_;
};

class SecretsPort {
 public:
  SecretsPort(const deploy_secrets &given, Owner owner) : owner_(std::move(owner)), table_(options<deploy_secrets>(&given, DEPLOY_SECRETS_INIT)) {
    demand(table_.resolve, "secrets.resolve");
  }

  [[nodiscard]] Secret resolve(const SecretSource &source) const {
    Keep keep;
    std::string value;
    deploy_call call;
    call.text = &value;
    deploy_error *error = nullptr;
    const deploy_status status = table_.resolve(table_.user_data, keep.copy(source), &call, &error);
    conclude("secrets.resolve", status, error, &call);
    return Secret(std::move(value));
  }

 private:
  Owner owner_;
  deploy_secrets table_;
};

class CheckPort final : public ApprovalCheck {
 public:
  CheckPort(const deploy_approval_check &given, Owner owner)
      : owner_(std::move(owner)), table_(options<deploy_approval_check>(&given, DEPLOY_APPROVAL_CHECK_INIT)) {
    demand(table_.check, "approval_check.check");
  }

  std::string objection(const Decision &decision, const CallLimits &limits) override {
    const deploy_decision lent(decision);
    std::string words;
    deploy_call call = limited(limits);
    call.text = &words;
    deploy_error *error = nullptr;
    const deploy_status status = table_.check(table_.user_data, &lent, &call, &error);
    conclude("approval_check.check", status, error, &call);
    return words;
  }

 private:
  Owner owner_;
  deploy_approval_check table_;
};

class ClockPort final : public Clock {
 public:
  ClockPort(const deploy_clock &given, Owner owner) : owner_(std::move(owner)), table_(options<deploy_clock>(&given, DEPLOY_CLOCK_INIT)) {
    demand(table_.now, "clock.now");
  }

  TimePoint now() override { return TimePoint(std::chrono::milliseconds(table_.now(table_.user_data))); }

  std::chrono::milliseconds elapsed() override {
    if (table_.elapsed) return std::chrono::milliseconds(table_.elapsed(table_.user_data));
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch());
  }

  void sleep(std::chrono::milliseconds duration, const std::stop_token &stop) override {
    if (!table_.sleep) return sleep_really(duration, stop);
    deploy_call call;
    call.stop = stop;
    table_.sleep(table_.user_data, duration.count(), &call);
  }

  bool passes_by_itself() const noexcept override { return table_.stands_still == 0; }

 private:
  static void sleep_really(std::chrono::milliseconds duration, const std::stop_token &stop) {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    wake.wait_for(lock, stop, duration, [] { return false; });
  }

  Owner owner_;
  deploy_clock table_;
};

/// Of a table that is too short to have a `destroy` nothing is called.
template <class Table>
Owner owner_of(const Table *table) noexcept {
  if (!table || table->struct_size < offsetof(Table, destroy) + sizeof(table->destroy)) return {};
  return {table->user_data, table->destroy};
}

}  // namespace

GivenPorts::GivenPorts(const deploy_deployer_options &options) noexcept
    : given_(options), store_(owner_of(options.ledger_store)), engine_(owner_of(options.engine)), prober_(owner_of(options.prober)),
      secrets_(owner_of(options.secrets)), clock_(owner_of(options.clock)), check_(owner_of(options.approval_check)) {}

void GivenPorts::into(DeployerOptions &options) && {
  Ports &ports = options.ports;
  if (given_.ledger_store) ports.store = make_store(*given_.ledger_store, std::move(store_));
  if (given_.engine) ports.fleet = make_fleet(*given_.engine, std::move(engine_));
  if (given_.prober) ports.prober = std::make_unique<ProberPort>(*given_.prober, std::move(prober_));
  if (given_.clock) ports.clock = std::make_unique<ClockPort>(*given_.clock, std::move(clock_));
  if (given_.approval_check) ports.approval_check = std::make_unique<CheckPort>(*given_.approval_check, std::move(check_));
  if (!given_.secrets) return;
  options.secrets = [port = std::make_shared<const SecretsPort>(*given_.secrets, std::move(secrets_))](const SecretSource &source) { return port->resolve(source); };
}

}  // namespace deploy::capi
