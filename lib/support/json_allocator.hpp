// RapidJSON with an allocator that throws. Its own hands on what malloc gave, and writes through NULL.
#pragma once

#include <rapidjson/allocators.h>

#include <cstdlib>
#include <new>

namespace deploy::json {

/// RapidJSON's concept of an allocator; never gives NULL for something.
class ThrowingAllocator {
 public:
  static const bool kNeedFree = true;

  void* Malloc(std::size_t size) { return size == 0 ? nullptr : checked(std::malloc(size)); }
  void* Realloc(void* block, std::size_t, std::size_t size) {
    if (size > 0) return checked(std::realloc(block, size));
    std::free(block);
    return nullptr;
  }
  static void Free(void* block) { std::free(block); }

 private:
  static void* checked(void* block) {
    if (block == nullptr) throw std::bad_alloc();
    return block;
  }
};

/// Frees all at once: also what an object of RapidJSON leaves behind whose constructor was left by an exception.
using Pool = rapidjson::MemoryPoolAllocator<ThrowingAllocator>;

}  // namespace deploy::json
