// The composition root's own doors for embedders.
#include <doctest/doctest.h>

#include "deployer_adapters.hpp"

using namespace deploy;

TEST_CASE("an embedder's secrets are asked for what registry and SSH need as well, and are kept out of texts") {
  Config config;
  config.directory = "/nowhere";
  Redactor redactor;
  const Composition composition(config, redactor, [](const SecretSource& source) { return Secret("the value of " + describe(source)); });
  CHECK(composition.resolve(SecretFromEnv{"REGISTRY_PASSWORD"}).reveal() == "the value of env REGISTRY_PASSWORD");
  CHECK(redactor.redact(std::string("login with the value of env REGISTRY_PASSWORD failed")).find("REGISTRY_PASSWORD") == std::string::npos);
}
