// Stands in the place of the composition root: a simulation must do without every adapter, and here it has none.
#include <stdexcept>

#include "deploy/error.hpp"
#include "deployer_adapters.hpp"
#include "mutations.hpp"
#include "support/subprocess.hpp"

namespace deploy {

namespace {
[[noreturn]] void none() { throw std::logic_error("the simulation asked for an adapter"); }
Mutation current = Mutation::none;  // set while one thread runs
}  // namespace

struct Composition::Shared {
  Redactor& redactor;
  Secrets secrets;
};
Composition::Composition(const Config&, Redactor& redactor, Secrets secrets) : shared_(std::make_unique<Shared>(Shared{redactor, std::move(secrets)})) {}
Composition::~Composition() = default;
std::unique_ptr<LedgerStore> Composition::make_store() const { none(); }
std::unique_ptr<Fleet> Composition::make_fleet() { none(); }
std::unique_ptr<ImageBuilder> Composition::make_builder() { none(); }
std::unique_ptr<Registry> Composition::make_registry() { none(); }
std::unique_ptr<Prober> Composition::make_prober(Fleet&) { none(); }
std::unique_ptr<Source> Composition::make_source() const { none(); }
Secret Composition::resolve(const SecretSource& source) const {
  Secret secret = shared_->secrets(source);
  shared_->redactor.learn(secret);
  return secret;
}
std::unique_ptr<Clock> make_system_clock() { none(); }
std::unique_ptr<Clock> make_pace(Clock&) { return nullptr; }
LeaseHolder this_process(const std::string& actor) { return {actor, "simulated", 1, "1"}; }
bool is_dead(const Lease&) { return false; }
std::string read_whole_file(const std::string&) { none(); }
CommandResult run_command(const Command&, const CallLimits&) { none(); }
std::string sign_decision(const std::string&, const std::string&, const CallLimits&) { none(); }

const Environment* Config::find_environment(std::string_view name) const noexcept {
  for (const Environment& environment : environments)
    if (environment.name == name) return &environment;
  return nullptr;
}

const Environment& Config::environment(std::string_view name) const {
  if (const Environment* found = find_environment(name)) return *found;
  throw Error(ErrorCode::not_found, "config", "there is no environment " + std::string(name));
}

std::string_view to_string(Mutation mutation) {
  for (const auto& [name, value] : all_mutations())
    if (value == mutation) return name;
  return "none";
}

bool mutated(Mutation which) noexcept { return which == current; }

bool mutated_gate(std::string_view gate) noexcept {
  return current != Mutation::none && to_string(current) == "drop_" + std::string(gate);
}

void mutate(Mutation which) { current = which; }

const std::vector<std::pair<std::string_view, Mutation>>& all_mutations() {
  using enum Mutation;
#define NAMED(name) {#name, name}
  static const std::vector<std::pair<std::string_view, Mutation>> all{
      NAMED(drop_interrupted), NAMED(drop_upstream_verified), NAMED(drop_soak), NAMED(drop_approval), NAMED(drop_freeze), NAMED(drop_freeze_window), NAMED(drop_quarantine),
      NAMED(drop_downgrade), NAMED(approval_for_any_digest), NAMED(approval_never_expires), NAMED(approval_by_requester), NAMED(skip_intent), NAMED(done_before_act),
      NAMED(ignore_token), NAMED(no_quarantine), NAMED(wrong_live), NAMED(secret_in_ledger), NAMED(skip_git_tag), NAMED(remove_old_early), NAMED(skip_bake), NAMED(skip_identity), NAMED(back_to_newest),
      NAMED(back_to_quarantined), NAMED(skip_proof_of_old), NAMED(undo_one_host_only), NAMED(leave_old_stopped), NAMED(no_retained_container), NAMED(resume_trusts_intent),
      NAMED(resume_starts_over)};
#undef NAMED
  return all;
}

}  // namespace deploy
