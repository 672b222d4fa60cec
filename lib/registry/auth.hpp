// Logging in to registries: basic authentication, and bearer tokens as Docker Hub gives them.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "deploy/secret.hpp"
#include "http/client.hpp"
#include "registry/challenge.hpp"
#include "support/credentials.hpp"
#include "support/time_budget.hpp"

namespace deploy::registry {

/// What a request needs: one repository of one registry, to read or to write.
struct Access {
  std::string registry;    ///< as in the image reference: "docker.io"
  std::string url;         ///< where that registry is asked: "https://registry-1.docker.io"
  std::string repository;
  bool write = false;
  bool accept_any_certificate = false;  ///< of its token service as well

  [[nodiscard]] std::string scope() const;  ///< "repository:a/b:pull" or "...:pull,push"
};

/// Answers challenges and remembers what it answered with: a token until it expires, a basic login until it is refused.
/// Credentials go to the registry that they are for, and to the token service that it names over HTTPS or on loopback;
/// nowhere else. Thread-safe.
class Authorizer {
 public:
  explicit Authorizer(const CredentialStore* store) : store_(store) {}

  /// The Authorization value that served this access before; empty when there is none or it has expired.
  [[nodiscard]] Secret known(const Access& access);
  /// Answers the 401 of a registry. Throws Error{unauthorized} when there is no login, or the login is refused.
  [[nodiscard]] Secret answer(const Access& access, const http::Response& unauthorized, const TimeBudget& time);
  void forget(const Access& access);

 private:
  struct Entry {
    Secret header;
    std::chrono::steady_clock::time_point expires;
  };

  [[nodiscard]] std::optional<Credential> login(const Access& access, const TimeBudget& time) const;
  [[nodiscard]] Secret basic(const Access& access, const TimeBudget& time);
  [[nodiscard]] Secret bearer(const Access& access, const Challenge& challenge, const TimeBudget& time);
  void remember(const Access& access, const Secret& header, std::chrono::milliseconds lifetime);

  const CredentialStore* store_;
  std::mutex mutex_;
  std::map<std::string, Entry> entries_;
};

}  // namespace deploy::registry
