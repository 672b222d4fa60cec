// An environment: hosts, container, probe, rollback, strategy and gates.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "deploy/container.hpp"
#include "deploy/health_probe.hpp"
#include "deploy/host.hpp"
#include "deploy/rollback_policy.hpp"

namespace deploy {

enum class StrategyType { recreate, blue_green, canary };
[[nodiscard]] std::string_view to_string(StrategyType type);

/// Since: 0.9
struct Strategy {
  StrategyType type = StrategyType::recreate;
  int max_parallel = 1;  ///< hosts worked on at the same time (the size of a batch)
  bool operator==(const Strategy&) const = default;
};

/// Who must agree before a release goes here. Since: 0.9
struct ApprovalPolicy {
  std::vector<std::string> approvers;
  int required = 1;
  bool allow_requester = false;            ///< whoever created the release or asks for the promotion may approve it
  std::chrono::milliseconds expires{86'400'000};
  std::string allowed_signers;             ///< path of an SSH allowed_signers file; "": signatures are not required
  std::string revoked_keys;                ///< path of a list of public keys that are taken no more; "": there is none
  bool operator==(const ApprovalPolicy&) const = default;
};

/// A weekly window in which nothing is promoted, in the wall time of a zone. Since: 0.9
struct FreezeWindow {
  int from_minute = 0;       ///< minutes since Monday 00:00
  int to_minute = 0;         ///< exclusive; smaller than from_minute wraps over the week's end
  std::string from, to;      ///< as written: "Fri 16:00"
  std::string timezone = "UTC";
  bool operator==(const FreezeWindow&) const = default;
};

/// Minutes since Monday 00:00 of a text such as "Fri 16:00" (English day names, short or long; "24:00" is the day's end).
/// Throws Error{invalid_argument}. Since: 0.9
[[nodiscard]] int parse_week_minute(std::string_view text);

/// Names of applications and environments: a letter or digit, then letters, digits, '_', '.', '-'; 63 at most. Since: 0.9
[[nodiscard]] bool is_valid_name(std::string_view name) noexcept;

/// Since: 0.9
struct Environment {
  std::string name;
  std::string after;                         ///< upstream environment; "" for a first one
  std::chrono::milliseconds soak{0};         ///< how long a release must have been verified upstream
  std::chrono::milliseconds max_age{0};      ///< how old the upstream's verification may be before it is probed again there; 0: any age
  bool stop_the_line = false;                ///< denied while the upstream's last deployment ended held or stranded
  std::vector<Host> hosts;
  ContainerSpec container;
  HealthProbe probe;
  Strategy strategy;
  RollbackPolicy rollback;
  std::optional<ApprovalPolicy> approval;
  std::vector<FreezeWindow> freeze;
  bool allow_downgrade = false;              ///< promoting a version below the live one is otherwise denied
  bool operator==(const Environment&) const = default;
};

}  // namespace deploy
