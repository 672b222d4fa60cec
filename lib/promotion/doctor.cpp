#include "promotion/doctor.hpp"

#include <fmt/format.h>

#include <algorithm>

#include <functional>

#include "deploy/error.hpp"

namespace deploy {

namespace {
using Level = DoctorCheck::Level;

constexpr std::chrono::milliseconds kDoctorPatience{15'000};
constexpr std::int64_t kLowDisk = 2LL << 30;

class Doctor {
 public:
  Doctor(Surroundings& around, const std::stop_token& stop) : around_(around), limits_{kDoctorPatience, stop} {}

  std::vector<DoctorCheck> all() {
    add("ledger", around_.config.state, Level::ok, fmt::format("{} entries, chain intact so far as read", around_.journal.head().seq));
    registry();
    source();
    for (const Environment& env : around_.config.environments) environment(env);
    neighbours();
    for (const Environment& env : around_.config.environments) exposure(env);
    return std::move(checks_);
  }

 private:
  void add(std::string name, std::string subject, Level level, std::string message, std::string advice = "") {
    checks_.push_back({std::move(name), std::move(subject), level, std::move(message), std::move(advice)});
  }

  /// The question's answer, or what went wrong with `advice`.
  void ask(const std::string& name, const std::string& subject, const std::string& advice, const std::function<std::string()>& question) {
    try {
      add(name, subject, Level::ok, question());
    } catch (const Error& error) {
      if (error.code() == ErrorCode::cancelled) throw;
      add(name, subject, Level::failure, error.what(), advice);
    }
  }

  void registry() {
    const ImageReference& repository = around_.config.image.repository;
    ask("registry", repository.name(), "check image.repository, the network, and registry.username/password or 'docker login'", [&] {
      const auto found = around_.registry.find(repository.with_tag("latest"), limits_);
      return std::string(found ? "answers, and may be read" : "answers, and may be read (there is no 'latest' yet)");
    });
  }

  void source() {
    if (!around_.config.git) return;
    ask("git", around_.config.image.context, "git.tag needs a repository; make image.context one, or set \"git\": null", [&]() -> std::string {
      const auto state = around_.source.state(limits_);
      if (!state) throw Error(ErrorCode::not_found, "git", "the build context is in no git repository");
      return fmt::format("at {}{}", state->commit.substr(0, 12), state->dirty ? ", with uncommitted changes" : "");
    });
  }

  void environment(const Environment& env) {
    for (const Host& host : env.hosts)
      ask("host", fmt::format("{} {}", env.name, host.url()), "check that the host is up, that you may log in, and that Docker runs there", [&] {
        const EngineInfo info = around_.fleet.engine(host).info(limits_);
        if (info.free_disk >= 0 && info.free_disk < kLowDisk)
          add("disk", host.url(), Level::warning, fmt::format("{} MiB free for images", info.free_disk >> 20), "remove old images before the next pull");
        return fmt::format("{} {} (API {})", info.podman ? "podman" : "Engine", info.version, info.api_version);
      });
    for (const auto& [name, value] : env.container.env)
      if (const auto* secret = std::get_if<SecretSource>(&value))
        ask("secret", fmt::format("{} {}", env.name, name), "provide it where libdeploy runs", [&] {
          static_cast<void>(around_.resolve(*secret));
          return "can be had from " + describe(*secret);
        });
    if (env.approval && wants_signatures(*env.approval)) signers(env, *env.approval);
    if (env.approval && static_cast<int>(env.approval->approvers.size()) == env.approval->required && !env.approval->allow_requester)
      add("approval", env.name, Level::warning, "every approver is needed; when one of them builds or asks for the promotion, nobody can approve it",
          "name more approvers, or lower approval.required");
  }

  /// The files that say whose signatures count: readable, without lines that say nothing, with a key for everybody.
  void signers(const Environment& env, const ApprovalPolicy& policy) {
    const std::string advice = "mend the lists of keys (approval.signatures); until then nobody's approval counts";
    const Signers keys = read_signers(policy, around_.read_file);
    if (!keys.unusable.empty()) return add("approval", env.name, Level::failure, keys.unusable, advice);
    for (const sshsig::OddLine& line : keys.allowed.odd)
      add("approval", env.name, Level::warning, fmt::format("line {} of {} says nothing: {}", line.line, policy.allowed_signers, line.why), "mend or remove the line");
    for (const sshsig::AllowedSigner& signer : keys.allowed.signers)
      if (signer.certificate_authority)
        add("approval", env.name, Level::warning, fmt::format("line {} of {} is a cert-authority, and certificates are not taken", signer.line, policy.allowed_signers), "list the keys themselves");
    for (const std::string& approver : policy.approvers)
      if (!sshsig::may_sign(keys.allowed, keys.revoked, approver, kDecisionNamespace, around_.clock.now()))
        add("approval", env.name, Level::warning, fmt::format("{} has no key that may sign now", approver), fmt::format("add one to {}", policy.allowed_signers));
    add("approval", env.name, Level::ok, fmt::format("{} keys may sign", keys.allowed.signers.size()));
  }

  /// S34: two environments on one host are not isolated from each other.
  void neighbours() {
    const auto& all = around_.config.environments;
    for (std::size_t i = 0; i < all.size(); ++i)
      for (std::size_t j = i + 1; j < all.size(); ++j)
        for (const Host& host : all[i].hosts)
          if (std::find(all[j].hosts.begin(), all[j].hosts.end(), host) != all[j].hosts.end())
            add("isolation", host.url(), Level::warning, fmt::format("{} and {} share this host and its credentials", all[i].name, all[j].name),
                "what goes wrong in one can take the other down; separate hosts and keys are safer");
  }

  /// S41: what is still being tried out is seldom meant for everybody. A last environment is: it serves.
  void exposure(const Environment& env) {
    const auto& all = around_.config.environments;
    if (std::none_of(all.begin(), all.end(), [&](const Environment& other) { return other.after == env.name; })) return;
    for (const PortBinding& port : env.container.ports)
      if (port.address.empty() || port.address == "0.0.0.0" || port.address == "::")
        add("exposure", fmt::format("{} {}", env.name, port.str()), Level::warning, "this port is published on every address of the host, for everybody who can reach it",
            fmt::format("name the address in container.ports, e.g. \"127.0.0.1:{}\"", port.str()));
  }

  Surroundings& around_;
  CallLimits limits_;
  std::vector<DoctorCheck> checks_;
};
}  // namespace

std::vector<DoctorCheck> examine(Surroundings& around, const std::stop_token& stop) { return Doctor(around, stop).all(); }

}  // namespace deploy
