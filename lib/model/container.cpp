#include "deploy/container.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "deploy/error.hpp"
#include "model/text.hpp"

namespace deploy {

namespace {
constexpr std::size_t kLongestContainerName = 200;

struct MemoryUnit {
  std::string_view name;
  int shift;
};
constexpr std::array<MemoryUnit, 6> kMemoryUnits{{{"", 0}, {"b", 0}, {"k", 10}, {"m", 20}, {"g", 30}, {"t", 40}}};

[[noreturn]] void bad_memory(std::string_view text, std::string_view why) {
  throw Error(ErrorCode::invalid_argument, "container",
              text::quoted(text) + " is not an amount of memory: " + std::string(why) + " (expected for example \"512k\", \"256m\", \"1g\" or bytes)");
}
}  // namespace

bool is_valid_container_name(std::string_view name) noexcept {
  return !name.empty() && name.size() <= kLongestContainerName && text::is_alnum(name.front()) &&
         text::all_of(name, [](char c) { return text::is_alnum(c) || c == '_' || c == '.' || c == '-'; });
}

std::int64_t parse_memory(std::string_view text) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0) bad_memory(text, "it does not begin with a number");
  const std::string unit = text::lower(text.substr(digits));
  for (const MemoryUnit& known : kMemoryUnits) {
    if (unit != known.name) continue;
    const auto number = text::number(text.substr(0, digits));
    if (!number || *number > (static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) >> known.shift)) bad_memory(text, "it is too large");
    return static_cast<std::int64_t>(*number << known.shift);
  }
  bad_memory(text, "the unit " + text::quoted(text.substr(digits)) + " is not one of b, k, m, g, t");
}

}  // namespace deploy
