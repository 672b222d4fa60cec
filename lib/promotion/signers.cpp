#include "promotion/signers.hpp"

#include <fmt/format.h>

#include "deploy/error.hpp"
#include "promotion/decision_text.hpp"

namespace deploy {

namespace {
std::string unusable(const std::string& path, const Error& error) { return fmt::format("{}: {}", path, error.what()); }

/// The signature is good, but the key may not sign any more.
bool is_outlived(sshsig::Problem problem) {
  using sshsig::Problem;
  return problem == Problem::revoked || problem == Problem::unknown_key || problem == Problem::key_expired || problem == Problem::not_yet_valid;
}

std::string text_flaw(const ApprovalDecision& recorded, const DecisionSubject& subject) {
  try {
    const Decision said = parse_decision_text(recorded.text);
    if (said.granted != recorded.granted) return "it is signed for the contrary";
    if (said.approver != recorded.actor) return fmt::format("it is signed for {}", said.approver);
    if (said.application != subject.application) return fmt::format("it is signed for the application {}", said.application);
    if (said.environment != subject.environment.name) return fmt::format("it is signed for {}", said.environment);
    if (said.digest != subject.digest) return fmt::format("it is signed for {}", said.digest);
    if (said.policy_hash != subject.policy_hash) return "it is signed for another policy";
    if (said.expires != recorded.expires) return "it is signed with another expiry";
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}
}  // namespace

Signers read_signers(const ApprovalPolicy& policy, const ReadFile& read) {
  Signers out;
  try {
    out.allowed = sshsig::parse_allowed_signers(read(policy.allowed_signers));
  } catch (const Error& error) {
    out.unusable = unusable(policy.allowed_signers, error);
  }
  if (policy.revoked_keys.empty()) return out;
  try {
    out.revoked = sshsig::parse_revoked_keys(read(policy.revoked_keys));
  } catch (const Error& error) {
    out.unusable = unusable(policy.revoked_keys, error);
  }
  return out;
}

Signers signers_of(const Environment& environment, const ReadFile& read) {
  return environment.approval && wants_signatures(*environment.approval) ? read_signers(*environment.approval, read) : Signers{};
}

sshsig::Finding verify_decision(const std::string& text, const std::string& signature, const std::string& approver, const Signers& signers, TimePoint now) {
  return sshsig::verify({signature, text, kDecisionNamespace, approver, signers.allowed, signers.revoked, now});
}

SignatureCheck check_signature(const ApprovalDecision& recorded, const DecisionSubject& subject, const Signers& signers, TimePoint now) {
  if (recorded.signature.empty()) return {"it is not signed", ""};
  if (recorded.replayed) return {"its signed text was used before", ""};
  if (std::string flaw = text_flaw(recorded, subject); !flaw.empty()) return {std::move(flaw), ""};
  if (!signers.unusable.empty() && recorded.granted) return {fmt::format("its signature cannot be verified: {}", signers.unusable), ""};
  const sshsig::Finding finding = verify_decision(recorded.text, recorded.signature, recorded.actor, signers, now);
  const bool counts = finding.good() || (!recorded.granted && is_outlived(finding.problem));
  return {counts ? "" : finding.why, finding.fingerprint};
}

}  // namespace deploy
