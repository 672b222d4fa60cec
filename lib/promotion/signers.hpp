// Whose keys may sign for an environment, and whether a decision is signed by one of them. Pure but for the reading, which is handed in.
#pragma once

#include <functional>
#include <string>

#include "deploy/decision.hpp"
#include "deploy/environment.hpp"
#include "ledger/state.hpp"
#include "sshsig/verify.hpp"

namespace deploy {

/// The text of a file. Throws Error{io}.
using ReadFile = std::function<std::string(const std::string& path)>;

/// The keys as the files of an approval policy have them at this moment.
struct Signers {
  sshsig::AllowedSigners allowed;
  sshsig::RevokedKeys revoked;
  std::string unusable;   ///< why no signature can be verified; "" when they can
};
/// Never throws: files that cannot be read or understood make every signature worthless, and the reason is told where it matters.
[[nodiscard]] Signers read_signers(const ApprovalPolicy& policy, const ReadFile& read);

[[nodiscard]] inline bool wants_signatures(const ApprovalPolicy& policy) { return !policy.allowed_signers.empty(); }
/// Those that the environment's gates need; empty where it wants no signatures.
[[nodiscard]] Signers signers_of(const Environment& environment, const ReadFile& read);

/// Is this text signed by its approver, now?
[[nodiscard]] sshsig::Finding verify_decision(const std::string& text, const std::string& signature, const std::string& approver, const Signers& signers, TimePoint now);

/// What a recorded decision has to agree with.
struct DecisionSubject {
  const std::string& application;
  const Environment& environment;
  const std::string& digest;
  const std::string& policy_hash;
};

struct SignatureCheck {
  std::string flaw;   ///< why the decision counts for nothing; "" when it counts
  std::string key;    ///< fingerprint
};
/// Verifies a recorded decision again, as if it had just come. A denial stands even if its key was removed, revoked or has expired since: only its
/// author, or another policy, lifts a no.
[[nodiscard]] SignatureCheck check_signature(const ApprovalDecision& recorded, const DecisionSubject& subject, const Signers& signers, TimePoint now);

}  // namespace deploy
