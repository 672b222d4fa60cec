// Image references: registry/repository[:tag][@digest].
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "deploy/digest.hpp"

namespace deploy {

/// A parsed and normalised image reference. Since: 0.9
/// Source: distribution/reference grammar. Docker Hub names are normalised: `flask` is `docker.io/library/flask`,
/// `index.docker.io/x/y` is `docker.io/x/y`. Limits: name 255 bytes, tag 128.
class ImageReference {
 public:
  /// Throws Error{invalid_argument} that says what is wrong, and where. No tag is invented: `flask` has none.
  [[nodiscard]] static ImageReference parse(std::string_view text);

  [[nodiscard]] const std::string& registry() const noexcept { return registry_; }      ///< host[:port], e.g. docker.io, localhost:5000, [::1]:5000
  [[nodiscard]] const std::string& repository() const noexcept { return repository_; }  ///< path without the registry: library/flask
  [[nodiscard]] const std::optional<std::string>& tag() const noexcept { return tag_; }
  [[nodiscard]] const std::optional<Digest>& digest() const noexcept { return digest_; }

  [[nodiscard]] std::string name() const { return registry_ + "/" + repository_; }  ///< without tag and digest
  [[nodiscard]] std::string str() const;       ///< canonical; parse(str()) gives an equal value
  [[nodiscard]] std::string familiar() const;  ///< as people write it: `flask:3` for docker.io/library/flask:3

  [[nodiscard]] ImageReference with_tag(std::string_view tag) const;  ///< tag set, digest dropped. Throws on a bad tag
  [[nodiscard]] ImageReference with_digest(const Digest& digest) const;  ///< digest set, tag dropped

  bool operator==(const ImageReference&) const = default;

 private:
  std::string registry_, repository_;
  std::optional<std::string> tag_;
  std::optional<Digest> digest_;
};

/// True for `[A-Za-z0-9_][A-Za-z0-9._-]{0,127}`. Since: 0.9
[[nodiscard]] bool is_valid_tag(std::string_view tag) noexcept;

}  // namespace deploy
