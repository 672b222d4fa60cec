// Port: an image registry (distribution API v2).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "deploy/call.hpp"
#include "deploy/digest.hpp"
#include "deploy/image.hpp"

namespace deploy {

/// A part of an image as it travels: compressed.
struct ManifestLayer {
  std::string digest;
  std::int64_t size = 0;
};

struct Manifest {
  Digest digest;
  std::string media_type;
  std::int64_t size = 0;               ///< of the manifest itself
  std::vector<ManifestLayer> layers{};  ///< empty for an index of several platforms
};

/// What adding a tag does when the tag already names another digest. Since: 0.9
enum class TagMove {
  refuse,  ///< version and build tags: Error{tag_moved} with both digests; nothing is written
  allow,   ///< floating tags
};

/// Since: 0.9
class Registry {
 public:
  virtual ~Registry() = default;

  /// Tag or digest to manifest; nullopt when the registry has none. The manifest's bytes are hashed and compared with the
  /// digest that the registry claims: a mismatch is Error{protocol}.
  [[nodiscard]] virtual std::optional<Manifest> find(const ImageReference& reference, const CallLimits& limits) = 0;
  /// Makes `name:tag` name `digest` by putting the same manifest bytes again; uploads no layer. Already so: nothing happens.
  virtual void tag(const ImageReference& digest_reference, const std::string& tag, TagMove move, const CallLimits& limits) = 0;
};

}  // namespace deploy
