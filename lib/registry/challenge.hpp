// What a 401 asks for: the WWW-Authenticate header (RFC 9110 section 11.6.1), as far as registries use it. Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace deploy::registry {

/// One challenge: `Bearer realm="https://...",service="...",scope="..."`.
struct Challenge {
  std::string scheme;                         ///< lower case
  std::map<std::string, std::string> params;  ///< names in lower case, values unquoted

  [[nodiscard]] std::string param(const std::string& name) const;  ///< "" when absent
  bool operator==(const Challenge&) const = default;
};

/// All challenges of one header value. Malformed parts are passed over, never an error: the caller looks for a scheme
/// that it knows.
[[nodiscard]] std::vector<Challenge> parse_challenges(std::string_view header);

}  // namespace deploy::registry
