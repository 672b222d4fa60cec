#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "simulation/virtual_clock.hpp"

using namespace deploy;
using namespace std::chrono_literals;
using simulation::VirtualClock;

TEST_CASE("an hour of virtual time passes at once, on both clocks") {
  VirtualClock clock;
  const TimePoint begin = clock.now();
  clock.sleep(1h, {});
  CHECK(clock.elapsed() == 1h);
  CHECK(clock.now() - begin == 1h);
}

TEST_CASE("what is scheduled happens on the way, in order, each at its own moment") {
  VirtualClock clock;
  std::vector<std::pair<int, std::chrono::milliseconds>> seen;
  clock.after(20s, [&] { seen.emplace_back(2, clock.elapsed()); });
  clock.after(10s, [&] {
    seen.emplace_back(1, clock.elapsed());
    clock.after(5s, [&] { seen.emplace_back(3, clock.elapsed()); });
  });
  clock.sleep(12s, {});
  CHECK(seen.size() == 1);
  clock.sleep(10s, {});
  CHECK(seen == decltype(seen){{1, 10s}, {3, 15s}, {2, 20s}});
}

TEST_CASE("a sleeper that is stopped on the way wakes at that moment") {
  VirtualClock clock;
  std::stop_source stop;
  clock.after(3s, [&] { stop.request_stop(); });
  clock.sleep(1h, stop.get_token());
  CHECK(clock.elapsed() == 3s);
}

TEST_CASE("a jump of the wall clock leaves durations alone") {
  VirtualClock clock;
  clock.jump(-2h);
  CHECK(clock.now() == VirtualClock::kStart - 2h);
  CHECK(clock.elapsed() == 0s);
}

TEST_CASE("a background thread is woken at its moments and moves no time itself") {
  VirtualClock clock;
  std::atomic<int> beats{0};
  std::atomic<bool> waits{false};
  std::jthread heartbeat([&](const std::stop_token& stop) {
    for (; !stop.stop_requested(); ++beats) {
      waits = true;
      clock.sleep(20s, stop);
    }
  });
  while (!waits) std::this_thread::yield();
  std::this_thread::sleep_for(20ms);  // it has gone to sleep by now, else the beats below are one short
  CHECK(clock.elapsed() == 0s);
  clock.sleep(65s, {});
  CHECK(clock.elapsed() == 65s);
  CHECK(beats == 3);
}

TEST_CASE("time goes on when every thread only waits") {
  VirtualClock clock;
  std::thread([&] { clock.sleep(5s, {}); }).join();
  CHECK(clock.elapsed() == 5s);
}
