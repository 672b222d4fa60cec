// What stays on a host and what may go.
#include "promotion/retention.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "promotion/host_run.hpp"

using namespace deploy;
using namespace std::chrono_literals;

namespace {
using Names = std::vector<std::string>;

std::string digest(int n) { return "sha256:" + std::string(63, '0') + std::to_string(n); }
std::string name(int n) { return "registry.test/acme/app@" + digest(n); }

/// Releases 1.0.1 to 1.0.6; staging runs 6, production runs 3 and has verified 1, 2, 3; staging has verified all but 4, which is quarantined.
struct RetentionCase {
  RetentionCase() {
    config.image.repository = ImageReference::parse("registry.test/acme/app");
    Environment staging, production;
    staging.name = "staging";
    production.name = "production";
    production.after = "staging";
    staging.rollback.keep = production.rollback.keep = 1;
    config.environments = {staging, production};
    for (int n = 1; n <= 6; ++n) {
      Release release;
      release.version = Version::parse("1.0." + std::to_string(n));
      release.build = n;
      release.digest = Digest::parse(digest(n));
      release.image = config.image.repository.with_digest(release.digest);
      state.releases.push_back(release);
      if (n != 4) verify("staging", n);
      if (n <= 3) verify("production", n);
    }
    state.environments["staging"].live = LiveVersion{"1.0.6", digest(6)};
    state.environments["production"].live = LiveVersion{"1.0.3", digest(3)};
    state.quarantined[digest(4)] = {"1.0.4", "", "", {}};
  }
  void verify(const std::string& environment, int n) { state.environments[environment].verified.push_back({digest(n), "1.0." + std::to_string(n), {}, {}, ++seq}); }

  std::int64_t seq = 0;
  Arrival arrival{"staging", digest(6)};
  Config config;
  State state;
};

ImageInfo image(int n, Names tags = {}, std::int64_t containers = 0) { return {"sha256:id" + std::to_string(n), {name(n)}, std::move(tags), {}, 1, containers}; }

ContainerInfo container(const std::string& suffix, int n, int finished, bool running = false) {
  ContainerInfo info;
  info.name = "app" + suffix;
  info.id = info.name;
  info.status = running ? ContainerStatus::running : ContainerStatus::exited;
  info.finished = TimePoint{std::chrono::hours{finished}};
  info.labels[std::string(kLabelDigest)] = digest(n);
  return info;
}

Environment keeping(int count) {
  Environment out;
  out.container.name = "app";
  out.rollback.keep = count;
  return out;
}
}  // namespace

TEST_CASE("an image stays that is live, can be gone back to, or may come next, in whatever environment") {
  const RetentionCase world;
  const auto needed = needed_digests(world.state, world.config, world.arrival);
  CHECK(needed.count(digest(6)) == 1);  // live in staging
  CHECK(needed.count(digest(5)) == 1);  // what staging goes back to, and what production may get next
  CHECK(needed.count(digest(3)) == 1);  // live in production
  CHECK(needed.count(digest(2)) == 1);  // what production goes back to
  CHECK(needed.count(digest(1)) == 0);
  CHECK(needed.count(digest(4)) == 0);  // quarantined: it is offered to nobody
}

TEST_CASE("what is live until now is stock as soon as the next one has arrived") {
  RetentionCase world;
  world.state.environments["staging"].live = LiveVersion{"1.0.5", digest(5)};  // the ledger says so until the deployment is finished
  CHECK(needed_digests(world.state, world.config, world.arrival) == needed_digests(RetentionCase().state, world.config, world.arrival));
}

TEST_CASE("an image goes when nobody needs it, by its digest") {
  const RetentionCase world;
  CHECK(superfluous_images({image(1), image(2), image(3), image(4), image(5), image(6)}, world.state, world.config, world.arrival) == Names{name(1), name(4)});
}

TEST_CASE("an image stays that a container was made from, or that somebody gave a name of his own") {
  const RetentionCase world;
  CHECK(superfluous_images({image(1, {}, 1)}, world.state, world.config, world.arrival).empty());
  CHECK(superfluous_images({image(1, {}, -1)}, world.state, world.config, world.arrival).empty());
  CHECK(superfluous_images({image(1, {"registry.test/acme/app:mine"})}, world.state, world.config, world.arrival).empty());
  CHECK(superfluous_images({image(1, {"registry.test/acme/app:1.0.1", "registry.test/acme/app:mine"})}, world.state, world.config, world.arrival).empty());
}

TEST_CASE("the tags that the build gave an image go with it") {
  const RetentionCase world;
  CHECK(superfluous_images({image(1, {"registry.test/acme/app:1.0.1", "registry.test/acme/app:build-1"})}, world.state, world.config, world.arrival) ==
        Names{"registry.test/acme/app:1.0.1", "registry.test/acme/app:build-1", name(1)});
}

TEST_CASE("an image that the ledger does not know is not ours to remove") {
  const RetentionCase world;
  CHECK(superfluous_images({image(9)}, world.state, world.config, world.arrival).empty());
  ImageInfo nameless = image(1);
  nameless.repo_digests.clear();
  CHECK(superfluous_images({nameless}, world.state, world.config, world.arrival).empty());
}

TEST_CASE("an image stays that an interrupted deployment works with") {
  RetentionCase world;
  world.state.environments["staging"].open["d"].plan.release = world.state.releases.front();
  CHECK(superfluous_images({image(1)}, world.state, world.config, world.arrival).empty());
}

TEST_CASE("containers that one can go back to are kept before newer ones that one cannot") {
  const std::vector<Verification> targets{{digest(1), "1.0.1", {}, {}, 1}};
  const auto sorted = sort_containers({container(".v1.0.3.x", 3, 30), container(".v1.0.1.x", 1, 10), container("", 2, 0, true)}, keeping(1), targets);
  CHECK(sorted.retained == Names{"app.v1.0.1.x"});
  CHECK(sorted.retired == Names{"app.v1.0.3.x"});
}

TEST_CASE("of two containers of one version the newer is stock, and the older goes first") {
  const std::vector<Verification> targets{{digest(2), "1.0.2", {}, {}, 2}, {digest(1), "1.0.1", {}, {}, 1}};
  const auto sorted = sort_containers({container(".v1.0.2.old", 2, 20), container(".v1.0.2.new", 2, 30), container(".v1.0.1.x", 1, 10)}, keeping(2), targets);
  CHECK(sorted.retained == Names{"app.v1.0.2.new", "app.v1.0.1.x"});
  CHECK(sorted.retired == Names{"app.v1.0.2.old"});
}

TEST_CASE("what runs, the live name, and the newest failed candidate are never retired") {
  const auto sorted = sort_containers({container("", 1, 0), container(".v1.0.2.x", 2, 0, true), container(".failed.new", 3, 20), container(".failed.old", 3, 10), container("2", 4, 0)}, keeping(0), {});
  CHECK(sorted.retained.empty());
  CHECK(sorted.retired == Names{"app.failed.old"});
}
