// Sending with patience: rate limits are waited out, passing faults of a server are asked again about.
#pragma once

#include <string>

#include "http/client.hpp"
#include "support/time_budget.hpp"

namespace deploy::registry {

/// 429 (and 503 with Retry-After) is waited for as long as the registry says and the time allows; it was not acted upon,
/// so any method may be sent again. Other 5xx and a lost connection are tried again for GET and HEAD only, a few times.
/// What remains after that is an Error{refused} for 429 and 5xx; every other answer is returned.
[[nodiscard]] http::Response send_patiently(http::Client& client, const http::Request& request, const TimeBudget& time,
                                            const std::string& registry);

}  // namespace deploy::registry
