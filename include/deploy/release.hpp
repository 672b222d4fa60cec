// A release: one immutable artifact.
#pragma once

#include <cstdint>
#include <string>

#include "deploy/digest.hpp"
#include "deploy/image.hpp"
#include "deploy/tag.hpp"
#include "deploy/time.hpp"

namespace deploy {

/// Registered once, never changed. Since: 0.9
struct Release {
  std::string application;
  Version version = Version::parse("0.0.0");
  std::int64_t build = 0;             ///< 0 when something else built it
  ImageReference image = ImageReference::parse("scratch");  ///< name@digest, what is pulled
  Digest digest = Digest::parse("sha256:0000000000000000000000000000000000000000000000000000000000000000");
  std::string commit;                 ///< source commit, "" when unknown; "-dirty" is appended for a dirty tree
  std::string creator;
  TimePoint created{};
  bool rollback_never = false;        ///< marked `rollback: never` (a migrated schema ...): nothing goes back from it by itself

  bool operator==(const Release&) const = default;
};

/// {"application":...,"version":...,"build":N,"image":...,"digest":...,"commit":...,"creator":...,"created":...,
/// "rollback":"allowed" or "never"}. Since: 0.9
[[nodiscard]] std::string to_json(const Release& release);

}  // namespace deploy
