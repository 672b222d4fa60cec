// One container's life, as a function of time.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "deploy/ports/engine.hpp"
#include "simulation/app_behaviour.hpp"

namespace deploy::simulation {

/// A moment of virtual time, on both clocks.
struct Moment {
  TimePoint wall{};
  std::chrono::milliseconds elapsed{0};
  /// The wall clock's reading at another moment, as seen from this one.
  [[nodiscard]] Moment at(std::chrono::milliseconds other) const { return {wall + (other - elapsed), other}; }
};

struct FakeContainer {
  ContainerInfo info;
  AppBehaviour app;
  std::vector<std::string> log;
  std::int64_t serial = 0;                 ///< order of creation
  bool host_network = false;
  bool started_before = false;
  bool stopped_by_hand = false;            ///< as HasBeenManuallyStopped: `unless-stopped` stays down after that
  std::chrono::milliseconds started_at{0};
  std::optional<std::chrono::milliseconds> stops_at;     ///< a stop is under way
  int stop_code = 0;
  std::optional<std::chrono::milliseconds> restarts_at;  ///< its restart policy will start it then

  [[nodiscard]] bool publishes(std::uint16_t port) const;
};

/// What the application answers to one connection.
struct AppReply {
  enum class Kind { refused, hangs, answered };
  Kind kind = Kind::refused;
  int status = 0;
  std::string body;
};

void begin(FakeContainer& container, const Moment& moment);
void end(FakeContainer& container, const Moment& moment, int exit_code);
/// When it ends by itself or by the stop under way; nullopt when it does not.
[[nodiscard]] std::optional<std::chrono::milliseconds> ends_at(const FakeContainer& container);
/// Ends it as ends_at() says, and plans the restart that its policy wants.
void end_by_itself(FakeContainer& container, const Moment& moment);
/// Whether its policy brings it back when the engine starts.
[[nodiscard]] bool comes_back(const FakeContainer& container);

[[nodiscard]] AppReply reply(const FakeContainer& container, const Moment& moment);
/// The state of its HEALTHCHECK.
[[nodiscard]] EngineHealth health(const FakeContainer& container, const Moment& moment);

}  // namespace deploy::simulation
