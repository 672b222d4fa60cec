// Docker's config.json, and what a credential helper says.
#include "docker/requests.hpp"
#include "support/docker_config.hpp"
#include "support/hash.hpp"
#include "support/json.hpp"
#include "target.hpp"

namespace deploy::fuzz {

namespace {
/// What the Engine is told must be JSON whatever stands in a login.
void hold_carried(const std::string& registry, const Credential& credential) {
  std::string header = docker::registry_auth(credential, registry);
  hold(text::all_of(header, [](char c) { return text::is_alnum(c) || c == '-' || c == '_' || c == '='; }), "a login is a header's value");
  (void)docker::registry_config({{registry, credential}});
}
}  // namespace

void try_input(std::string_view input) {
  if (const auto config = accepted([&] { return parse_docker_config(input); }))
    for (const auto& [registry, credential] : config->auths) hold_carried(registry, credential);
  const std::string registry = registry_of_key(input);
  hold(registry.find('/') == std::string::npos, "a registry's name has no path");
  if (const auto credential = accepted([&] { return parse_helper_answer(input, "docker-credential-x"); }); credential && *credential) {
    hold(!(**credential).password.empty() || !(**credential).identity_token.empty(), "a login has a secret");
    hold_carried("registry.example", **credential);
  }
}

}  // namespace deploy::fuzz
