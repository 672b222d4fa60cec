#include "deployer_redaction.hpp"

#include <algorithm>
#include <map>
#include <mutex>

namespace deploy {

namespace {
/// Runs a call; its Error comes out without secrets.
template <class Call>
auto relieved(const Redactor& redactor, Call call) {
  try {
    return call();
  } catch (const Error& error) {
    throw redactor.redact(error);
  }
}

class RedactingEngine final : public Engine {
 public:
  RedactingEngine(Engine& engine, const Redactor& redactor) : engine_(engine), redactor_(redactor) {}

  EngineInfo info(const CallLimits& limits) override {
    return relieved(redactor_, [&] { return engine_.info(limits); });
  }
  void pull(const ImageReference& image, const std::function<void(const PullProgress&)>& progress, const CallLimits& limits) override {
    relieved(redactor_, [&] { engine_.pull(image, progress, limits); });
  }
  std::optional<ImageInfo> find_image(const std::string& reference, const CallLimits& limits) override {
    return relieved(redactor_, [&] { return engine_.find_image(reference, limits); });
  }
  std::vector<ImageInfo> list_images(const ImageReference& repository, const CallLimits& limits) override {
    return relieved(redactor_, [&] { return engine_.list_images(repository, limits); });
  }
  void remove_image(const std::string& reference, const CallLimits& limits) override {
    relieved(redactor_, [&] { engine_.remove_image(reference, limits); });
  }
  std::string create(const ContainerRequest& request, const CallLimits& limits) override {
    return relieved(redactor_, [&] { return engine_.create(request, limits); });
  }
  void start(const std::string& id, const CallLimits& limits) override {
    relieved(redactor_, [&] { engine_.start(id, limits); });
  }
  void stop(const std::string& id, std::chrono::milliseconds grace, const CallLimits& limits) override {
    relieved(redactor_, [&] { engine_.stop(id, grace, limits); });
  }
  void rename(const std::string& id, const std::string& name, const CallLimits& limits) override {
    relieved(redactor_, [&] { engine_.rename(id, name, limits); });
  }
  void set_restart_policy(const std::string& id, const std::string& policy, const CallLimits& limits) override {
    relieved(redactor_, [&] { engine_.set_restart_policy(id, policy, limits); });
  }
  void remove(const std::string& id, const CallLimits& limits) override {
    relieved(redactor_, [&] { engine_.remove(id, limits); });
  }
  std::optional<ContainerInfo> inspect(const std::string& id_or_name, const CallLimits& limits) override {
    auto found = relieved(redactor_, [&] { return engine_.inspect(id_or_name, limits); });
    if (found) relieve(*found);
    return found;
  }
  std::vector<ContainerInfo> list(const std::map<std::string, std::string>& labels, const CallLimits& limits) override {
    return all_relieved(relieved(redactor_, [&] { return engine_.list(labels, limits); }));
  }
  std::vector<ContainerInfo> list_publishing(const std::vector<PortBinding>& ports, const CallLimits& limits) override {
    return all_relieved(relieved(redactor_, [&] { return engine_.list_publishing(ports, limits); }));
  }
  std::string logs(const std::string& id, int lines, const CallLimits& limits) override {
    return relieved(redactor_, [&] { return engine_.logs(id, lines, limits); });
  }
  void follow_logs(const std::string& id, int lines, const std::function<void(std::string_view)>& sink, const CallLimits& limits) override {
    relieved(redactor_, [&] { engine_.follow_logs(id, lines, sink, limits); });
  }
  ExecOutcome exec(const std::string& id, const std::vector<std::string>& command, const CallLimits& limits) override {
    ExecOutcome out = relieved(redactor_, [&] { return engine_.exec(id, command, limits); });
    out.output = redactor_.redact(std::move(out.output));
    return out;
  }

 private:
  void relieve(ContainerInfo& container) const {
    container.error = redactor_.redact(std::move(container.error));
    container.health_log = redactor_.redact(std::move(container.health_log));
  }
  [[nodiscard]] std::vector<ContainerInfo> all_relieved(std::vector<ContainerInfo> containers) const {
    for (ContainerInfo& container : containers) relieve(container);
    return containers;
  }

  Engine& engine_;
  const Redactor& redactor_;
};

class RedactingFleet final : public Fleet {
 public:
  RedactingFleet(std::unique_ptr<Fleet> fleet, const Redactor& redactor) : fleet_(std::move(fleet)), redactor_(redactor) {}

  Engine& engine(const Host& host) override {
    Engine& inner = relieved(redactor_, [&]() -> std::reference_wrapper<Engine> { return fleet_->engine(host); });
    const std::lock_guard lock(mutex_);
    return engines_.try_emplace(&inner, inner, redactor_).first->second;
  }

 private:
  std::unique_ptr<Fleet> fleet_;
  const Redactor& redactor_;
  std::mutex mutex_;
  std::map<Engine*, RedactingEngine> engines_;
};

class RedactingRegistry final : public Registry {
 public:
  RedactingRegistry(std::unique_ptr<Registry> registry, const Redactor& redactor) : registry_(std::move(registry)), redactor_(redactor) {}
  std::optional<Manifest> find(const ImageReference& reference, const CallLimits& limits) override {
    return relieved(redactor_, [&] { return registry_->find(reference, limits); });
  }
  void tag(const ImageReference& digest_reference, const std::string& tag, TagMove move, const CallLimits& limits) override {
    relieved(redactor_, [&] { registry_->tag(digest_reference, tag, move, limits); });
  }

