// A source repository with remotes, in memory.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "deploy/error.hpp"
#include "deploy/ports/source.hpp"

namespace deploy::simulation {

/// Thread-safe.
class FakeSource final : public Source {
 public:
  FakeSource();

  [[nodiscard]] std::optional<SourceState> state(const CallLimits& limits) override;
  [[nodiscard]] std::optional<SourceTag> find_tag(const std::string& name, const std::string& remote, const CallLimits& limits) override;
  void tag(const std::string& name, const std::string& commit, const std::string& message, const std::string& remote, const CallLimits& limits) override;

  void commit(const std::string& text);             ///< a new commit; its id is made of `text`
  void set_state(std::optional<SourceState> state); ///< nullopt: the context is in no repository
  /// Somebody makes a tag, here ("") or on a remote.
  void put_tag(const std::string& remote, const SourceTag& tag);
  void refuse_pushes(std::optional<ErrorCode> code);  ///< nullopt: they work again

 private:
  using Tags = std::map<std::string, SourceTag>;
  void add(Tags& tags, const SourceTag& tag) const;

  std::mutex mutex_;
  std::optional<SourceState> state_;
  std::map<std::string, Tags> tags_;  // by remote; "" is local
  std::optional<ErrorCode> refusal_;
};

}  // namespace deploy::simulation
