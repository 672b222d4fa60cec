// Numbers from a seed: the same on every machine and with every standard library.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>

namespace deploy::simulation {

/// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
  }
  /// 0 ... count - 1; `count` is not 0.
  std::size_t below(std::size_t count) { return static_cast<std::size_t>(next() % count); }
  bool chance(unsigned percent) { return below(100) < percent; }
  template <class T>
  const auto& pick(const T& from) { return from[below(std::size(from))]; }

 private:
  std::uint64_t state_;
};

}  // namespace deploy::simulation
