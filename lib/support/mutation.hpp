// Deliberate bugs, for the one test that asks whether the simulation would notice (tests/simulation). In the library they
// are constants: the compiler removes them, and nothing can switch them on.
#pragma once

#include <string_view>

namespace deploy {

enum class Mutation {
  none,
  // Gates that always allow
  drop_interrupted, drop_upstream_verified, drop_soak, drop_approval, drop_freeze, drop_freeze_window, drop_quarantine, drop_downgrade,
  // Approvals
  approval_for_any_digest, approval_never_expires, approval_by_requester,
  // Records
  skip_intent, done_before_act, ignore_token, no_quarantine, wrong_live, secret_in_ledger, skip_git_tag,
  // Acts
  remove_old_early, skip_bake, skip_identity,
  // Ways back
  back_to_newest, back_to_quarantined, skip_proof_of_old, undo_one_host_only, leave_old_stopped, no_retained_container,
  // Resume
  resume_trusts_intent, resume_starts_over,
};

#ifdef LIBDEPLOY_MUTATIONS
/// Whether this one is switched on, in the test's build alone.
[[nodiscard]] bool mutated(Mutation which) noexcept;
/// The same for a gate by its name.
[[nodiscard]] bool mutated_gate(std::string_view gate) noexcept;
#else
[[nodiscard]] constexpr bool mutated(Mutation) noexcept { return false; }
[[nodiscard]] constexpr bool mutated_gate(std::string_view) noexcept { return false; }
#endif

}  // namespace deploy
