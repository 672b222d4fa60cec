// One host in memory: its engine's containers and images, its ports and its disk.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "deploy/error.hpp"
#include "deploy/ports/engine.hpp"
#include "simulation/fake_container.hpp"
#include "simulation/fake_registry.hpp"
#include "simulation/virtual_clock.hpp"

namespace deploy::simulation {

/// Acts take effect at this very moment of the clock; how long they last is FakeEngine's business. What applications do
/// by themselves (crash, restart) has happened by the time anybody looks. Throws Error as an engine's adapter does.
/// Thread-safe.
class FakeMachine {
 public:
  FakeMachine(std::string url, VirtualClock& clock) : url_(std::move(url)), clock_(clock) {}

  [[nodiscard]] const std::string& url() const noexcept { return url_; }

  // What the engine is asked to do.
  void check_engine() const;  ///< throws {unreachable} while it is down
  void add_image(const ImageReference& reference, const StoredImage& image);
  [[nodiscard]] std::optional<ImageInfo> find_image(const std::string& reference);
  [[nodiscard]] std::vector<ImageInfo> list_images(const ImageReference& repository);
  void remove_image(const std::string& reference);
  std::string create(const ContainerRequest& request);
  void start(const std::string& id);
  /// Signals; the container ends after the returned time.
  std::chrono::milliseconds stop(const std::string& id, std::chrono::milliseconds grace, std::chrono::milliseconds usual);
  void rename(const std::string& id, const std::string& name);
  void set_restart_policy(const std::string& id, const std::string& policy);
  void remove(const std::string& id);
  [[nodiscard]] std::optional<FakeContainer> find(const std::string& id_or_name);
  [[nodiscard]] std::vector<FakeContainer> containers();  ///< newest first

  /// Who answers at this port: a container that runs and publishes it.
  [[nodiscard]] std::optional<FakeContainer> serving(std::uint16_t port);
  [[nodiscard]] bool is_occupied(std::uint16_t port) const;
  [[nodiscard]] Moment moment() const;

  // What happens to the host.
  void occupy(std::uint16_t port);  ///< some other program listens there
  void vacate(std::uint16_t port);
  void set_free_disk(std::int64_t bytes);
  [[nodiscard]] std::int64_t free_disk() const;
  void stop_engine();     ///< its containers end with it
  void start_engine();    ///< containers come back as their restart policies say, the oldest first
  void restart_engine() { stop_engine(); start_engine(); }
  void reboot(std::chrono::milliseconds down_for);
  [[nodiscard]] bool engine_up() const;

 private:
  struct Image {
    StoredImage stored;
    std::set<std::string> digests, tags;  ///< name@digest, name:tag, as people write them
  };

  struct PortConflict {
    std::uint32_t port;
    std::string words;
  };

  void settle();
  void restart(FakeContainer& container, const Moment& at);
  [[nodiscard]] std::optional<PortConflict> port_conflict(const FakeContainer& container) const;
  [[nodiscard]] bool holds_overlapping_port(const FakeContainer& apart_from, const PortBinding& wanted) const;
  [[noreturn]] void refuse_start(FakeContainer& container, ErrorCode code, const std::string& words, const Error::Details& details) const;
  [[nodiscard]] FakeContainer* look_up(const std::string& id_or_name);
  [[nodiscard]] FakeContainer& get(const std::string& id);
  [[nodiscard]] Image* look_up_image(const std::string& reference);
  void check_name(const std::string& name, const std::string& own_id) const;
  [[nodiscard]] Error error(ErrorCode code, const std::string& message) const;

  std::string url_;
  VirtualClock& clock_;
  mutable std::mutex mutex_;
  std::map<std::string, FakeContainer> containers_;  // by id
  std::map<std::string, Image> images_;              // by id
  std::set<std::uint16_t> occupied_;
  std::int64_t free_disk_ = 50'000'000'000, created_ = 0;
  bool engine_up_ = true;
};

}  // namespace deploy::simulation
