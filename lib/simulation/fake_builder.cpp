#include "simulation/fake_builder.hpp"

#include <utility>

#include "deploy/error.hpp"
#include "support/hash.hpp"

namespace deploy::simulation {

namespace {
constexpr std::chrono::milliseconds kBuildTime{5'000}, kPushTime{2'000};
}  // namespace

std::vector<std::string> FakeBuilder::lint(const BuildRequest&) {
  const std::lock_guard lock(mutex_);
  return warnings_;
}

std::string FakeBuilder::build(const BuildRequest& request, const std::function<void(std::string_view)>& output, const CallLimits& limits) {
  clock_.sleep(kBuildTime, limits.stop);
  if (limits.stop.stop_requested()) throw Error(ErrorCode::cancelled, "engine", "the build was cancelled");
  if (output) output("Step 1/1 : FROM scratch");
  const std::lock_guard lock(mutex_);
  if (failure_) throw Error(ErrorCode::refused, "engine", "the build failed: " + *std::exchange(failure_, std::nullopt));
  StoredImage image;
  image.digest = Digest::parse("sha256:" + sha256_hex("build " + std::to_string(++builds_)));
  image.labels = request.labels;
  if (!next_.empty()) {
    image.app = next_.front();
    next_.pop_front();
  }
  images_.insert_or_assign(image.id(), image);
  return image.id();
}

void FakeBuilder::tag(const std::string& image_id, const ImageReference& reference, const CallLimits&) {
  const std::lock_guard lock(mutex_);
  if (!images_.contains(image_id)) throw Error(ErrorCode::not_found, "engine", "no such image: " + image_id);
  tagged_[reference.str()] = image_id;
}

Digest FakeBuilder::push(const ImageReference& reference, const std::function<void(std::string_view)>& output, const CallLimits& limits) {
  clock_.sleep(kPushTime, limits.stop);
  if (limits.stop.stop_requested()) throw Error(ErrorCode::cancelled, "engine", "the push was cancelled");
  if (output) output("Pushed");
  const std::lock_guard lock(mutex_);
  const auto id = tagged_.find(reference.str());
  if (id == tagged_.end()) throw Error(ErrorCode::not_found, "engine", "no image is tagged " + reference.str());
  const StoredImage& image = images_.at(id->second);
  registry_.push(reference.name(), reference.tag().value_or(""), image);
  return image.digest;
}

void FakeBuilder::next(const AppBehaviour& app) {
  const std::lock_guard lock(mutex_);
  next_.push_back(app);
}

void FakeBuilder::fail_next(const std::string& words) {
  const std::lock_guard lock(mutex_);
  failure_ = words;
}

void FakeBuilder::warn(const std::string& words) {
  const std::lock_guard lock(mutex_);
  warnings_.push_back(words);
}

}  // namespace deploy::simulation
