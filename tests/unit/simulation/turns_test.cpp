#include <doctest/doctest.h>

#include <atomic>
#include <string>
#include <thread>

#include "simulation/turns.hpp"

using namespace deploy::simulation;

namespace {
/// Who was at work, call after call, when three parts make five calls each and the second starts two more.
std::string course(std::uint64_t seed) {
  Turns turns(seed);
  std::atomic<int> at_work{0};
  std::string course;
  const auto call = [&](char who) {
    turns.yield();
    CHECK(++at_work == 1);
    course += who;
    --at_work;
  };
  turns.run(3, [&](std::size_t i) {
    for (int n = 0; n < 5; ++n) call(static_cast<char>('a' + i));
    if (i == 1) turns.run(2, [&](std::size_t j) { for (int n = 0; n < 3; ++n) call(static_cast<char>('x' + j)); });
  });
  return course;
}
}  // namespace

TEST_SUITE("threads") {
TEST_CASE("threads that take turns never run at the same time, and a seed decides on their order") {
  const std::string first = course(1);
  CHECK(first.size() == 21);
  CHECK(course(1) == first);
  CHECK(course(2) != first);
}

TEST_CASE("one part alone runs on the thread that asks") {
  Turns turns(1);
  const auto caller = std::this_thread::get_id();
  turns.run(1, [&](std::size_t) { CHECK(std::this_thread::get_id() == caller); });
  turns.run(0, [&](std::size_t) { FAIL("there is no part"); });
  turns.yield();
}
}
