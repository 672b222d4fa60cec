// The way from here to a port of a service.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "deploy/call.hpp"
#include "support/stream_carrier.hpp"

namespace deploy::probe {

/// Directly to `address:port`, or by a stream of `carrier` that ends there.
struct Route {
  std::string address;   ///< name or IP address, no brackets
  std::uint16_t port = 0;
  std::string through;   ///< the ssh host's URL; "" when direct
  std::shared_ptr<StreamCarrier> carrier;  ///< null when direct

  /// "127.0.0.1:8080", "[::1]:8080".
  [[nodiscard]] std::string authority() const;
  /// For messages: "127.0.0.1:8080 on ssh://deploy@host".
  [[nodiscard]] std::string name() const;
};

}  // namespace deploy::probe
