// What happens when a deployment fails.
#pragma once

#include <chrono>
#include <string_view>

namespace deploy {

/// What an *unknown* verdict leads to. Since: 0.9
enum class OnUnknown {
  hold,      ///< leave things as they are; a person decides
  rollback,  ///< treat it as unhealthy
};
[[nodiscard]] std::string_view to_string(OnUnknown action);

/// Since: 0.9
struct RollbackPolicy {
  bool automatic = true;                     ///< false: outcome `held` instead of going back
  OnUnknown on_unknown = OnUnknown::hold;
  std::chrono::milliseconds bake{30'000};    ///< probing goes on this long after the last host is healthy
  int keep = 5;                              ///< verified earlier versions whose containers are retained
  bool operator==(const RollbackPolicy&) const = default;
};

}  // namespace deploy
