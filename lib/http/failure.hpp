// What libcurl's codes mean for the caller: was anything sent, and whose fault was it?
#pragma once

#include <curl/curl.h>

#include <string>

#include "deploy/error.hpp"
#include "http/client.hpp"

namespace deploy::http {

/// Where a transfer stood when it ended.
struct Ending {
  bool sent = false;       ///< any byte of the request left for the peer
  std::string text;        ///< libcurl's own words
  std::string diagnosis;   ///< the carrier's words
};

/// "GET /v1.41/info at ssh://deploy@host". Without the query, which may hold secrets.
[[nodiscard]] std::string describe(const Request& request, const Endpoint& endpoint);

[[nodiscard]] Error transfer_error(CURLcode code, const Ending& ending, const Request& request, const Endpoint& endpoint);
[[nodiscard]] Error timeout_error(const std::string& what, const Ending& ending, const Request& request, const Endpoint& endpoint);
[[nodiscard]] Error cancelled_error(const Ending& ending, const Request& request, const Endpoint& endpoint);
/// `what`: "the answer is", "the answer's headers are".
[[nodiscard]] Error too_large_error(const std::string& what, std::size_t limit, const Request& request, const Endpoint& endpoint);

}  // namespace deploy::http
