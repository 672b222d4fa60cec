// What happens, as it happens.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "deploy/time.hpp"

namespace deploy {

/// Since: 0.9
enum class EventKind {
  warning,               ///< something a person should know; changes nothing (tag_moved, context carries .git, stop timeout hit ...)
  build_started, build_output, build_finished, image_pushed, release_registered,
  gate_answered,         ///< one per gate; details `gate`, `allowed`, `reason`
  deployment_started, step_started, step_progress, step_finished, step_failed, step_undone,
  probe_tried,           ///< details `answer`, `detail`
  baking, verified, quarantined,
  approval_recorded,
  deployment_finished,   ///< details `outcome`; one for every deployment, whatever its end
};
[[nodiscard]] std::string_view to_string(EventKind kind);

/// Since: 0.9
struct Event {
  EventKind kind = EventKind::warning;
  TimePoint time{};
  std::string environment, deployment, host, step;  ///< "" where it does not apply
  std::string message;                              ///< one line for people
  std::map<std::string, std::string> details;       ///< for machines; `current`, `total` (bytes) on step_progress
};

/// Called from threads of the library, one call at a time. It must not call back into the same deployer. An exception it
/// throws cancels the running call and comes out of it. Since: 0.9
using EventSink = std::function<void(const Event&)>;

/// The event as one JSON object: {"type":"event","event":"step_started","time":...}. Since: 0.9
[[nodiscard]] std::string to_json(const Event& event);

}  // namespace deploy
