// Asking a token service (the `realm` of a Bearer challenge) for a token.
#pragma once

#include <optional>
#include <string>

#include "registry/answers.hpp"
#include "support/credentials.hpp"
#include "support/time_budget.hpp"

namespace deploy::registry {

struct TokenQuestion {
  std::string realm;     ///< absolute URL; the caller has checked that it may be told the login
  std::string service;
  std::string scope;
  std::string registry;  ///< for messages
  bool verify_tls = true;
};

/// The request for it: GET with a basic login (or none), POST of the OAuth2 refresh grant for an identity token. Pure.
[[nodiscard]] http::Request token_request(const TokenQuestion& question, const std::optional<Credential>& login);

/// Throws Error{unauthorized} when the service refuses the login, {protocol} when its answer makes no sense.
[[nodiscard]] Token fetch_token(const TokenQuestion& question, const std::optional<Credential>& login, const TimeBudget& time);

}  // namespace deploy::registry
