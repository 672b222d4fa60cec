// One try of a TCP port.
#pragma once

#include "probe/finding.hpp"
#include "probe/route.hpp"

namespace deploy::probe {

/// A connection that is accepted and stays. One that is closed at once without a byte is a failure: Docker's proxy
/// accepts for a published port behind which nobody listens, and closes when it finds out.
/// Throws deploy::Error for what kept it from an answer.
[[nodiscard]] Finding try_tcp(const Route& route, const CallLimits& limits);

}  // namespace deploy::probe
