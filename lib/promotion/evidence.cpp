// Evidence from upstream that has grown too old: probed again there, and recorded there, before it is relied upon.
#include <fmt/format.h>

#include "deploy/error.hpp"
#include "promotion/execute.hpp"
#include "promotion/gates.hpp"
#include "promotion/pipeline.hpp"
#include "promotion/prove.hpp"

namespace deploy {

namespace {
/// Why the release is not healthy on this host; "" when it is.
std::string find_trouble(Surroundings& around, const Environment& upstream, const Release& release, const Host& host, const CallLimits& limits) {
  const auto info = around.fleet.engine(host).inspect(upstream.container.name, limits);
  if (!info || !info->running()) return fmt::format("{} is not running on {}", upstream.container.name, host.url());
  Plan plan;
  plan.release = release;
  HostRun run(around, upstream, plan, "", host, [] {});  // only looked at
  const ProbeReport report = prove(around, upstream, "", {run, info->id, release.digest.str()}, limits.stop);
  return report.verdict == Verdict::healthy ? "" : fmt::format("{} on {}: {}", to_string(report.verdict), host.url(), report.reason);
}
}  // namespace

/// Only when it is all that stands in the way: what is denied anyway needs no probe. Returns why it could not be renewed, "" for nothing to say.
std::string Pipeline::renew_evidence(const Release& release, const Environment& env, bool allow_downgrade, bool available) {
  const Signers signers = signers_of(env, around_.read_file);
  const Objections objections = Objections::gather(around_, env, release, limits());
  const GateQuestion question{around_.config, env, release, state_, around_.actor, around_.clock.now(), allow_downgrade, available, true, "", &signers, &objections};
  if (!is_evidence_too_old(question) || !all_allowed(ask_gates(question))) return "";
  const Environment& upstream = around_.config.environment(env.after);
  around_.narrator.say(EventKind::warning, {upstream.name, "", "", ""},
                       fmt::format("what is known of {} in {} is older than max_age {}; it is probed there again", release.version.str(), upstream.name, to_string(env.max_age)));
  try {
    return probe_upstream(release, upstream, env.name);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::cancelled || (must_leave(error) && error.code() != ErrorCode::lease_held)) throw;
    return error.what();
  }
}

/// Under the upstream's own lease: nobody switches it between the probe and the entry, and the entry is refused if we lost the right to it.
std::string Pipeline::probe_upstream(const Release& release, const Environment& upstream, const std::string& asked_by) {
  const auto lease = take_lease(upstream.name);
  const EnvironmentState& state = state_.environment(upstream.name);
  if (!state.open_order.empty()) return fmt::format("deployment {} there is unfinished; 'deployctl resume {}' ends it", state.open_order.back(), upstream.name);
  if (!state.live || state.live->digest != release.digest.str()) return "another version has become live there just now";
  for (const Host& host : upstream.hosts)
    if (std::string trouble = find_trouble(around_, upstream, release, host, limits()); !trouble.empty()) return trouble;
  around_.journal.append({"digest_verified", upstream.name, "",
                          json::Object().add("digest", release.digest.str()).add("version", release.version.str()).add("probed_again_for", asked_by).str()},
                         lease->claim());
  around_.narrator.say(EventKind::verified, {upstream.name, "", "", ""}, fmt::format("{} is healthy in {} today also", release.version.str(), upstream.name));
  return "";
}

}  // namespace deploy
