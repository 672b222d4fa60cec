// One try over HTTP.
#pragma once

#include "deploy/health_probe.hpp"
#include "http/client.hpp"
#include "probe/finding.hpp"
#include "probe/route.hpp"

namespace deploy::probe {

/// Where the request goes. With TLS and a `Host` header the certificate must be that name's. Pure.
[[nodiscard]] http::Endpoint http_endpoint(const HttpCheck& check, const Route& route);

/// Throws deploy::Error for what kept it from an answer.
[[nodiscard]] Finding try_http(const HttpCheck& check, const Route& route, const CallLimits& limits);

}  // namespace deploy::probe
