// The system's time zones, by their IANA names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace deploy {

/// `UTC` exists always. Throws Error{unsupported} when the system's zones cannot be read.
[[nodiscard]] bool time_zone_exists(std::string_view name);
[[nodiscard]] std::vector<std::string> time_zone_names();

}  // namespace deploy
