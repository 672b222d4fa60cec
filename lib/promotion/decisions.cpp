// What a person says: approve, deny, freeze, unfreeze, lift. Each is one entry; none changes a host.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "promotion/decision_text.hpp"
#include "promotion/pipeline.hpp"
#include "promotion/policy.hpp"
#include "support/hash.hpp"
#include "support/mutation.hpp"

namespace deploy {

namespace {
constexpr std::chrono::milliseconds kSigningTime{120'000};  ///< a person types a passphrase, or looks for the key to touch
constexpr std::chrono::milliseconds kClockSkew{300'000};
constexpr std::size_t kNonceBytes = 16;

[[noreturn]] void not_allowed(const std::string& message, const std::string& problem = "not_allowed") {
  throw Error(ErrorCode::unauthorized, "promotion", message + ". Nothing was recorded", {{"problem", problem}});
}

void check_approver(const Release& release, const Environment& env, const std::string& actor, bool granted) {
  if (!env.approval) throw Error(ErrorCode::invalid_argument, "promotion", fmt::format("{} asks for no approval; 'deployctl promote --to {}' is enough", env.name, env.name));
  const auto& approvers = env.approval->approvers;
  if (std::find(approvers.begin(), approvers.end(), actor) == approvers.end())
    not_allowed(fmt::format("'{}' is not an approver of {}; those are {}", actor, env.name, fmt::join(approvers, ", ")));
  if (granted && !env.approval->allow_requester && !mutated(Mutation::approval_by_requester) && actor == release.creator)
    not_allowed(fmt::format("'{}' made {} and may not approve it as well (approval.allow_requester)", actor, release.version.str()));
}

std::string in_words(const std::optional<LiveVersion>& live) { return live ? fmt::format("{} ({})", live->version, live->digest) : "nothing"; }

/// A text that was drafted earlier, perhaps elsewhere, against what would be drafted now.
void check_draft(const Decision& said, const Decision& now, const ApprovalPolicy& policy) {
  if (said.granted != now.granted) not_allowed(fmt::format("the signed text says '{}', not '{}'", said.granted ? "approve" : "deny", now.granted ? "approve" : "deny"), "other_decision");
  if (said.application != now.application) not_allowed(fmt::format("the signed text is for the application {}, not {}", said.application, now.application), "other_application");
  if (said.environment != now.environment) not_allowed(fmt::format("the signed text is for {}, not {}", said.environment, now.environment), "other_environment");
  if (said.digest != now.digest || said.version != now.version)
    not_allowed(fmt::format("the signed text is for {} ({}), not {} ({})", said.version, said.digest, now.version, now.digest), "other_digest");
  if (said.policy_hash != now.policy_hash) not_allowed(fmt::format("the signed text is for another policy of {}: the configuration has changed since it was drafted", now.environment), "other_policy");
  if (said.approver != now.approver) not_allowed(fmt::format("the signed text is {}'s, and '{}' acts (--as)", said.approver, now.approver), "other_principal");
  if (said.creator != now.creator) not_allowed(fmt::format("the signed text says that {} made the release; it was {}", said.creator, now.creator), "altered");
  if (said.replaces != now.replaces)
    not_allowed(fmt::format("the signed text says that it replaces {}, and what is live in {} now is {}; draft it anew", in_words(said.replaces), now.environment, in_words(now.replaces)), "outdated");
  if (said.issued > now.issued + kClockSkew) not_allowed(fmt::format("the signed text was issued at {}, which is yet to come", to_rfc3339(said.issued)), "not_yet_valid");
  if (said.granted != said.expires.has_value()) not_allowed("the signed text does not say how long it holds as it should: an approval expires, a denial does not", "altered");
  if (!said.expires) return;
  if (*said.expires <= now.issued) not_allowed(fmt::format("the signed text expired at {}", to_rfc3339(*said.expires)), "expired");
  if (*said.expires > said.issued + policy.expires) not_allowed(fmt::format("the signed text holds longer than approval.expires ({}) allows", to_string(policy.expires)), "altered");
}

[[noreturn]] void unsigned_decision(const Environment& env, bool granted) {
  const std::string how = fmt::format("sign with 'deployctl {} ... --sign KEY'", granted ? "approve" : "deny");
  not_allowed(fmt::format("{} takes signed decisions only, and this one is not signed; {}{}", env.name, how,
                          granted ? "" : fmt::format(", or stop everything at once with 'deployctl freeze {} --reason ...'", env.name)), "unsigned");
}

void check_options(const DecisionOptions& options, const Environment& env) {
  const bool text = !options.signed_text.empty(), sign = !options.sign_with.empty(), signature = !options.signature.empty();
  if (signature != (text && !sign))
    throw Error(ErrorCode::invalid_argument, "promotion", "a signed text and its signature belong together: give both, or a key to sign with. Nothing was recorded");
  if ((text || sign) && !wants_signatures(*env.approval))
    throw Error(ErrorCode::invalid_argument, "promotion",
                fmt::format("{} has no list of keys (approval.signatures.allowed_signers), so a signature says nothing there; leave it away, or configure the list. Nothing was recorded", env.name));
}

json::Object entry_of(const Decision& d) {
  json::Object data;
  data.add("digest", d.digest).add("version", d.version).add("policy_hash", d.policy_hash).add("comment", d.comment);
  if (d.replaces) data.add("replaces", json::Object().add("version", d.replaces->version).add("digest", d.replaces->digest));
  if (d.expires) data.add("expires", to_rfc3339(*d.expires));
  if (!d.signature.empty()) data.add("text", d.text).add("signature", d.signature).add("key", d.key).add("key_type", d.key_type);
  return data;
}
}  // namespace

/// What the actor would decide now.
Decision Pipeline::drafted(const Release& release, const Environment& env, const DecisionOptions& options) {
  Decision d;
  d.granted = options.granted;
  d.application = around_.config.application;
  d.environment = env.name;
  d.version = release.version.str();
  d.digest = release.digest.str();
  d.replaces = state_.environment(env.name).live;
  d.policy_hash = policy_hash(env);
  d.creator = release.creator;
  d.approver = around_.actor;
  d.issued = around_.clock.now();
  if (d.granted) d.expires = d.issued + env.approval->expires;
  d.nonce = random_hex(kNonceBytes);
  d.comment = options.comment;
  d.text = decision_text(d);
  return d;
}

Decision Pipeline::draft_decision(const Release& release, const Environment& env, const DecisionOptions& options) {
  around_.journal.refresh();
  check_approver(release, env, around_.actor, options.granted);
  return drafted(release, env, options);
}

/// Throws unless the decision is signed by its approver, for the first time. Fills in the key.
void Pipeline::check_signed(const Environment& env, Decision& d) {
  const ApprovalPolicy& policy = *env.approval;
  if (d.signature.empty()) unsigned_decision(env, d.granted);
  const Signers signers = read_signers(policy, around_.read_file);
  if (!signers.unusable.empty()) throw Error(ErrorCode::io, "promotion", fmt::format("the signature cannot be verified: {}. Nothing was recorded", signers.unusable));
  const sshsig::Finding finding = verify_decision(d.text, d.signature, d.approver, signers, around_.clock.now());
  d.key = finding.fingerprint;
  d.key_type = finding.key_type;
  if (finding.good()) return;
  const std::string which = d.key.empty() ? "" : fmt::format(" ({} {})", d.key_type, d.key);
  not_allowed(fmt::format("the signature{} is refused: {} (keys: {})", which, finding.why, policy.allowed_signers), std::string(to_string(finding.problem)));
}

/// The embedder's own check has the last word.
void Pipeline::consult(const Decision& d) {
  if (around_.approval_check == nullptr) return;
  if (const std::string why = around_.approval_check->objection(d, limits()); !why.empty())
    not_allowed(fmt::format("the decision of '{}' on {} in {} is refused: {}", d.approver, d.version, d.environment, why), "objected");
}

Decision Pipeline::decide(const Release& release, const Environment& env, const DecisionOptions& options) {
  around_.journal.refresh();
  check_approver(release, env, around_.actor, options.granted);
  check_options(options, env);
  Decision d = drafted(release, env, options);
  if (!options.signed_text.empty()) d = brought(d, env, options);
  d.signature = options.sign_with.empty() ? options.signature : around_.sign(d.text, options.sign_with, {kSigningTime, stop_.get_token()});
  if (wants_signatures(*env.approval)) check_signed(env, d);
  consult(d);
  record(env, d);
  return d;
}

/// A text that was drafted earlier, if it still says what would be drafted now.
Decision Pipeline::brought(const Decision& now, const Environment& env, const DecisionOptions& options) const {
  const Decision d = parse_decision_text(options.signed_text);
  if (state_.nonces.count(d.nonce) > 0) not_allowed("the signed text was used before (its nonce is in the ledger); each is good for once, draft another", "replayed");
  check_draft(d, now, *env.approval);
  if (!options.comment.empty() && options.comment != d.comment)
    throw Error(ErrorCode::invalid_argument, "promotion", "the comment is part of the signed text, and another one was given. Nothing was recorded");
  return d;
}

void Pipeline::record(const Environment& env, const Decision& d) {
  around_.journal.append({d.granted ? "approval_granted" : "approval_denied", env.name, "", entry_of(d).str()}, std::nullopt,
                         [&] { return d.signature.empty() || state_.nonces.count(d.nonce) == 0; });
  around_.narrator.say(EventKind::approval_recorded, {env.name, "", "", ""},
                       fmt::format("{} {} {} for {}{}", d.approver, d.granted ? "approved" : "denied", d.version, env.name, d.key.empty() ? "" : fmt::format(", signed with {}", d.key)),
                       {{"granted", d.granted ? "true" : "false"}, {"version", d.version}, {"digest", d.digest}, {"actor", d.approver}, {"policy_hash", d.policy_hash}, {"key", d.key},
                        {"replaces", d.replaces ? d.replaces->digest : ""}, {"expires", d.expires ? to_rfc3339(*d.expires) : ""}});
}

void Pipeline::freeze(const std::string& environment, const std::string& reason) {
  if (reason.empty()) throw Error(ErrorCode::invalid_argument, "promotion", "a freeze needs a reason: whoever is stopped by it will read it");
  around_.journal.append({"environment_frozen", environment, "", json::Object().add("reason", reason).str()});
}

void Pipeline::unfreeze(const std::string& environment) {
  around_.journal.refresh();
  const bool all = environment == kEveryEnvironment;
  if (!state_.environment(environment).frozen)
    throw Error(ErrorCode::not_found, "promotion", all ? "the line is not stopped; a frozen environment is opened by its name" : fmt::format("{} is not frozen", environment));
  around_.journal.append({"environment_unfrozen", environment, "", "{}"});
}

void Pipeline::lift_quarantine(const Digest& digest, const std::string& reason) {
  if (reason.empty()) throw Error(ErrorCode::invalid_argument, "promotion", "lifting a quarantine needs a reason");
  around_.journal.refresh();
  if (state_.quarantined.count(digest.str()) == 0) throw Error(ErrorCode::not_found, "promotion", fmt::format("{} is not quarantined", digest.str()));
  around_.journal.append({"quarantine_lifted", "", "", json::Object().add("digest", digest.str()).add("reason", reason).str()});
}

}  // namespace deploy
