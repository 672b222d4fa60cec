// Ports whose words are relieved of secrets before anybody reads, records or tells them.
#pragma once

#include <functional>
#include <memory>

#include "deploy/config.hpp"
#include "deploy/ports/fleet.hpp"
#include "deploy/ports/image_builder.hpp"
#include "deploy/ports/prober.hpp"
#include "deploy/ports/registry.hpp"
#include "deploy/ports/source.hpp"
#include "support/redactor.hpp"

namespace deploy {

/// Which secrets of the configuration the redactor has been told. Thread-safe.
class KnownSecrets {
 public:
  /// `resolve` tells the redactor what it finds.
  KnownSecrets(const Config& config, const Redactor& redactor, std::function<Secret(const SecretSource&)> resolve)
      : config_(config), redactor_(redactor), resolve_(std::move(resolve)) {}

  [[nodiscard]] Secret resolve(const SecretSource& source);
  /// Those of every container that cost nothing to look at: variables and files, no commands. What cannot be had is nothing to hide.
  void learn_at_hand();
  /// For a text of a container of that environment: all of its secrets are looked at before.
  [[nodiscard]] std::string redact(const Environment& environment, std::string text);

 private:
  void learn(const Environment& environment, bool commands_too);
  [[nodiscard]] bool is_new(const SecretSource& source);

  const Config& config_;
  const Redactor& redactor_;
  std::function<Secret(const SecretSource&)> resolve_;
  std::mutex mutex_;
  std::vector<SecretSource> seen_;
};

/// Errors, outputs of commands, errors and health logs of containers. What a container logs is passed on as it is to those who
/// ask for logs; who records it redacts it. `redactor` outlives the port.
[[nodiscard]] std::unique_ptr<Fleet> redacting(std::unique_ptr<Fleet> fleet, const Redactor& redactor);
[[nodiscard]] std::unique_ptr<Registry> redacting(std::unique_ptr<Registry> registry, const Redactor& redactor);
[[nodiscard]] std::unique_ptr<Source> redacting(std::unique_ptr<Source> source, const Redactor& redactor);
[[nodiscard]] std::unique_ptr<ImageBuilder> redacting(std::unique_ptr<ImageBuilder> builder, const Redactor& redactor);
/// `learn` is called before each try: what a service answers is recorded, and may hold a secret that this process has not needed so far.
[[nodiscard]] std::unique_ptr<Prober> redacting(std::unique_ptr<Prober> prober, const Redactor& redactor, std::function<void()> learn);

}  // namespace deploy
