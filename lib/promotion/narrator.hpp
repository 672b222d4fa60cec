// Tells the world what happens: one event at a time, to one sink.
#pragma once

#include <exception>
#include <map>
#include <mutex>
#include <stop_token>
#include <string>

#include "deploy/event.hpp"
#include "deploy/ports/clock.hpp"

namespace deploy {

/// Where an event belongs. Empty where it does not apply.
struct Where {
  std::string environment, deployment, host, step;
};

/// Thread-safe; serialises the sink. A sink that throws stops the running call: its exception is kept for rethrow().
class Narrator {
 public:
  using Details = std::map<std::string, std::string>;

  Narrator(EventSink sink, Clock& clock, std::stop_source& stop) : sink_(std::move(sink)), clock_(clock), stop_(stop) {}

  void say(EventKind kind, const Where& where, std::string message, Details details = {});
  void warn(const Where& where, std::string message) { say(EventKind::warning, where, std::move(message)); }
  /// Throws what the sink threw, once.
  void rethrow();

 private:
  EventSink sink_;
  Clock& clock_;
  std::stop_source& stop_;
  std::mutex mutex_;
  std::exception_ptr thrown_;
};

}  // namespace deploy
