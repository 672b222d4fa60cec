// One execution of a plan, with its outcome and evidence.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "deploy/gate.hpp"
#include "deploy/health_probe.hpp"
#include "deploy/release.hpp"
#include "deploy/time.hpp"

namespace deploy {

/// How a deployment ended. The same names in C, Python, the CLI and the ledger. Since: 0.9
enum class Outcome {
  succeeded,
  rolled_back,  ///< failed; the last verified version is back and probed healthy (or the environment is empty again, as it was)
  held,         ///< failed; the policy says do not roll back
  stranded,     ///< failed, and the way back failed or could not be verified: a person is needed
  blocked,      ///< a gate said no; nothing was changed
  cancelled,    ///< stopped on request; as before
};
[[nodiscard]] std::string_view to_string(Outcome outcome);
/// Throws Error{invalid_argument}.
[[nodiscard]] Outcome parse_outcome(std::string_view text);

/// What was found on one host when a deployment failed, taken before anything was removed. Since: 0.9
struct HostEvidence {
  std::string host, container;
  std::string status;               ///< "exited", "running" ...
  int exit_code = 0;
  bool oom_killed = false;
  std::int64_t restart_count = 0;
  std::string error;                ///< the engine's words
  std::string logs;                 ///< the last lines, bounded (kEvidenceLogLines, kEvidenceLogBytes)
  ProbeReport probe;
};
inline constexpr int kEvidenceLogLines = 50;
inline constexpr std::size_t kEvidenceLogBytes = 16 * 1024;

struct LiveVersion {
  std::string version, digest;
  bool operator==(const LiveVersion&) const = default;
};

/// The record of a deployment. Since: 0.9
struct Deployment {
  std::string id;
  std::string environment;
  std::string kind;                     ///< "promotion" or "rollback"
  std::string version, digest;          ///< what was to be live
  Outcome outcome = Outcome::blocked;
  std::optional<LiveVersion> live;      ///< what is live now; none: the environment is empty
  std::optional<std::chrono::milliseconds> gap;  ///< longest time a host had nobody serving; none when nothing was switched
  std::chrono::milliseconds duration{0};
  std::vector<std::string> reasons;     ///< why it did not succeed; one sentence each. `no_rollback_target` stands alone as a word
  std::vector<std::string> warnings;
  std::vector<std::string> unfinished;  ///< "floating_tags", "git_tag", "retention": done by the next run or resume
  std::vector<GateAnswer> gates;
  std::vector<HostEvidence> evidence;
  std::map<std::string, std::int64_t> stop_ms;  ///< host -> how long its old container took to stop
  std::string actor;
  TimePoint started{}, finished{};
};

/// The fields of the CLI contract, without the enclosing "type". Since: 0.9
[[nodiscard]] std::string to_json(const Deployment& deployment);

}  // namespace deploy
