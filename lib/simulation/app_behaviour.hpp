// How the application in an image behaves once a container runs it.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "deploy/digest.hpp"

namespace deploy::simulation {

/// All times count from the container's start. The default is a good application that is healthy at once.
struct AppBehaviour {
  using Milliseconds = std::chrono::milliseconds;

  Milliseconds listens_after{0};                 ///< connections are refused before
  Milliseconds healthy_after{0};                 ///< answers 503 before
  std::optional<Milliseconds> unhealthy_after{}; ///< answers 503 from then on
  int status = 200;
  std::string body = "ok";
  Milliseconds latency{3};
  bool hangs = false;                            ///< takes connections and never answers

  std::optional<Milliseconds> crash_after{};
  int exit_code = 1;                             ///< of the crash
  bool oom_killed = false;                       ///< the crash is the kernel's doing
  std::vector<std::string> requires_env{};       ///< exits with 78 at once when one of them is missing
  std::string start_error{};                     ///< the engine cannot start it, in these words
  bool ignores_term = false;                     ///< a stop takes the whole grace, and kills
  std::optional<Milliseconds> stops_in{};        ///< else the engine's usual time

  bool has_healthcheck = false;                  ///< the image has a HEALTHCHECK
  std::vector<std::string> output = {"listening"};  ///< printed at its start
  std::optional<Digest> runs_instead{};          ///< the engine runs this image though another was asked for

  static AppBehaviour unhealthy(int status_code = 503) { return with([&](AppBehaviour& app) { app.status = status_code; app.body = "broken"; }); }
  static AppBehaviour slow(Milliseconds until_healthy) { return with([&](AppBehaviour& app) { app.healthy_after = until_healthy; }); }
  static AppBehaviour crashing(Milliseconds after, int code = 1) { return with([&](AppBehaviour& app) { app.crash_after = after; app.exit_code = code; }); }
  static AppBehaviour hanging() { return with([](AppBehaviour& app) { app.hangs = true; }); }
  static AppBehaviour failing_after(Milliseconds after) { return with([&](AppBehaviour& app) { app.unhealthy_after = after; }); }

 private:
  template <class F>
  static AppBehaviour with(F change);
};

template <class F>
AppBehaviour AppBehaviour::with(F change) {
  AppBehaviour app;
  change(app);
  return app;
}

}  // namespace deploy::simulation
