// What of a context is sent: .dockerignore.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "docker/glob.hpp"

namespace deploy::docker {

/// The rules of one file; the last one that matches a path, or a folder above it, decides.
class DockerIgnore {
 public:
  /// For one path: which rules matched it or a folder above. Handed from a folder to what is in it.
  using Matched = std::vector<bool>;
  struct Verdict {
    bool excluded = false;
    Matched matched;
  };

  /// Nothing is excluded.
  DockerIgnore() = default;
  /// Throws Error{invalid_argument} that names `file` and the line.
  [[nodiscard]] static DockerIgnore parse(std::string_view text, const std::string& file);

  /// `path` is relative, without a leading slash; `parent` is the verdict of the folder that it is in (empty at the top).
  [[nodiscard]] Verdict decide(std::string_view path, const Matched& parent) const;
  /// The same, asked without a walk.
  [[nodiscard]] bool excludes(std::string_view path) const;
  /// True when a `!` rule may bring back something inside the excluded `folder`: then one has to look.
  [[nodiscard]] bool may_include_below(std::string_view folder) const;

 private:
  struct Rule {
    std::string pattern;
    Glob glob;
    bool includes = false;  ///< begins with `!`
  };
  std::vector<Rule> rules_;
};

}  // namespace deploy::docker
