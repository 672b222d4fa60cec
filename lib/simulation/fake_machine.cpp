#include "simulation/fake_machine.hpp"

#include <algorithm>
#include <iterator>

#include "support/hash.hpp"

namespace deploy::simulation {

namespace {
using std::chrono::milliseconds;

constexpr int kCannotStart = 128, kKilled = 137;
constexpr std::size_t kShortId = 12;

bool is_policy(const std::string& policy) {
  return policy == "no" || policy == "always" || policy == "unless-stopped" || policy == "on-failure" || policy.starts_with("on-failure:");
}

FakeContainer make_container(const ContainerRequest& request, const StoredImage& image) {
  FakeContainer container;
  container.app = image.app;
  container.info.name = request.name;
  container.info.image = request.image.str();
  container.info.image_id = image.app.runs_instead ? StoredImage{.digest = *image.app.runs_instead}.id() : image.id();
  container.info.restart_policy = request.spec.restart;
  container.info.labels = image.labels;
  for (const auto& [key, value] : request.labels) container.info.labels[key] = value;
  for (const auto& [name, value] : request.env) container.info.env.push_back(name + "=" + value.reveal());
  container.info.ports = request.spec.ports;
  container.host_network = request.spec.networks == std::vector<std::string>{"host"};
  return container;
}
}  // namespace

void FakeMachine::check_engine() const {
  if (!engine_up()) throw error(ErrorCode::unreachable, "cannot connect to the engine");
}

void FakeMachine::add_image(const ImageReference& reference, const StoredImage& image) {
  const std::lock_guard lock(mutex_);
  const bool is_new = !images_.contains(image.id());
  if (is_new && image.size > free_disk_) throw error(ErrorCode::refused, "failed to register layer: no space left on device");
  if (is_new) free_disk_ -= image.size;
  Image& kept = images_[image.id()];
  kept.stored = image;
  kept.digests.insert(reference.with_digest(image.digest).familiar());
  if (reference.tag()) kept.tags.insert(reference.with_tag(*reference.tag()).familiar());
}

std::optional<ImageInfo> FakeMachine::find_image(const std::string& reference) {
  const std::lock_guard lock(mutex_);
  const Image* image = look_up_image(reference);
  if (!image) return std::nullopt;
  return ImageInfo{image->stored.id(), {image->digests.begin(), image->digests.end()}, {image->tags.begin(), image->tags.end()},
                   image->stored.labels, image->stored.size};
}

std::vector<ImageInfo> FakeMachine::list_images(const ImageReference& repository) {
  const std::lock_guard lock(mutex_);
  settle();
  const std::string name = ImageReference::parse(repository.name()).familiar();
  std::vector<ImageInfo> out;
  for (const auto& [id, image] : images_) {
    ImageInfo info{id, {}, {}, {}, image.stored.size, 0};
    std::copy_if(image.digests.begin(), image.digests.end(), std::back_inserter(info.repo_digests), [&](const std::string& d) { return d.starts_with(name + "@"); });
    std::copy_if(image.tags.begin(), image.tags.end(), std::back_inserter(info.repo_tags), [&](const std::string& t) { return t.starts_with(name + ":"); });
    if (info.repo_digests.empty() && info.repo_tags.empty()) continue;
    info.containers = std::count_if(containers_.begin(), containers_.end(), [&](const auto& entry) { return entry.second.info.image_id == info.id; });
    out.push_back(std::move(info));
  }
  return out;
}

void FakeMachine::remove_image(const std::string& reference) {
  const std::lock_guard lock(mutex_);
  Image* image = look_up_image(reference);
  if (!image) return;
  if (!reference.starts_with("sha256:") && image->digests.size() + image->tags.size() > 1) {  // other names are left: only this one goes
    const std::string name = ImageReference::parse(reference).familiar();
    image->digests.erase(name);
    image->tags.erase(name);
    return;
  }
  for (const auto& [id, container] : containers_)
    if (container.info.image_id == image->stored.id())
      throw error(ErrorCode::conflict, "unable to remove " + reference + ": container " + container.info.name + " is using it");
  free_disk_ += image->stored.size;
  images_.erase(image->stored.id());
}

std::string FakeMachine::create(const ContainerRequest& request) {
  const std::lock_guard lock(mutex_);
  settle();
  const Image* image = look_up_image(request.image.str());
  if (!image) throw error(ErrorCode::not_found, "no such image: " + request.image.str());
  check_name(request.name, "");
  FakeContainer container = make_container(request, image->stored);
  container.serial = ++created_;
  container.info.id = sha256_hex("container " + url_ + " " + std::to_string(created_));
  return containers_.emplace(container.info.id, container).first->first;
}

void FakeMachine::start(const std::string& id) {
  const std::lock_guard lock(mutex_);
  settle();
  FakeContainer& container = get(id);
  if (container.info.running() && !container.stops_at) return;
  if (!container.app.start_error.empty()) refuse_start(container, ErrorCode::refused, container.app.start_error, {});
  if (const auto conflict = port_conflict(container)) refuse_start(container, ErrorCode::conflict, conflict->words, {{"port", std::to_string(conflict->port)}});
  container.info.restart_count = 0;
  container.stopped_by_hand = false;
  begin(container, moment());
}

void FakeMachine::refuse_start(FakeContainer& container, ErrorCode code, const std::string& words, const Error::Details& details) const {
  container.info.exit_code = kCannotStart;
  container.info.error = words;
  Error refusal = error(code, "cannot start container " + container.info.name + ": " + words);
  for (const auto& [key, value] : details) refusal = refusal.with(key, value);
  throw refusal;
}

milliseconds FakeMachine::stop(const std::string& id, milliseconds grace, milliseconds usual) {
  const std::lock_guard lock(mutex_);
  settle();
  FakeContainer& container = get(id);
  const Moment now = moment();
  const bool was_restarting = container.info.status == ContainerStatus::restarting;
  if (was_restarting) end(container, now, container.info.exit_code);
  if (was_restarting || container.info.running()) container.stopped_by_hand = true;
  if (!container.info.running()) return milliseconds{0};
  const milliseconds wanted = container.app.ignores_term ? milliseconds::max() : container.app.stops_in.value_or(usual);
  if (!container.stops_at || now.elapsed + grace < *container.stops_at) {
    container.stops_at = now.elapsed + std::min(wanted, grace);
    container.stop_code = wanted > grace ? kKilled : 0;
  }
  return *container.stops_at - now.elapsed;
}

void FakeMachine::rename(const std::string& id, const std::string& name) {
  const std::lock_guard lock(mutex_);
  settle();
  FakeContainer& container = get(id);
  check_name(name, container.info.id);
  container.info.name = name;
}

void FakeMachine::set_restart_policy(const std::string& id, const std::string& policy) {
  const std::lock_guard lock(mutex_);
  settle();
  if (!is_policy(policy)) throw error(ErrorCode::refused, "invalid restart policy " + policy);
  get(id).info.restart_policy = policy;
}

void FakeMachine::remove(const std::string& id) {
  const std::lock_guard lock(mutex_);
  settle();
  if (const FakeContainer* container = look_up(id)) containers_.erase(std::string(container->info.id));
}

std::optional<FakeContainer> FakeMachine::find(const std::string& id_or_name) {
  const std::lock_guard lock(mutex_);
  settle();
  const FakeContainer* container = look_up(id_or_name);
  return container ? std::optional(*container) : std::nullopt;
}

std::vector<FakeContainer> FakeMachine::containers() {
  const std::lock_guard lock(mutex_);
  settle();
  std::vector<FakeContainer> all;
  for (const auto& [id, container] : containers_) all.push_back(container);
  std::sort(all.begin(), all.end(), [](const FakeContainer& a, const FakeContainer& b) { return a.serial > b.serial; });
  return all;
}

std::optional<FakeContainer> FakeMachine::serving(std::uint16_t port) {
  const std::lock_guard lock(mutex_);
  settle();
  for (const auto& [id, container] : containers_)
    if (container.info.running() && container.publishes(port)) return container;
  return std::nullopt;
}

bool FakeMachine::is_occupied(std::uint16_t port) const {
  const std::lock_guard lock(mutex_);
  return occupied_.contains(port);
}

Moment FakeMachine::moment() const { return {clock_.now(), clock_.elapsed()}; }

/// By name, id, or a beginning of the id of twelve or more digits.
FakeContainer* FakeMachine::look_up(const std::string& id_or_name) {
  for (auto& [id, container] : containers_)
    if (id == id_or_name || container.info.name == id_or_name || (id_or_name.size() >= kShortId && id.starts_with(id_or_name))) return &container;
  return nullptr;
}

FakeContainer& FakeMachine::get(const std::string& id) {
  if (FakeContainer* container = look_up(id)) return *container;
  throw error(ErrorCode::not_found, "no such container: " + id);
}

FakeMachine::Image* FakeMachine::look_up_image(const std::string& reference) {
  if (const auto by_id = images_.find(reference); by_id != images_.end()) return &by_id->second;
  if (reference.starts_with("sha256:")) return nullptr;
  const std::string name = ImageReference::parse(reference).familiar();
  for (auto& [id, image] : images_)
    if (image.digests.contains(name) || image.tags.contains(name)) return &image;
  return nullptr;
}

void FakeMachine::check_name(const std::string& name, const std::string& own_id) const {
  for (const auto& [id, container] : containers_)
    if (container.info.name == name && id != own_id)
      throw error(ErrorCode::already_exists, "the container name " + name + " is in use by container " + id.substr(0, kShortId));
}

Error FakeMachine::error(ErrorCode code, const std::string& message) const { return {code, "engine", url_ + ": " + message, {{"host", url_}}}; }

}  // namespace deploy::simulation
