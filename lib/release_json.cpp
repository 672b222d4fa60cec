#include "deploy/release.hpp"
#include "support/json.hpp"

namespace deploy {

std::string to_json(const Release& release) {
  return json::Object()
      .add("application", release.application)
      .add("version", release.version.str())
      .add("build", release.build)
      .add("image", release.image.str())
      .add("digest", release.digest.str())
      .add("commit", release.commit)
      .add("creator", release.creator)
      .add("created", to_rfc3339(release.created))
      .str();
}

}  // namespace deploy
