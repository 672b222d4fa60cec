// Port: the source repository.
#pragma once

#include <optional>
#include <string>

#include "deploy/call.hpp"

namespace deploy {

struct SourceState {
  std::string commit;      ///< 40 or 64 hex
  bool dirty = false;      ///< tracked or untracked (not ignored) changes in the context
  std::string origin;      ///< URL of the remote, without credentials; ""
};

struct SourceTag {
  std::string name;
  std::string commit;      ///< the commit it (peeled) points at
  bool annotated = false;
};

/// Since: 0.9
class Source {
 public:
  virtual ~Source() = default;
  /// nullopt when the context is not in a repository.
  [[nodiscard]] virtual std::optional<SourceState> state(const CallLimits& limits) = 0;
  /// Exact name, never a pattern. Locally when `remote` is "", else what the remote says.
  [[nodiscard]] virtual std::optional<SourceTag> find_tag(const std::string& name, const std::string& remote, const CallLimits& limits) = 0;
  /// Makes the annotated tag and pushes it when `remote` is not "". Already there at this commit: nothing happens.
  /// Elsewhere: Error{tag_moved} with both commits.
  virtual void tag(const std::string& name, const std::string& commit, const std::string& message, const std::string& remote, const CallLimits& limits) = 0;
};

}  // namespace deploy
