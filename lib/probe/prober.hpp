// The prober port: asks the real service.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "deploy/ports/fleet.hpp"
#include "deploy/ports/prober.hpp"
#include "support/stream_carrier.hpp"

namespace deploy {

/// Streams to `address:port` as reached from an ssh host.
using CarrierFactory = std::function<std::unique_ptr<StreamCarrier>(const Host& host, std::string address, std::uint16_t port)>;

/// Every try opens a connection of its own: one that is kept alive would say nothing about the listener.
///
/// From a host: a unix:// host is asked at 127.0.0.1 here, an ssh:// host at its own 127.0.0.1 through a stream of
/// `carriers`; where the container's port is published on one address only, at that one. A tcp:// host offers no way in
/// and is asked at its name, as from the controller.
///
/// failure: the service refused, closed, answered wrongly, or took longer than the probe's timeout. unknown: the SSH
/// session, the name look-up or the Engine failed, or the check itself is malformed. `fleet` must outlive the prober. Thread-safe.
[[nodiscard]] std::unique_ptr<Prober> open_prober(Fleet& fleet, CarrierFactory carriers);

}  // namespace deploy
