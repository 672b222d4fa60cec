#include "places.hpp"

#include <stdexcept>

namespace deploy::test {

namespace {
using namespace std::chrono_literals;

Environment environment(const std::string& name, const std::string& after, int hosts, std::uint16_t port) {
  Environment env;
  env.name = name;
  env.after = after;
  env.container.name = "shop-" + name;
  env.container.ports = {PortBinding::parse(std::to_string(port) + ":80")};
  env.container.env["MODE"] = name;
  env.container.env["PASSWORD"] = SecretSource(SecretFromEnv{"SHOP_PASSWORD"});
  HttpCheck check;
  check.port = port;
  env.probe.check = check;
  env.probe.deadline = 20s;
  env.rollback.bake = 10s;
  env.rollback.keep = 2;
  for (int i = 1; i <= hosts; ++i) env.hosts.push_back(Host::parse("ssh://deploy@" + name + std::to_string(i) + ".test"));
  return env;
}

Config shop(int production_hosts) {
  Config config;
  config.application = "shop";
  config.directory = config.image.context = "/source";
  config.image.repository = ImageReference::parse("registry.test/acme/shop");
  config.image.floating_tags = {"latest"};
  config.image.floating_after = "production";
  config.environments = {environment("staging", "", 1, 8081), environment("production", "staging", production_hosts, 8080)};
  return config;
}

template <class F>
Config with(Config config, F change) {
  change(config.environments.front(), config.environments.back());
  return config;
}

/// Releases are built from commits, and tagged there once they are verified in production.
Config tagged(Config config) {
  config.image.tags = {"{version}", "build-{build}"};
  config.git = GitConfig{"v{version}", "origin", "production"};
  return config;
}

ApprovalPolicy approval(std::vector<std::string> approvers, int required) {
  ApprovalPolicy policy;
  policy.approvers = std::move(approvers);
  policy.required = required;
  return policy;
}
}  // namespace

const std::vector<std::pair<std::string, Config>>& places() {
  static const std::vector<std::pair<std::string, Config>> all{
      {"plain", shop(1)},
      {"approval", with(shop(1), [](Environment&, Environment& production) { production.approval = approval({"alice", "bob", "ci"}, 1); })},
      {"soak", with(shop(1), [](Environment&, Environment& production) { production.soak = 30min; })},
      {"tagged", tagged(shop(1))},
      {"frozen", with(shop(1), [](Environment&, Environment& production) {
         production.freeze = {{parse_week_minute("Mon 10:02"), parse_week_minute("Wed 08:00"), "Mon 10:02", "Wed 08:00", "UTC"}};
         production.rollback.keep = 0;
       })},
      {"batches", with(shop(3), [](Environment&, Environment& production) { production.rollback.on_unknown = OnUnknown::rollback; })},
      {"parallel", with(shop(3), [](Environment&, Environment& production) { production.strategy.max_parallel = 2; })},
      {"careful", with(shop(2), [](Environment& staging, Environment& production) {
         production.approval = approval({"alice", "bob", "carol"}, 2);
         production.strategy.max_parallel = 2;
         production.rollback.automatic = false;
         staging.rollback.on_unknown = OnUnknown::rollback;
       })},
      {"hasty", with(shop(2), [](Environment& staging, Environment& production) {
         staging.rollback.bake = production.rollback.bake = 0s;
         production.rollback.on_unknown = OnUnknown::rollback;
         staging.allow_downgrade = true;
       })},
  };
  return all;
}

const Config& place(const std::string& name) {
  for (const auto& [known, config] : places())
    if (known == name) return config;
  throw std::out_of_range("there is no place " + name);
}

}  // namespace deploy::test
