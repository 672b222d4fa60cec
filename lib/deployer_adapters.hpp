// The built-in adapters of one configuration, made when they are first needed.
#pragma once

#include <memory>

#include "deploy/deployer.hpp"
#include "ledger/lease.hpp"
#include "support/redactor.hpp"

namespace deploy {

/// The system's clock.
[[nodiscard]] std::unique_ptr<Clock> make_system_clock();
/// Tells the time as `clock` does, which outlives it, and sleeps in real time, a little at a time: an embedder's clock decides when a lease
/// is due, not how its keeper waits.
[[nodiscard]] std::unique_ptr<Clock> make_pace(Clock& clock);

/// Owns what the adapters share: the SSH reactor and transports, credentials. Everything that it hands out refers to it and
/// must be gone before it. Secrets are resolved when they are first needed, so that `status` asks for no password.
class Composition {
 public:
  /// Where secrets come from instead of from where the configuration says.
  using Secrets = std::function<Secret(const SecretSource&)>;

  /// Every secret that is resolved is told to `redactor`. `secrets` may be empty.
  Composition(const Config& config, Redactor& redactor, Secrets secrets);
  ~Composition();

  [[nodiscard]] std::unique_ptr<LedgerStore> make_store() const;
  [[nodiscard]] std::unique_ptr<Fleet> make_fleet();
  [[nodiscard]] std::unique_ptr<ImageBuilder> make_builder();
  [[nodiscard]] std::unique_ptr<Registry> make_registry();
  [[nodiscard]] std::unique_ptr<Prober> make_prober(Fleet& fleet);
  [[nodiscard]] std::unique_ptr<Source> make_source() const;
  /// The value of a secret that the configuration names.
  [[nodiscard]] Secret resolve(const SecretSource& source) const;

 private:
  struct Shared;
  std::unique_ptr<Shared> shared_;
};

/// For approvals: lists of keys, and signatures by the actor's own. What a file may hold is bounded; more is Error{io}.
[[nodiscard]] std::string read_whole_file(const std::string& path);
[[nodiscard]] std::string sign_decision(const std::string& text, const std::string& key, const CallLimits& limits);

/// How this process takes leases: who it is, and whose lease may be taken over at once.
[[nodiscard]] LeaseHolder this_process(const std::string& actor);
[[nodiscard]] bool is_dead(const Lease& lease);
/// How long leases last. Alone in its file: a test program that wants shorter ones brings its own function, which is linked instead.
[[nodiscard]] LeaseTiming lease_timing();

}  // namespace deploy
