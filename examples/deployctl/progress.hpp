// Events as people follow them.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "deploy.h"
#include "screen.hpp"

namespace deployctl {

/// Prints a line for what matters; on a terminal it keeps a line per host below them that says what goes on there.
class Progress {
 public:
  Progress(Screen &screen, bool verbose);
  ~Progress();

  /// For deploy_deployer_options.on_event, with the Progress as user_data.
  static void on_event(const deploy_event *event, void *user_data);

 private:
  using Clock = std::chrono::steady_clock;
  struct Host {
    std::string step, detail;
    Clock::time_point since;
  };

  void take(const deploy_event *event);
  void follow(const deploy_event_info &info, const deploy_event *event);
  void print(const deploy_event_info &info, const deploy_event *event, const std::string &after);
  Host &at_work(const std::string &host, const std::string &step);
  void print_probe(const deploy_event_info &info, const deploy_event *event);
  [[nodiscard]] std::string line(const deploy_event_info &info, const std::string &after = "") const;
  [[nodiscard]] std::string took(const deploy_event_info &info);
  void redraw();
  void tick();

  Screen &screen_;
  bool verbose_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;
  std::map<std::string, Host> hosts_;                                  ///< only those that are at work
  std::map<std::string, Clock::time_point> started_;                   ///< host and step -> when
  std::map<std::string, std::string> last_probe_;                      ///< host -> what was printed last
  std::thread ticker_;                                                 ///< elapsed times move without events, too
};

}  // namespace deployctl
