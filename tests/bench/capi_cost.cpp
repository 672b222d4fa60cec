// What the C layer costs: loading it, a call beside the same call in C++, an event on its way to a C callback.
//
//   capi_cost LIBDEPLOY.SO      prints a line for each; exits 1 when one is over its promise. Use an optimised build.
#include <dlfcn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <stdexcept>
#include <stop_token>
#include <string>

#include "capi/handles.hpp"
#include "deploy/image.hpp"
#include "deploy/ports/clock.hpp"
#include "promotion/narrator.hpp"

using namespace deploy;

namespace {

constexpr double kLoadMs = 5, kCallNs = 50, kEventNs = 1000;
constexpr int kRounds = 7;

double elapsed_ns(const std::function<void()> &work) {
  const auto begun = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - begun).count();
}

/// The best of some rounds: what disturbs a measurement only ever adds.
double best(int count, const std::function<void()> &work) {
  double found = 1e18;
  for (int round = 0; round < kRounds; ++round) found = std::min(found, elapsed_ns([&] { for (int i = 0; i < count; ++i) work(); }) / count);
  return found;
}

bool report(const char *what, double found, double promised, const char *unit) {
  std::printf("%-62s %8.1f %s (promised: under %.0f)\n", what, found, unit, promised);
  return found < promised;
}

/// In a process of its own, which has loaded nothing of it yet. Libraries below it are part of the price.
double load_ms(const char *path) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) throw std::runtime_error("no pipe");
  const pid_t child = fork();
  if (child == 0) {
    void *library = nullptr;
    const double took = elapsed_ns([&] { library = dlopen(path, RTLD_NOW | RTLD_LOCAL); }) / 1e6;
    const bool told = library && write(ends[1], &took, sizeof took) == sizeof took;
    _exit(told ? 0 : 1);
  }
  close(ends[1]);
  double took = -1;
  const bool heard = read(ends[0], &took, sizeof took) == sizeof took;
  close(ends[0]);
  waitpid(child, nullptr, 0);
  if (!heard) throw std::runtime_error(std::string(path) + " cannot be loaded");
  return took;
}

template <class Function>
Function *symbol(void *library, const char *name) {
  auto *found = reinterpret_cast<Function *>(dlsym(library, name));
  if (!found) throw std::runtime_error(std::string("no ") + name);
  return found;
}

bool calls(void *library) {
  const auto parse = symbol<decltype(deploy_image_parse)>(library, "deploy_image_parse");
  const auto release = symbol<decltype(deploy_image_free)>(library, "deploy_image_free");
  const auto repository = symbol<decltype(deploy_image_get_repository)>(library, "deploy_image_get_repository");
  const auto compare = symbol<decltype(deploy_tag_compare)>(library, "deploy_tag_compare");
  const auto tag_parse = symbol<decltype(deploy_tag_parse)>(library, "deploy_tag_parse");
  const auto tag_free = symbol<decltype(deploy_tag_free)>(library, "deploy_tag_free");

  deploy_image *image = nullptr;
  deploy_tag *older = nullptr, *newer = nullptr;
  if (parse("registry.example.com/acme/shop:1.2.3", &image, nullptr) != DEPLOY_OK || tag_parse("1.2.3-rc.1", &older, nullptr) != DEPLOY_OK ||
      tag_parse("1.2.3", &newer, nullptr) != DEPLOY_OK)
    throw std::runtime_error("cannot parse");
  const ImageReference value = ImageReference::parse("registry.example.com/acme/shop:1.2.3");
  const Tag one = Tag::parse("1.2.3-rc.1"), two = Tag::parse("1.2.3");

  volatile std::size_t sink = 0;
  std::int32_t order = 0;
  const double getter = best(2'000'000, [&] { sink = sink + static_cast<std::size_t>(repository(image)[0]); }) -
                        best(2'000'000, [&] { sink = sink + static_cast<std::size_t>(value.repository()[0]); });
  const double ordering = best(500'000, [&] { sink = sink + static_cast<std::size_t>(compare(older, newer, &order, nullptr)); }) -
                          best(500'000, [&] { sink = sink + static_cast<std::size_t>(deploy::compare(one, two) < 0); });
  const double whole = best(100'000, [&] {
                         deploy_image *made = nullptr;
                         if (parse("registry.example.com/acme/shop:1.2.3", &made, nullptr) == DEPLOY_OK) release(made);
                       }) -
                       best(100'000, [&] { sink = sink + ImageReference::parse("registry.example.com/acme/shop:1.2.3").repository().size(); });
  release(image);
  tag_free(older);
  tag_free(newer);
  const bool well = report("deploy_image_get_repository, more than C++", getter, kCallNs, "ns");
  std::printf("%-62s %8.1f ns (makes an object and both its texts)\n", "deploy_image_parse and _free, more than C++", whole);
  return report("deploy_tag_compare, more than C++", ordering, kCallNs, "ns") && well;
}

void take_event(const deploy_event *event, void *user_data) {
  deploy_event_info info = DEPLOY_EVENT_INFO_INIT;
  if (deploy_event_get_info(event, &info) == DEPLOY_OK) *static_cast<std::int64_t *>(user_data) += info.time;
}

struct RealClock final : Clock {
  TimePoint now() override { return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now()); }
  std::chrono::milliseconds elapsed() override { return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch()); }
  void sleep(std::chrono::milliseconds, const std::stop_token &) override {}
};

/// From the place in the code that says something until its callback has returned, in C, having read it.
bool events() {
  RealClock clock;
  std::stop_source stop;
  std::int64_t sum = 0;
  Narrator narrator([&sum](const Event &value) {
    const deploy_event event{value};
    take_event(&event, &sum);
  }, clock, stop);
  const auto say = [&] {
    narrator.say(EventKind::probe_tried, {"production", "dc0f90c7090c0435", "ssh://deploy@192.0.2.10", "probe"}, "success: 200", {{"answer", "success"}, {"detail", "200"}});
  };
  return report("an event to a C callback", best(100'000, say), kEventNs, "ns") && sum != 0;
}

int measure(const char *path) {
  std::array<double, 15> loads{};
  for (double &load : loads) load = load_ms(path);
  std::sort(loads.begin(), loads.end());
  bool well = report("dlopen of libdeploy.so and all that it needs, median", loads[loads.size() / 2], kLoadMs, "ms");
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!library) throw std::runtime_error(dlerror());
  well = calls(library) && well;
  well = events() && well;
  return well ? 0 : 1;
}

}  // namespace

int main(int argc, char **argv) {
  if (argc != 2) return std::fprintf(stderr, "usage: capi_cost LIBDEPLOY.SO\n"), 2;
  try {
    return measure(argv[1]);
  } catch (const std::exception &error) {
    std::fprintf(stderr, "capi_cost: %s\n", error.what());
    return 2;
  }
}
