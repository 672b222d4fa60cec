// What the hosts say: drift against the ledger, and logs. Adoption has its own file.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <mutex>
#include <thread>

#include "promotion/log_lines.hpp"
#include "promotion/pipeline.hpp"
#include "promotion/policy.hpp"

namespace deploy {

namespace {
/// What the container's environment should be; a secret that cannot be had here is not compared.
using ExpectedEnv = std::map<std::string, std::optional<Secret>>;

std::string label(const ContainerInfo& info, std::string_view name) {
  const auto it = info.labels.find(std::string(name));
  return it == info.labels.end() ? "" : it->second;
}

/// One by one, as an Engine reports them, so that a range compares equal.
std::string ports_text(const std::vector<PortBinding>& ports) {
  std::vector<std::string> out;
  for (const PortBinding& range : ports)
    for (int i = 0; i <= range.host_last - range.host_first; ++i) {
      PortBinding one = range;
      if (one.address == "0.0.0.0") one.address.clear();
      one.host_first = one.host_last = static_cast<std::uint16_t>(range.host_first + i);
      one.container_first = one.container_last = static_cast<std::uint16_t>(range.container_first + i);
      out.push_back(one.str());
    }
  std::sort(out.begin(), out.end());
  return fmt::format("{}", fmt::join(out, ", "));
}

ExpectedEnv expected_env(const Surroundings& around, const Environment& env) {
  ExpectedEnv out;
  for (const auto& [name, value] : env.container.env) {
    try {
      const auto* text = std::get_if<std::string>(&value);
      out[name] = text != nullptr ? Secret(*text) : around.resolve(std::get<SecretSource>(value));
    } catch (const Error& error) {
      if (error.code() == ErrorCode::cancelled) throw;
      out[name] = std::nullopt;  // whoever looks need not be whoever deploys; doctor says what is missing
    }
  }
  return out;
}

/// Names alone: values may be secrets.
std::string env_difference(const ContainerInfo& info, const ExpectedEnv& expected) {
  std::vector<std::string> out;
  for (const auto& [name, value] : expected) {
    const std::string begin = name + "=";
    const auto it = std::find_if(info.env.begin(), info.env.end(), [&](const std::string& line) { return line.starts_with(begin); });
    if (it == info.env.end()) out.push_back(name + " is not set");
    else if (value && it->compare(begin.size(), std::string::npos, value->reveal()) != 0) out.push_back(name + " has another value");
  }
  return fmt::format("{}", fmt::join(out, ", "));
}

/// One host under the eyes of the ledger.
class Witness {
 public:
  Witness(const Surroundings& around, const Environment& env, const EnvironmentState& state, ExpectedEnv expected, DriftReport& report)
      : around_(around), env_(env), state_(state), expected_(std::move(expected)), report_(report) {}

  void look_at(const Host& host, const CallLimits& limits) {
    host_ = host.url();
    Engine& engine = around_.fleet.engine(host);
    const auto info = engine.inspect(env_.container.name, limits);
    if (!state_.live && info) add("extra", "no container", info->name);
    if (state_.live && !info) add("missing", state_.live->version, "no container named " + env_.container.name);
    if (state_.live && info) compare(engine, *info, limits);
    company(engine.list({{std::string(kLabelApplication), around_.config.application}, {std::string(kLabelEnvironment), env_.name}}, limits));
  }

 private:
  void add(const char* what, std::string expected, std::string found) { report_.drift.push_back({host_, what, std::move(expected), std::move(found)}); }
  void differ(const char* what, const std::string& expected, const std::string& found) {
    if (expected != found) add(what, expected, found);
  }

  void compare(Engine& engine, const ContainerInfo& info, const CallLimits& limits) {
    differ("digest", state_.live->digest, running_digest(engine, info, limits));
    if (!info.running()) add("stopped", "running", fmt::format("{} (exit code {})", to_string(info.status), info.exit_code));
    if (info.restart_count > 0) add("restarts", "0", std::to_string(info.restart_count));
    // An adopted one was made by something else: what it was made from is not known, what can be seen of it is compared below.
    if (!state_.live_container_hash.empty()) differ("configuration", container_hash(env_), label(info, kLabelContainerHash));
    differ("configuration", "restart policy " + env_.container.restart, "restart policy " + info.restart_policy);
    differ("ports", ports_text(env_.container.ports), ports_text(info.ports));
    if (const std::string difference = env_difference(info, expected_); !difference.empty()) add("env", "as the configuration says", difference);
  }

  /// Of the image behind the container, whatever labels and names say; the label where the Engine knows of no digest.
  [[nodiscard]] std::string running_digest(Engine& engine, const ContainerInfo& info, const CallLimits& limits) const {
    const auto image = engine.find_image(info.image_id, limits);
    if (!image || image->repo_digests.empty()) return label(info, kLabelDigest);
    for (const std::string& name : image->repo_digests)
      if (name.ends_with("@" + state_.live->digest)) return label(info, kLabelDigest).empty() ? state_.live->digest : label(info, kLabelDigest);
    return image->repo_digests.front().substr(image->repo_digests.front().find('@') + 1);
  }

  /// What should stand beside the live one, and what should not.
  void company(const std::vector<ContainerInfo>& all) {
    const auto names = state_.retained.find(host_);
    for (const std::string& name : names == state_.retained.end() ? std::vector<std::string>{} : names->second)
      if (std::none_of(all.begin(), all.end(), [&](const ContainerInfo& info) { return info.name == name; })) add("retained", name, "no such container to go back to");
    if (!state_.open.empty()) return;  // a deployment is at work there, or was interrupted: status says so
    for (const ContainerInfo& info : all)
      if (info.running() && info.name != env_.container.name) add("extra", "only " + env_.container.name + " runs", info.name + " runs too");
  }

  const Surroundings& around_;
  const Environment& env_;
  const EnvironmentState& state_;
  ExpectedEnv expected_;
  DriftReport& report_;
  std::string host_;
};
}  // namespace

DriftReport Pipeline::verify(const Environment& env) {
  around_.journal.refresh();
  DriftReport report{env.name, {}};
  Witness witness(around_, env, state_.environment(env.name), expected_env(around_, env), report);
  for (const Host& host : env.hosts) {
    try {
      witness.look_at(host, limits());
    } catch (const Error& error) {
      if (error.code() == ErrorCode::cancelled) throw;
      report.drift.push_back({host.url(), "unreachable", "an answer", error.what()});
    }
  }
  return report;
}

void Pipeline::logs(const Environment& env, const LogOptions& options) {
  const CallLimits forever{std::chrono::hours{24 * 365}, stop_.get_token()};
  if (!options.follow) {
    for (const Host& host : env.hosts)
      options.sink(host.url(), around_.redact(env, around_.fleet.engine(host).logs(env.container.name, options.lines, limits())));
    return;
  }
  std::mutex mutex;
  std::vector<std::exception_ptr> thrown(env.hosts.size());
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < env.hosts.size(); ++i)
      threads.emplace_back([&, i] {
        const Host& host = env.hosts[i];
        LogLines lines([&](std::string text) {
          const std::lock_guard lock(mutex);
          options.sink(host.url(), around_.redact(env, std::move(text)));
        });
        try {
          around_.fleet.engine(host).follow_logs(env.container.name, options.lines, [&](std::string_view text) { lines.add(text); }, forever);
          lines.finish();
        } catch (...) {  // top of a thread: goes back to the caller below
          thrown[i] = std::current_exception();
        }
      });
  }
  for (const std::exception_ptr& e : thrown)
    if (e) std::rethrow_exception(e);
}

}  // namespace deploy
