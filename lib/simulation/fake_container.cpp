#include "simulation/fake_container.hpp"

#include <algorithm>
#include <charconv>

namespace deploy::simulation {

namespace {
using std::chrono::milliseconds;

// As the Engine does it: the first restart after 100 ms, doubled each time, at most a minute.
constexpr milliseconds kFirstRestart{100}, kLongestRestart{60'000};
// What a program needs to see that its environment is incomplete.
constexpr milliseconds kEnvironmentCheck{20};
constexpr int kBadConfiguration = 78, kOutOfMemory = 137;

bool has_env(const FakeContainer& container, const std::string& name) {
  return std::any_of(container.info.env.begin(), container.info.env.end(), [&](const std::string& line) { return line.starts_with(name + "="); });
}

bool env_is_complete(const FakeContainer& container) {
  return std::all_of(container.app.requires_env.begin(), container.app.requires_env.end(), [&](const std::string& name) { return has_env(container, name); });
}

bool crashes(const FakeContainer& container) { return container.app.crash_after.has_value() || !env_is_complete(container); }

int crash_code(const FakeContainer& container) {
  if (!env_is_complete(container)) return kBadConfiguration;
  return container.app.oom_killed ? kOutOfMemory : container.app.exit_code;
}

/// `on-failure:3` allows three restarts; plain `on-failure` any number.
bool restarts_left(const FakeContainer& container) {
  const std::string& policy = container.info.restart_policy;
  const auto colon = policy.find(':');
  if (colon == std::string::npos) return true;
  std::int64_t limit = 0;
  std::from_chars(policy.data() + colon + 1, policy.data() + policy.size(), limit);
  return limit == 0 || container.info.restart_count < limit;
}

bool wants_restart(const FakeContainer& container, int exit_code) {
  const std::string& policy = container.info.restart_policy;
  if (policy == "always" || policy == "unless-stopped") return true;
  return policy.starts_with("on-failure") && exit_code != 0 && restarts_left(container);
}

milliseconds restart_delay(std::int64_t restarts) {
  milliseconds delay = kFirstRestart;
  for (std::int64_t i = 0; i < restarts && delay < kLongestRestart; ++i) delay *= 2;
  return std::min(delay, kLongestRestart);
}

bool is_well(const FakeContainer& container, milliseconds age) {
  const AppBehaviour& app = container.app;
  return age >= app.listens_after && age >= app.healthy_after && !app.hangs && !(app.unhealthy_after && age >= *app.unhealthy_after) && app.status == 200;
}
}  // namespace

bool FakeContainer::publishes(std::uint16_t port) const {
  return std::any_of(info.ports.begin(), info.ports.end(), [&](const PortBinding& binding) {
    return binding.protocol == Protocol::tcp && binding.host_first <= port && port <= binding.host_last;
  });
}

void begin(FakeContainer& container, const Moment& moment) {
  container.info.status = ContainerStatus::running;
  container.info.started = moment.wall;
  container.info.finished.reset();
  container.info.exit_code = 0;
  container.info.oom_killed = false;
  container.info.error.clear();
  container.started_at = moment.elapsed;
  container.started_before = true;
  container.stops_at.reset();
  container.restarts_at.reset();
  container.log.insert(container.log.end(), container.app.output.begin(), container.app.output.end());
}

void end(FakeContainer& container, const Moment& moment, int exit_code) {
  container.info.status = ContainerStatus::exited;
  container.info.exit_code = exit_code;
  container.info.finished = moment.wall;
  container.stops_at.reset();
  container.restarts_at.reset();
}

std::optional<milliseconds> ends_at(const FakeContainer& container) {
  if (!container.info.running()) return std::nullopt;
  std::optional<milliseconds> moment = container.stops_at;
  if (!crashes(container)) return moment;
  const milliseconds crash = container.started_at + (env_is_complete(container) ? *container.app.crash_after : kEnvironmentCheck);
  return moment ? std::min(*moment, crash) : crash;
}

void end_by_itself(FakeContainer& container, const Moment& moment) {
  if (container.stops_at && *container.stops_at <= moment.elapsed) return end(container, moment, container.stop_code);
  const bool being_stopped = container.stops_at.has_value();
  const int code = crash_code(container);
  end(container, moment, code);
  container.info.oom_killed = container.app.oom_killed;
  container.log.push_back("fatal: exiting with " + std::to_string(code));
  if (being_stopped || !wants_restart(container, code)) return;
  container.info.status = ContainerStatus::restarting;
  container.restarts_at = moment.elapsed + restart_delay(container.info.restart_count);
}

bool comes_back(const FakeContainer& container) {
  const std::string& policy = container.info.restart_policy;
  if (!container.started_before) return false;
  if (policy == "unless-stopped") return !container.stopped_by_hand;
  return policy == "always" || (policy.starts_with("on-failure") && container.info.exit_code != 0 && !container.stopped_by_hand && restarts_left(container));
}

AppReply reply(const FakeContainer& container, const Moment& moment) {
  const milliseconds age = moment.elapsed - container.started_at;
  if (!container.info.running() || container.stops_at || age < container.app.listens_after) return {};
  if (container.app.hangs) return {AppReply::Kind::hangs, 0, ""};
  if (age < container.app.healthy_after) return {AppReply::Kind::answered, 503, "starting"};
  if (container.app.unhealthy_after && age >= *container.app.unhealthy_after) return {AppReply::Kind::answered, 503, "failing"};
  return {AppReply::Kind::answered, container.app.status, container.app.body};
}

EngineHealth health(const FakeContainer& container, const Moment& moment) {
  if (!container.app.has_healthcheck) return EngineHealth::none;
  if (!container.info.running()) return EngineHealth::unhealthy;
  const milliseconds age = moment.elapsed - container.started_at;
  if (is_well(container, age)) return EngineHealth::healthy;
  return age < container.app.healthy_after || age < container.app.listens_after ? EngineHealth::starting : EngineHealth::unhealthy;
}

}  // namespace deploy::simulation
