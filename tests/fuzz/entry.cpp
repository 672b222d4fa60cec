// The entry point that libFuzzer calls, and the replay when there is no libFuzzer.
#include "target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  deploy::fuzz::try_input({reinterpret_cast<const char*>(data), size});
  return 0;
}
