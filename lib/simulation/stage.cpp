#include "simulation/stage.hpp"

#include <variant>

namespace deploy::simulation {

namespace {
using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr milliseconds kRenewal{20'000}, kTtl{60'000};

AppBehaviour with(const std::function<void(AppBehaviour&)>& change) {
  AppBehaviour app;
  change(app);
  return app;
}
}  // namespace

Config rehearsed(Config config) {
  config.state.clear();
  for (Environment& env : config.environments) {
    if (env.approval) env.approval->allowed_signers.clear();
    if (auto* http = std::get_if<HttpCheck>(&env.probe.check)) {
      http->status = {200};
      http->body.reset();
      http->json.clear();
    }
  }
  return config;
}

AppBehaviour behaviour(const std::string& word) {
  AppBehaviour app;
  if (word == "unhealthy") app = AppBehaviour::unhealthy();
  else if (word == "slow") app = AppBehaviour::slow(8s);
  else if (word == "late") app = with([](AppBehaviour& a) { a.listens_after = 5s; });
  else if (word == "crashing") app = AppBehaviour::crashing(2s);
  else if (word == "fading") app = AppBehaviour::failing_after(6s);
  else if (word == "hanging") app = AppBehaviour::hanging();
  else if (word == "silent") app = with([](AppBehaviour& a) { a.listens_after = std::chrono::hours{24 * 365}; a.status = 503; });
  else if (word == "deaf") app = with([](AppBehaviour& a) { a.ignores_term = true; });
  else if (word == "swapped") app = with([](AppBehaviour& a) { a.runs_instead = Digest::parse("sha256:" + std::string(64, 'e')); });
  else if (word == "unstartable") app = with([](AppBehaviour& a) { a.start_error = "exec: \"/app\": no such file or directory"; });
  else if (word != "good" && !word.empty()) throw Error(ErrorCode::invalid_argument, "simulation", "there is no application that behaves \"" + word + "\"");
  app.has_healthcheck = true;
  return app;
}

Stage::Stage(const Config& original, std::uint64_t seed)
    : config(rehearsed(original)), oracle(config, fleet, clock), turns(seed), observed_store_(store, oracle, caller), observed_fleet_(fleet, oracle, caller),
      observed_prober_(prober_, oracle) {
  faults.keep_log(false);
  observed_store_.on_lease = [this](const LeaseClaim& claim, const std::string& process) { keep_alive(claim, process); };
}

Stage::Controller& Stage::controller(const std::string& actor, const std::string& machine) {
  Controller& controller = controllers_[actor + "@" + machine];
  if (controller.process && controller.process->alive()) return controller;
  controller.deployer.reset();
  controller.process = std::make_shared<Process>(actor + "@" + machine + "#" + std::to_string(++born_), machine, clock, faults);
  controller.process->take_turns(turns);
  DeployerOptions options;
  options.actor = actor;
  options.on_event = [this](const Event& event) { oracle.said(event); };
  options.ports = make_ports(controller.process, {&observed_store_, &observed_fleet_, &builder, &registry, &observed_prober_, &source}, leases_);
  options.secrets = [](const SecretSource& from) { return Secret(std::string(kPlantedSecret) + " of " + describe(from)); };
  controller.deployer = std::make_unique<Deployer>(config, std::move(options));
  return controller;
}

void Stage::at_work(const std::string& process, bool working) {
  if (working) working_.insert(process);
  else working_.erase(process);
}

void Stage::hold_still(const std::string& process, bool still) {
  if (still) still_.insert(process);
  else still_.erase(process);
}

void Stage::keep_alive(const LeaseClaim& claim, const std::string& process) {
  clock.after(kRenewal, [this, claim, process] {
    if (!working_.contains(process)) return;
    if (still_.contains(process) || store.renew(claim, kTtl, clock.now())) keep_alive(claim, process);
  });
}

const Host& Stage::host(const std::string& url) const {
  for (const Environment& env : config.environments)
    for (const Host& host : env.hosts)
      if (host.url() == url) return host;
  return config.environments.back().hosts.front();
}

}  // namespace deploy::simulation
