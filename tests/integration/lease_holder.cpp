// deployctl's pipeline with a lease as short as a test wants it: CONFIG ACTOR TTL_MS STOP_AT promote VERSION ENV
//
// Prints events as lines of JSON. At the event "step_started" of the step STOP_AT it stops itself (SIGSTOP): between the intent
// and the act. Ends with 0 after any outcome, with 75 when it was fenced, else with 1; says why on standard error.
#include <signal.h>

#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>

#include "deploy/error.hpp"
#include "deployer_adapters.hpp"
#include "ledger/checkpoint.hpp"
#include "promotion/pipeline.hpp"

namespace {
using namespace deploy;
using std::chrono::milliseconds;

constexpr int kFenced = 75;

struct Order {
  std::string config, actor;
  milliseconds ttl;
  std::string stop_at, version, environment;
};

void tell(const Event& event, const std::string& stop_at) {
  std::printf("%s\n", to_json(event).c_str());
  std::fflush(stdout);
  if (event.kind == EventKind::step_started && event.step == stop_at) ::raise(SIGSTOP);
}

void promote(const Order& order) {
  const Config config = Config::load(order.config);
  Redactor redactor;
  Composition composition(config, redactor);
  const auto clock = make_system_clock();
  const auto store = composition.make_store();
  const auto fleet = composition.make_fleet();
  const auto registry = composition.make_registry();
  const auto prober = composition.make_prober(*fleet);
  const auto source = composition.make_source();
  std::stop_source stop;
  State state = load_checkpoint(*store);
  Narrator narrator([&](const Event& event) { tell(event, order.stop_at); }, *clock, stop);
  Journal journal(*store, *clock, order.actor, [&](const LedgerEntry& entry) { fold(state, entry); }, state.head);
  Surroundings around{config, journal, *fleet, *registry, *prober, *source, *clock, narrator,
                      [&](const SecretSource& secret) { return composition.resolve(secret); },
                      [](const Environment&, std::string text) { return text; }, order.actor, state, read_whole_file, sign_decision};
  const LeaseTiming timing{order.ttl, order.ttl / 4, order.ttl / 8};
  Pipeline pipeline(around, state, LeaseTerms{*store, this_process(order.actor), is_dead, LeaseRenewal::background, timing}, stop);
  journal.refresh();
  static_cast<void>(pipeline.promote(pipeline.find_release(order.version), config.environment(order.environment), false));
}
}  // namespace

int main(int argc, char** argv) {
  const std::span<char*> words(argv, static_cast<std::size_t>(argc));
  if (words.size() != 8 || std::string(words[5]) != "promote") return 2;
  try {
    promote({words[1], words[2], milliseconds{std::atoi(words[3])}, words[4], words[6], words[7]});
    return 0;
  } catch (const Error& error) {
    std::fprintf(stderr, "%s: %s\n", std::string(to_string(error.code())).c_str(), error.what());
    return error.code() == ErrorCode::fenced ? kFenced : 1;
  }
}
