#include "world.hpp"

namespace deploy::test {

namespace {
simulation::AppBehaviour ends_with_three() {
  simulation::AppBehaviour app;
  app.crash_after = std::chrono::milliseconds(1);
  app.exit_code = 3;
  return app;
}

const ImageReference kRepository = ImageReference::parse("registry.test/app");
}  // namespace

SimulatedHost::SimulatedHost()
    : waiting_(kRepository.with_digest(registry_.publish(kRepository.with_tag("waiting")))),
      crashing_(kRepository.with_digest(registry_.publish(kRepository.with_tag("crashing"), ends_with_three()))) {}

ImageReference SimulatedHost::missing() { return kRepository.with_digest(digest_of_nothing()); }

ContainerRequest SimulatedHost::request(const std::string& name, const ImageReference& image) {
  ContainerRequest out{.name = name, .image = image, .spec = {}, .env = {}, .labels = {{kWorldLabel, "simulated"}}};
  out.spec.restart = "no";
  return out;
}

}  // namespace deploy::test