 private:
  std::unique_ptr<Registry> registry_;
  const Redactor& redactor_;
};

class RedactingSource final : public Source {
 public:
  RedactingSource(std::unique_ptr<Source> source, const Redactor& redactor) : source_(std::move(source)), redactor_(redactor) {}
  std::optional<SourceState> state(const CallLimits& limits) override {
    return relieved(redactor_, [&] { return source_->state(limits); });
  }
  std::optional<SourceTag> find_tag(const std::string& name, const std::string& remote, const CallLimits& limits) override {
    return relieved(redactor_, [&] { return source_->find_tag(name, remote, limits); });
  }
  void tag(const std::string& name, const std::string& commit, const std::string& message, const std::string& remote, const CallLimits& limits) override {
    relieved(redactor_, [&] { source_->tag(name, commit, message, remote, limits); });
  }

 private:
  std::unique_ptr<Source> source_;
  const Redactor& redactor_;
};

class RedactingBuilder final : public ImageBuilder {
 public:
  RedactingBuilder(std::unique_ptr<ImageBuilder> builder, const Redactor& redactor) : builder_(std::move(builder)), redactor_(redactor) {}
  std::vector<std::string> lint(const BuildRequest& request) override { return builder_->lint(request); }
  std::string build(const BuildRequest& request, const std::function<void(std::string_view)>& output, const CallLimits& limits) override {
    return relieved(redactor_, [&] { return builder_->build(request, lines(output), limits); });
  }
  void tag(const std::string& image_id, const ImageReference& reference, const CallLimits& limits) override {
    relieved(redactor_, [&] { builder_->tag(image_id, reference, limits); });
  }
  Digest push(const ImageReference& reference, const std::function<void(std::string_view)>& output, const CallLimits& limits) override {
    return relieved(redactor_, [&] { return builder_->push(reference, lines(output), limits); });
  }

 private:
  std::function<void(std::string_view)> lines(const std::function<void(std::string_view)>& output) const {
    if (!output) return {};
    return [this, output](std::string_view line) { output(redactor_.redact(std::string(line))); };
  }

  std::unique_ptr<ImageBuilder> builder_;
  const Redactor& redactor_;
};

class RedactingProber final : public Prober {
 public:
  RedactingProber(std::unique_ptr<Prober> prober, const Redactor& redactor, std::function<void()> learn)
      : prober_(std::move(prober)), redactor_(redactor), learn_(std::move(learn)) {}
  ProbeTry attempt(const HealthProbe& probe, const ProbeTarget& target, const CallLimits& limits) override {
    learn_();
    ProbeTry found = relieved(redactor_, [&] { return prober_->attempt(probe, target, limits); });
    found.detail = redactor_.redact(std::move(found.detail));
    return found;
  }

 private:
  std::unique_ptr<Prober> prober_;
  const Redactor& redactor_;
  std::function<void()> learn_;
};
}  // namespace

Secret KnownSecrets::resolve(const SecretSource& source) {
  Secret secret = resolve_(source);
  static_cast<void>(is_new(source));
  return secret;
}

bool KnownSecrets::is_new(const SecretSource& source) {
  const std::lock_guard lock(mutex_);
  if (std::find(seen_.begin(), seen_.end(), source) != seen_.end()) return false;
  seen_.push_back(source);
  return true;
}

void KnownSecrets::learn(const Environment& environment, bool commands_too) {
  for (const auto& [name, value] : environment.container.env) {
    const auto* source = std::get_if<SecretSource>(&value);
    if (source == nullptr || (!commands_too && std::holds_alternative<SecretFromCommand>(*source)) || !is_new(*source)) continue;
    try {
      static_cast<void>(resolve_(*source));
    } catch (const Error&) {
      // Nothing to hide: what cannot be had here stands in no text that comes from here.
    }
  }
}

void KnownSecrets::learn_at_hand() {
  for (const Environment& environment : config_.environments) learn(environment, false);
}

std::string KnownSecrets::redact(const Environment& environment, std::string text) {
  learn(environment, true);
  return redactor_.redact(std::move(text));
}

std::unique_ptr<Fleet> redacting(std::unique_ptr<Fleet> fleet, const Redactor& redactor) {
  return std::make_unique<RedactingFleet>(std::move(fleet), redactor);
}
std::unique_ptr<Registry> redacting(std::unique_ptr<Registry> registry, const Redactor& redactor) {
  return std::make_unique<RedactingRegistry>(std::move(registry), redactor);
}
std::unique_ptr<Source> redacting(std::unique_ptr<Source> source, const Redactor& redactor) {
  return std::make_unique<RedactingSource>(std::move(source), redactor);
}
std::unique_ptr<ImageBuilder> redacting(std::unique_ptr<ImageBuilder> builder, const Redactor& redactor) {
  return std::make_unique<RedactingBuilder>(std::move(builder), redactor);
}
std::unique_ptr<Prober> redacting(std::unique_ptr<Prober> prober, const Redactor& redactor, std::function<void()> learn) {
  return std::make_unique<RedactingProber>(std::move(prober), redactor, std::move(learn));
}

}  // namespace deploy
