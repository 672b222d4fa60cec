#include "support/time_zone.hpp"

#include <date/tz.h>

#include <algorithm>
#include <stdexcept>

#include "deploy/error.hpp"

namespace deploy {

std::vector<std::string> time_zone_names() {
  try {
    std::vector<std::string> out;
    for (const date::time_zone& zone : date::get_tzdb().zones) out.push_back(zone.name());
    return out;
  } catch (const std::runtime_error& error) {
    throw Error(ErrorCode::unsupported, "time",
                std::string("the system's time zones cannot be read: ") + error.what() + " (is the package tzdata installed?); only \"UTC\" can be used");
  }
}

bool time_zone_exists(std::string_view name) {
  if (name == "UTC") return true;
  const std::vector<std::string> names = time_zone_names();
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace deploy
