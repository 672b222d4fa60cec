// Finding and making one tag, here and at a remote.
#pragma once

#include <optional>
#include <string>

#include "deploy/ports/source.hpp"
#include "git/program.hpp"

namespace deploy::git {

class Tagging {
 public:
  /// Throws Error{invalid_argument} when `name` cannot be a tag, or `remote` cannot be one or carries a password.
  Tagging(const Program& git, std::string name, std::string remote, TimeBudget time);

  [[nodiscard]] std::optional<SourceTag> find() const { return remote_.empty() ? find_here() : find_there(); }
  void make(const std::string& commit, const std::string& message) const;

 private:
  void check_name() const;
  void check_remote() const;
  [[nodiscard]] std::optional<SourceTag> find_here() const;
  [[nodiscard]] std::optional<SourceTag> find_there() const;
  [[nodiscard]] std::string full_commit(const std::string& commit) const;
  /// True when the tag is there already. Throws Error{tag_moved} when it is elsewhere.
  [[nodiscard]] bool settled(const std::optional<SourceTag>& existing, const std::string& commit, const std::string& where) const;
  void make_here(const std::string& commit, const std::string& message) const;
  void push(const std::string& commit) const;
  [[nodiscard]] std::vector<std::string> identity() const;
  [[nodiscard]] std::vector<std::string> transport() const;
  [[nodiscard]] std::string ref() const { return "refs/tags/" + name_; }

  const Program& git_;
  std::string name_, remote_;
  TimeBudget time_;
};

}  // namespace deploy::git
