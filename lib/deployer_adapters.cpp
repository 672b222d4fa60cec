#include "deployer_adapters.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <cstdio>
#include <cstring>
#include <map>
#include <mutex>

#include "config/secrets.hpp"
#include "docker/builder.hpp"
#include "docker/engine.hpp"
#include "git/git.hpp"
#include "probe/prober.hpp"
#include "registry/registry.hpp"
#include "ssh/free_disk.hpp"
#include "ssh/reactor.hpp"
#include "ssh/transport.hpp"
#include "sshsig/ssh_keygen.hpp"
#include "store/holder.hpp"
#include "store/sqlite_store.hpp"

namespace deploy {

namespace {
CallLimits secret_limits() { return {std::chrono::milliseconds{30'000}, {}}; }

class SystemClock final : public Clock {
 public:
  TimePoint now() override { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }
  std::chrono::milliseconds elapsed() override {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch());
  }
  void sleep(std::chrono::milliseconds duration, const std::stop_token& stop) override {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    wake.wait_for(lock, stop, duration, [] { return false; });
  }
};

constexpr std::chrono::milliseconds kLongestStep{1'000};

class Pace final : public Clock {
 public:
  explicit Pace(Clock& clock) : clock_(clock) {}
  TimePoint now() override { return clock_.now(); }
  std::chrono::milliseconds elapsed() override { return clock_.elapsed(); }
  void sleep(std::chrono::milliseconds duration, const std::stop_token& stop) override { real_.sleep(std::min(duration, kLongestStep), stop); }

 private:
  Clock& clock_;
  SystemClock real_;
};

std::string docker_config_path() {
  const passwd* user = getpwuid(getuid());
  return user == nullptr || user->pw_dir == nullptr ? "" : std::string(user->pw_dir) + "/.docker/config.json";
}
}  // namespace

std::string read_whole_file(const std::string& path) {
  constexpr std::size_t kMost = 1 << 20;
  std::string text(kMost + 1, '\0');
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"), &std::fclose);
  const std::size_t size = file ? std::fread(text.data(), 1, text.size(), file.get()) : 0;
  if (!file || std::ferror(file.get()) != 0) throw Error(ErrorCode::io, "config", fmt::format("it cannot be read: {}", std::strerror(errno)));
  if (size > kMost) throw Error(ErrorCode::io, "config", fmt::format("it holds more than {} bytes", kMost));
  text.resize(size);
  return text;
}

std::string sign_decision(const std::string& text, const std::string& key, const CallLimits& limits) {
  return sshsig::sign_by_ssh_keygen(key, kDecisionNamespace, text, limits);
}

std::unique_ptr<Clock> make_system_clock() { return std::make_unique<SystemClock>(); }
std::unique_ptr<Clock> make_pace(Clock& clock) { return std::make_unique<Pace>(clock); }
LeaseHolder this_process(const std::string& actor) { return current_holder(actor); }
bool is_dead(const Lease& lease) { return holder_is_dead(lease); }

/// What the adapters have in common. Transports are made once for each SSH host.
struct Composition::Shared {
  Shared(const Config& c, Redactor& r, Secrets s) : config(c), redactor(r), secrets(std::move(s)), credentials(login(), docker_config_path()) {}

  const Config& config;
  Redactor& redactor;
  Secrets secrets;
  std::mutex mutex;
  std::unique_ptr<ssh::Reactor> reactor;
  std::map<std::string, std::unique_ptr<ssh::Transport>> transports;  // ends before the reactor
  CredentialStore credentials;

  [[nodiscard]] Secret resolve(const SecretSource& source) const {
    Secret secret = secrets ? secrets(source) : resolve_secret(source, config.directory, secret_limits());
    redactor.learn(secret);
    return secret;
  }

  std::optional<ConfiguredLogin> login() {
    if (!config.registry.username && !config.registry.password) return std::nullopt;
    ConfiguredLogin login;
    login.registry_host = config.image.repository.registry();
    login.resolve = [this](const CallLimits&) {
      Credential credential;
      if (config.registry.username) credential.username = resolve(*config.registry.username).reveal();
      if (config.registry.password) credential.password = resolve(*config.registry.password);
      return credential;
    };
    return login;
  }

  [[nodiscard]] ssh::Options ssh_options() const {
    ssh::Options options;
    options.identity = config.ssh.identity;
    if (config.ssh.passphrase) options.passphrase = resolve(*config.ssh.passphrase);
    options.known_hosts = config.ssh.known_hosts;
    if (config.ssh.jump) options.jump = ssh::Target{config.ssh.jump->user(), config.ssh.jump->name(), config.ssh.jump->port()};
    if (config.ssh.agent) options.agent_socket = resolve(*config.ssh.agent).reveal();
    options.ssh_config = config.ssh.config;
    return options;
  }

  ssh::Transport& transport(const Host& host) {
    const std::lock_guard lock(mutex);
    auto& slot = transports[host.url()];
    if (slot) return *slot;
    const ssh::Target target{host.user(), host.name(), host.port()};
    if (config.ssh.client == SshClient::openssh) {
      slot = ssh::open_openssh(target, ssh_options());
    } else {
      if (!reactor) reactor = std::make_unique<ssh::Reactor>();
      slot = ssh::open_libssh2(*reactor, target, ssh_options());
    }
    return *slot;
  }

  http::Client engine_client(const Host& host) {
    http::Endpoint endpoint;
    switch (host.kind()) {
      case HostKind::unix_socket: endpoint = http::Endpoint::unix_socket(host.path()); break;
      case HostKind::tcp:
        endpoint = http::Endpoint::url(fmt::format("https://{}:{}", host.name(), host.port()), {config.tls.ca, config.tls.cert, config.tls.key, true});
        break;
      case HostKind::ssh:
        endpoint = http::Endpoint::carried(transport(host).exec_carrier({"docker", "system", "dial-stdio"}), host.url());
        break;
    }
    endpoint.name = host.url();
    endpoint.area = "engine";
    return http::Client(std::move(endpoint));
  }
};

namespace {
/// One engine for each host, made when first asked for.
template <class Make>
class LazyFleet final : public Fleet {
 public:
  explicit LazyFleet(Make make) : make_(std::move(make)) {}
  Engine& engine(const Host& host) override {
    const std::lock_guard lock(mutex_);
    auto& slot = engines_[host.url()];
    if (!slot) slot = make_(host);
    return *slot;
  }

 private:
  Make make_;
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<Engine>> engines_;
};
}  // namespace

Composition::Composition(const Config& config, Redactor& redactor, Secrets secrets) : shared_(std::make_unique<Shared>(config, redactor, std::move(secrets))) {}
Composition::~Composition() = default;

Secret Composition::resolve(const SecretSource& source) const { return shared_->resolve(source); }

std::unique_ptr<LedgerStore> Composition::make_store() const {
  constexpr std::string_view kScheme = "sqlite:";
  const std::string& state = shared_->config.state;
  if (state.compare(0, kScheme.size(), kScheme) != 0)
    throw Error(ErrorCode::unsupported, "ledger", fmt::format("state '{}': this version of libdeploy keeps its ledger in 'sqlite:PATH' only", state));
  return open_sqlite_store(state.substr(kScheme.size()));
}

std::unique_ptr<Fleet> Composition::make_fleet() {
  const auto make = [this](const Host& host) {
    docker::FreeBytes free_bytes;
    if (host.kind() == HostKind::ssh)
      free_bytes = [this, host](const std::string& folder, const CallLimits& limits) { return ssh::free_disk(shared_->transport(host), folder, limits); };
    return docker::open_engine(shared_->engine_client(host), host.url(), shared_->credentials, std::move(free_bytes));
  };
  return std::make_unique<LazyFleet<decltype(make)>>(make);
}

std::unique_ptr<ImageBuilder> Composition::make_builder() {
  return docker::open_builder(shared_->engine_client(shared_->config.engine), shared_->config.engine.url(), shared_->credentials);
}

std::unique_ptr<Registry> Composition::make_registry() { return open_registry({shared_->config.registry.insecure, &shared_->credentials}); }

std::unique_ptr<Prober> Composition::make_prober(Fleet& fleet) {
  return open_prober(fleet, [this](const Host& host, const std::string& address, std::uint16_t port) { return shared_->transport(host).tcp_carrier(address, port); });
}

std::unique_ptr<Source> Composition::make_source() const { return open_git(shared_->config.image.context); }

}  // namespace deploy
