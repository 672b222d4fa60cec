// What a person says: approve, deny, freeze, unfreeze, lift. Each is one entry; none changes a host.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "promotion/pipeline.hpp"
#include "promotion/policy.hpp"
#include "support/mutation.hpp"

namespace deploy {

namespace {
[[noreturn]] void not_allowed(const std::string& message) { throw Error(ErrorCode::unauthorized, "promotion", message + ". Nothing was recorded"); }

void check_approver(const Release& release, const Environment& env, const std::string& actor, bool granted) {
  if (!env.approval) throw Error(ErrorCode::invalid_argument, "promotion", fmt::format("{} asks for no approval; 'deployctl promote --to {}' is enough", env.name, env.name));
  if (!env.approval->allowed_signers.empty())
    throw Error(ErrorCode::unsupported, "promotion", fmt::format("{} accepts signed decisions only, and this version of libdeploy cannot make or verify them. Nothing was recorded", env.name));
  const auto& approvers = env.approval->approvers;
  if (std::find(approvers.begin(), approvers.end(), actor) == approvers.end())
    not_allowed(fmt::format("'{}' is not an approver of {}; those are {}", actor, env.name, fmt::join(approvers, ", ")));
  if (granted && !env.approval->allow_requester && !mutated(Mutation::approval_by_requester) && actor == release.creator)
    not_allowed(fmt::format("'{}' made {} and may not approve it as well (approval.allow_requester)", actor, release.version.str()));
}
}  // namespace

void Pipeline::decide(const Release& release, const Environment& env, const std::string& comment, bool granted) {
  around_.journal.refresh();
  check_approver(release, env, around_.actor, granted);
  const json::Object data = json::Object()
                                .add("digest", release.digest.str())
                                .add("version", release.version.str())
                                .add("policy_hash", policy_hash(env))
                                .add("comment", comment)
                                .add("expires", to_rfc3339(around_.clock.now() + env.approval->expires));
  around_.journal.append({granted ? "approval_granted" : "approval_denied", env.name, "", data.str()});
  around_.narrator.say(EventKind::approval_recorded, {env.name, "", "", ""},
                       fmt::format("{} {} {} for {}", around_.actor, granted ? "approved" : "denied", release.version.str(), env.name),
                       {{"granted", granted ? "true" : "false"}, {"version", release.version.str()}, {"digest", release.digest.str()}, {"actor", around_.actor}});
}

void Pipeline::freeze(const Environment& env, const std::string& reason) {
  if (reason.empty()) throw Error(ErrorCode::invalid_argument, "promotion", "a freeze needs a reason: whoever is stopped by it will read it");
  around_.journal.append({"environment_frozen", env.name, "", json::Object().add("reason", reason).str()});
}

void Pipeline::unfreeze(const Environment& env) {
  around_.journal.refresh();
  if (!state_.environment(env.name).frozen) throw Error(ErrorCode::not_found, "promotion", fmt::format("{} is not frozen", env.name));
  around_.journal.append({"environment_unfrozen", env.name, "", "{}"});
}

void Pipeline::lift_quarantine(const Digest& digest, const std::string& reason) {
  if (reason.empty()) throw Error(ErrorCode::invalid_argument, "promotion", "lifting a quarantine needs a reason");
  around_.journal.refresh();
  if (state_.quarantined.count(digest.str()) == 0) throw Error(ErrorCode::not_found, "promotion", fmt::format("{} is not quarantined", digest.str()));
  around_.journal.append({"quarantine_lifted", "", "", json::Object().add("digest", digest.str()).add("reason", reason).str()});
}

}  // namespace deploy
