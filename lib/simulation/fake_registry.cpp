#include "simulation/fake_registry.hpp"

#include "support/hash.hpp"

namespace deploy::simulation {

std::string StoredImage::id() const { return "sha256:" + sha256_hex("configuration of " + digest.str()); }

std::optional<Manifest> FakeRegistry::find(const ImageReference& reference, const CallLimits&) {
  const std::lock_guard lock(mutex_);
  check_up();
  const StoredImage* image = look_up(reference);
  if (!image) return std::nullopt;
  return Manifest{image->digest, "application/vnd.docker.distribution.manifest.v2+json", 1'000, {{image->id(), image->size}}};
}

void FakeRegistry::tag(const ImageReference& digest_reference, const std::string& tag, TagMove move, const CallLimits&) {
  const std::lock_guard lock(mutex_);
  check_up();
  const StoredImage* image = digest_reference.digest() ? look_up(digest_reference) : nullptr;
  if (!image) throw Error(ErrorCode::not_found, "registry", "no manifest " + digest_reference.str());
  auto& tags = repositories_[digest_reference.name()].tags;
  const auto [found, added] = tags.emplace(tag, image->digest);
  if (added || found->second == image->digest) return;
  if (move == TagMove::refuse) {
    const ImageReference tagged = digest_reference.with_tag(tag);
    throw Error(ErrorCode::tag_moved, "registry",
                tagged.familiar() + " names " + found->second.str() + " already, and was to name " + image->digest.str() + "; nothing was written",
                {{"registry", tagged.registry()}, {"reference", tagged.str()}, {"existing", found->second.str()}, {"wanted", image->digest.str()}});
  }
  found->second = image->digest;
}

Digest FakeRegistry::publish(const ImageReference& tagged, const AppBehaviour& app) {
  StoredImage image;
  {
    const std::lock_guard lock(mutex_);
    image.digest = Digest::parse("sha256:" + sha256_hex("published " + tagged.str() + " " + std::to_string(uploads_)));
  }
  image.app = app;
  push(tagged.name(), tagged.tag().value_or(""), image);
  return image.digest;
}

void FakeRegistry::push(const std::string& name, const std::string& tag, const StoredImage& image) {
  const std::lock_guard lock(mutex_);
  check_up();
  ++uploads_;
  Repository& repository = repositories_[name];
  repository.images.insert_or_assign(image.digest, image);
  if (!tag.empty()) repository.tags.insert_or_assign(tag, image.digest);
}

void FakeRegistry::point(const std::string& name, const std::string& tag, const Digest& digest) {
  const std::lock_guard lock(mutex_);
  repositories_[name].tags.insert_or_assign(tag, digest);
}

void FakeRegistry::erase(const Digest& digest) {
  const std::lock_guard lock(mutex_);
  for (auto& [name, repository] : repositories_) {
    repository.images.erase(digest);
    std::erase_if(repository.tags, [&](const auto& tag) { return tag.second == digest; });
  }
}

void FakeRegistry::fail_with(ErrorCode code) {
  const std::lock_guard lock(mutex_);
  outage_ = code;
}

void FakeRegistry::mend() {
  const std::lock_guard lock(mutex_);
  outage_.reset();
}

StoredImage FakeRegistry::fetch(const ImageReference& reference) {
  const std::lock_guard lock(mutex_);
  check_up();
  if (const StoredImage* image = look_up(reference)) return *image;
  throw Error(ErrorCode::not_found, "registry", "manifest for " + reference.str() + " not found");
}

std::map<std::string, Digest> FakeRegistry::tags(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto repository = repositories_.find(name);
  return repository == repositories_.end() ? std::map<std::string, Digest>{} : repository->second.tags;
}

std::int64_t FakeRegistry::uploads() const {
  const std::lock_guard lock(mutex_);
  return uploads_;
}

void FakeRegistry::check_up() const {
  if (outage_) throw Error(*outage_, "registry", "the registry answers nobody: " + std::string(to_string(*outage_)));
}

const StoredImage* FakeRegistry::look_up(const ImageReference& reference) const {
  if (!reference.digest() && !reference.tag())
    throw Error(ErrorCode::invalid_argument, "registry", reference.str() + " has neither tag nor digest");
  const auto repository = repositories_.find(reference.name());
  if (repository == repositories_.end()) return nullptr;
  const auto& [images, tags] = repository->second;
  const auto tag = reference.digest() ? tags.end() : tags.find(*reference.tag());
  if (!reference.digest() && tag == tags.end()) return nullptr;
  const auto image = images.find(reference.digest() ? *reference.digest() : tag->second);
  return image == images.end() ? nullptr : &image->second;
}

}  // namespace deploy::simulation
